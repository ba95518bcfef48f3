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

import io.cameliot.awsiot.provisioning.fleet.ProvisioningFleet;
import io.cameliot.awsiot.provisioning.fleet.ProvisioningRequest;
import io.cameliot.awsiot.provisioning.identity.IdentityDirectory;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.header.HeaderValues;
import io.cameliot.common.provisioning.ProvisioningProducer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Provisions the device that a message describes and replaces the body by the result. */
public class AwsIotProvisioningProducer extends ProvisioningProducer<ProvisioningFleet, DeviceProvisioningResult> {

    private final AwsIotProvisioningEndpoint endpoint;

    public AwsIotProvisioningProducer(AwsIotProvisioningEndpoint endpoint) {
        super(endpoint, endpoint.sharedFleet(), endpoint.getComponent().gracefulStop());
        this.endpoint = endpoint;
    }

    @Override
    protected CompletableFuture<DeviceProvisioningResult> provision(
            ProvisioningFleet running, Exchange exchange, RunOwner owner) {
        Message message = exchange.getMessage();
        Optional<String> serialNumber =
                Optional.ofNullable(HeaderValues.text(message, AwsIotProvisioningConstants.SERIAL_NUMBER));
        serialNumber.ifPresent(
                number -> IdentityDirectory.checkSerialNumber(AwsIotProvisioningConstants.SERIAL_NUMBER, number));
        ProvisioningOptions.checkClientId(endpoint.getConfiguration(), serialNumber);
        Map<String, String> parameters = TemplateParameters.of(endpoint.getConfiguration(), serialNumber, exchange);
        Boolean reprovision = HeaderValues.truth(message, AwsIotProvisioningConstants.REPROVISION);
        return endpoint.provision(
                running,
                new ProvisioningRequest(
                        serialNumber,
                        parameters,
                        reprovision == null ? endpoint.getConfiguration().isReprovision() : reprovision,
                        owner));
    }

    @Override
    protected void fill(Message message, DeviceProvisioningResult result) {
        ProvisioningMessage.fill(message, result);
    }

    @Override
    protected Boolean isServiceTrouble(Throwable failure) {
        if (!(failure instanceof DeviceProvisioningException refused)) {
            return null;
        }
        return switch (refused.getStep()) {
            case QUEUED, OPEN, STORE, RECORD, COMMIT, BACKOFF, FINISHED -> null;
            // All devices have the claim.
            case CONNECT, SUBSCRIBE, CREATE -> true;
            case REGISTER -> refused.isRetryable() || refused.getStatus() == 0;
            case PROVE -> refused.isRetryable();
        };
    }

    @Override
    protected boolean isOfService(DeviceProvisioningResult result) {
        return result.isFresh();
    }

    @Override
    protected Map<String, String> healthDetails() {
        return Map.of("endpoint", endpoint.getConfiguration().getEndpoint(), "template", endpoint.getTemplate());
    }

    @Override
    public AwsIotProvisioningEndpoint getEndpoint() {
        return endpoint;
    }
}
