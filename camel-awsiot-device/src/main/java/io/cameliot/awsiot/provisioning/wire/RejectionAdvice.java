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
package io.cameliot.awsiot.provisioning.wire;

/**
 * What a rejection means and what the user can do. AWS documents the form of these answers and no list of their codes:
 * the statuses are what counts, and the codes are those that users report.
 */
public enum RejectionAdvice {
    TOKEN(
            "400 InvalidCertificateOwnershipToken",
            "the ownership token of the certificate has expired or is used up",
            "Provision again: a new certificate is asked for. The token is valid for an hour."),
    SIGNING_REQUEST(
            "400 InvalidCertificateSigningRequest",
            "AWS cannot use the signing request",
            "Check option keyAlgorithm: AWS IoT Core takes RSA keys of 2048 bits and more, and P-256, P-384 and P-521."),
    PARAMETERS(
            "400",
            "the parameters are not what the template requires",
            "Compare the parameters, which are the message body or the options parameter.<name>, with the Parameters of"
                    + " the template: a name that it requires is missing, or no thing can be named by the values."),
    CREATE_DENIED(
            "403 for the certificate",
            "the claim is no longer allowed to create certificates",
            "Check that the claim certificate is active, and not one of CreateProvisioningClaim that is older than five"
                    + " minutes."),
    DENIED(
            "403",
            "the template's hook denied the device, failed, or took more than five seconds; or the provisioning role may"
                    + " not do what the template says",
            "Look into the log of the pre-provisioning hook (a Lambda function, which gets the parameters and has five"
                    + " seconds), then at the provisioning role of the template. The certificate is kept and registered"
                    + " at the next attempt within an hour."),
    NO_TEMPLATE(
            "404",
            "there is no such template, or it is not enabled",
            "Check the name after awsiot-provisioning: in the URI, the region of option endpoint, and that the template"
                    + " is enabled."),
    CONFLICT(
            "409",
            "the thing is being changed by someone else, or exists with other settings",
            "Check the template's OverrideSettings, and that the parameters name this device only."),
    THROTTLED(
            "429",
            "too many requests at a time",
            "Lower option maxConcurrentProvisionings, or have the quota raised (AWS IoT Core device provisioning"
                    + " quotas)."),
    SERVICE_TROUBLE("5xx", "AWS IoT Core had an internal error", "Try again later."),
    OTHER("another status", "the request was refused", "Check the template and the parameters.");

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICTING = 409;
    private static final int TOO_MANY = 429;
    private static final int INTERNAL_ERROR = 500;

    private final String answer;
    private final String meaning;
    private final String whatToDo;

    RejectionAdvice(String answer, String meaning, String whatToDo) {
        this.answer = answer;
        this.meaning = meaning;
        this.whatToDo = whatToDo;
    }

    /** Returns status and code of the answer, as the documentation lists them. */
    public String answer() {
        return answer;
    }

    /** Returns the meaning of the answer. */
    public String meaning() {
        return meaning;
    }

    /** Returns the advice to the user as one or more sentences. */
    public String whatToDo() {
        return whatToDo;
    }

    /**
     * Returns the advice for a rejection.
     *
     * @param ofCreation whether the request for a certificate was rejected, not the registration
     */
    public static RejectionAdvice of(ServiceRejection rejection, boolean ofCreation) {
        if (rejection.isOfToken()) {
            return TOKEN;
        }
        return switch (rejection.status()) {
            case BAD_REQUEST -> ofCreation ? SIGNING_REQUEST : PARAMETERS;
            case FORBIDDEN -> ofCreation ? CREATE_DENIED : DENIED;
            case NOT_FOUND -> NO_TEMPLATE;
            case CONFLICTING -> CONFLICT;
            case TOO_MANY -> THROTTLED;
            default -> rejection.status() >= INTERNAL_ERROR ? SERVICE_TROUBLE : OTHER;
        };
    }
}
