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
package io.cameliot.testinfra.dps.service;

import io.cameliot.testinfra.event.AzureRule;

/**
 * The service's errors. The status is the error code divided by 1000. Microsoft publishes no list of the codes: 401000,
 * 401002, 404201 and 400207 were observed at the service; the other codes that end in 000 are assumptions.
 */
public enum DpsError {
    /** The request's body is invalid. */
    BAD_REQUEST(400000, "Bad request.", AzureRule.REQUEST),
    /** The shared access signature does not match the enrollment. */
    UNAUTHORIZED(401000, "Unauthorized", AzureRule.TOKEN),
    /** The X.509 certificate or its chain does not match the enrollment. */
    INVALID_CERTIFICATE(401002, "Invalid certificate.", AzureRule.CERTIFICATE),
    /** No enrollment covers the registration id. */
    ENROLLMENT_NOT_FOUND(404201, "Enrollment not found.", AzureRule.ENROLLMENT_NOT_FOUND),
    /** The device has no operation with this id. */
    OPERATION_NOT_FOUND(404000, "Operation not found.", AzureRule.OPERATION_NOT_FOUND),
    /** A quota is exceeded. */
    TOO_MANY_REQUESTS(429000, "Too many requests.", AzureRule.THROTTLED),
    /** The service failed. */
    INTERNAL_ERROR(500000, "Internal server error.", AzureRule.INJECTED_FAULT);

    private final int code;
    private final String message;
    private final AzureRule rule;

    DpsError(int code, String message, AzureRule rule) {
        this.code = code;
        this.message = message;
        this.rule = rule;
    }

    /**
     * Returns the error code of the body.
     *
     * @return six digits
     */
    public int code() {
        return code;
    }

    /**
     * Returns the status of the answer's topic.
     *
     * @return 400 to 500
     */
    public int status() {
        return code / 1000;
    }

    /**
     * Returns the message of the body.
     *
     * @return the message
     */
    public String message() {
        return message;
    }

    /** The rule that a device has broken that gets this error. */
    AzureRule rule() {
        return rule;
    }
}
