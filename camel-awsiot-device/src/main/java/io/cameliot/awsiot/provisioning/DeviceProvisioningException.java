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
package io.cameliot.awsiot.provisioning;

import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.NotProvisioned;
import io.cameliot.awsiot.provisioning.flow.ProvisioningStep;
import io.cameliot.awsiot.provisioning.wire.ServiceRejection;
import io.cameliot.common.text.ForeignText;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.CamelException;

/**
 * A device was not provisioned. The message describes the problem and tells the user how to correct it; it contains no
 * key and no token. The cause is a {@link CancellationException} if a stop of the route cancelled the provisioning.
 */
public class DeviceProvisioningException extends CamelException {

    private static final long serialVersionUID = 1L;

    private final String template;
    private final String serialNumber;
    private final ProvisioningStep step;
    private final int status;
    private final String errorCode;
    private final String serviceMessage;
    private final boolean retryable;

    DeviceProvisioningException(String template, Optional<String> serialNumber, NotProvisioned outcome) {
        super(
                ForeignText.escaped("Provisioning of "
                        + serialNumber.map(number -> "device '" + number + "'").orElse("the device")
                        + " by template " + template + " failed while "
                        + outcome.step().description() + ". " + outcome.problem()),
                outcome.cause());
        this.template = template;
        this.serialNumber = serialNumber.orElse(null);
        this.step = outcome.step();
        this.status = outcome.rejection().map(ServiceRejection::status).orElse(0);
        this.errorCode = outcome.rejection().map(ServiceRejection::code).orElse(null);
        this.serviceMessage = outcome.rejection().map(ServiceRejection::message).orElse(null);
        this.retryable = outcome.retryable();
    }

    /** Returns the name of the provisioning template. */
    public String getTemplate() {
        return template;
    }

    /** Returns the serial number that names the device's directory; {@code null} if none does. */
    public String getSerialNumber() {
        return serialNumber;
    }

    /** Returns the step at which the provisioning ended. */
    public ProvisioningStep getStep() {
        return step;
    }

    /**
     * Returns the status of the answer that ended the provisioning, with the meaning of an HTTP status; 0 if no answer
     * ended it.
     */
    public int getStatus() {
        return status;
    }

    /** Returns AWS's error code, such as {@code InvalidCertificateOwnershipToken}; {@code null} without an answer. */
    public String getErrorCode() {
        return errorCode;
    }

    /** Returns AWS's error message; {@code null} if it sent none. */
    public String getServiceMessage() {
        return serviceMessage;
    }

    /**
     * Returns whether the same provisioning can succeed later without a change: after throttling, a server or network
     * error, a timeout, while another process uses the directory, or after a stop of the route.
     */
    public boolean isRetryable() {
        return retryable;
    }
}
