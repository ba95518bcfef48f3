/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.cameliot.azure.dps.advice;

import java.util.Arrays;
import java.util.Optional;

/**
 * The meaning of the service's error answers and the advice on each. Microsoft publishes no list of the codes; these
 * are the codes that its SDKs, tests and documents name.
 */
public enum RefusalAdvice {
    UNAUTHORIZED(
            401000,
            "the SAS token was not accepted",
            "Check that option sharedAccessKey or sasToken is of this very enrollment (a group's key belongs in"
                    + " groupSharedAccessKey, with authentication=groupKey), that the ID scope and the registration id are spelt as enrolled, and that this machine's clock is right."),
    INVALID_CERTIFICATE(
            401002,
            "the certificate does not fit the enrollment",
            "Present the enrolled leaf certificate, for a group with its intermediates up to the enrolled one, and"
                    + " check that its common name is the registration id."),
    NOT_ENROLLED(
            404201,
            "no enrollment has this registration id",
            "Enroll the device, and check that the ID scope and the registration id are spelt as enrolled."),
    CUSTOM_ALLOCATION_FAILED(
            400207,
            "the custom allocation function answered with an error",
            "Look into the function's log; it gets the message body as payload."),
    NO_HUB(400208, "no IoT hub can take the device", "Link an IoT hub to the service and allow it in the enrollment."),
    HUB_UNAUTHORIZED(
            400209,
            "the IoT hub refused the service",
            "Renew the access policy with which the hub is linked to the service."),
    REFUSED(
            400,
            "the request was refused",
            "Check the options, and the message body: it is sent as payload, which should be a JSON object."),
    NOT_AUTHORIZED(401, "the device was not authorised", "Check the credentials of the chosen authentication."),
    NOT_FOUND(
            404,
            "the service knows no such enrollment or operation",
            "Check the ID scope and the registration id, then register again."),
    CONFLICT(409, "another registration of the device is under way", "Register again a little later."),
    THROTTLED(
            429,
            "the service takes no more requests for the moment",
            "Lower maxConcurrentRegistrations or set registrationsPerMinute; the quota is 1,000 a minute a service."),
    SERVICE_TROUBLE(500, "the service had an internal error", "Try again later.");

    private static final int EXTENDED = 1000;

    private final int code;
    private final String meaning;
    private final String whatToDo;

    RefusalAdvice(int code, String meaning, String whatToDo) {
        this.code = code;
        this.meaning = meaning;
        this.whatToDo = whatToDo;
    }

    /** Returns the extended code of six digits or the status of three digits; 500 stands for every status from 500. */
    public int code() {
        return code;
    }

    /** Returns the meaning of the code. */
    public String meaning() {
        return meaning;
    }

    /** Returns the advice to the user as one or more sentences. */
    public String whatToDo() {
        return whatToDo;
    }

    /**
     * Returns the advice for the extended code if there is one, otherwise the advice for the status, otherwise the
     * advice for the status that the extended code contains.
     */
    public static Optional<RefusalAdvice> of(int status, Optional<Integer> errorCode) {
        return errorCode
                .flatMap(RefusalAdvice::forCode)
                .or(() -> forCode(Math.min(status, SERVICE_TROUBLE.code)))
                .or(() -> errorCode.flatMap(code -> forCode(Math.min(code / EXTENDED, SERVICE_TROUBLE.code))));
    }

    private static Optional<RefusalAdvice> forCode(int code) {
        return Arrays.stream(values()).filter(advice -> advice.code == code).findFirst();
    }
}
