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
package io.cameliot.azure.dps;

import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import io.cameliot.common.text.ForeignText;
import java.util.concurrent.CancellationException;
import org.apache.camel.CamelException;

/**
 * A device was not assigned to an IoT hub. The message describes the problem and tells the user how to correct it; it
 * contains no key and no token. The cause is a {@link CancellationException} if a stop of the route cancelled the
 * registration.
 */
public class DeviceRegistrationException extends CamelException {

    private static final long serialVersionUID = 1L;

    private final String registrationId;
    private final int status;
    private final int errorCode;
    private final String trackingId;
    private final String registrationStatus;
    private final String serviceMessage;
    private final String operationId;
    private final boolean retryable;

    DeviceRegistrationException(String idScope, String registrationId, NotAssigned outcome) {
        super(
                ForeignText.escaped("Registration of device '" + registrationId + "' in ID scope " + idScope
                        + " failed while " + outcome.step().description() + ". " + outcome.problem()),
                outcome.cause());
        this.registrationId = registrationId;
        this.status = outcome.answer().status().orElse(0);
        this.errorCode = outcome.answer().error().errorCode().orElse(0);
        this.trackingId = outcome.answer().error().trackingId().orElse(null);
        this.registrationStatus =
                outcome.answer().registrationStatus().map(ended -> ended.text()).orElse(null);
        this.serviceMessage = outcome.answer().error().message().orElse(null);
        this.operationId = outcome.operationId().orElse(null);
        this.retryable = outcome.retryable();
    }

    /** Returns the registration id of the device. */
    public String getRegistrationId() {
        return registrationId;
    }

    /**
     * Returns the status of the answer that ended the registration, with the meaning of an HTTP status; 0 if no answer
     * ended it.
     */
    public int getStatus() {
        return status;
    }

    /** Returns the service's error code, such as 401002; 0 if it sent none. */
    public int getErrorCode() {
        return errorCode;
    }

    /** Returns the tracking id to quote to Azure support; {@code null} if the service sent none. */
    public String getTrackingId() {
        return trackingId;
    }

    /** Returns {@code failed} or {@code disabled} if the operation ended in that status, otherwise {@code null}. */
    public String getRegistrationStatus() {
        return registrationStatus;
    }

    /** Returns the service's error message; {@code null} if it sent none. */
    public String getServiceMessage() {
        return serviceMessage;
    }

    /** Returns the id of the operation that the service had begun; {@code null} if there is none. */
    public String getOperationId() {
        return operationId;
    }

    /**
     * Returns whether the same registration can succeed later without a change: after throttling, a server or network
     * error, a timeout, or a stop of the route.
     */
    public boolean isRetryable() {
        return retryable;
    }
}
