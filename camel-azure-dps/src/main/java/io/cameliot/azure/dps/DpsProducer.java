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

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.azure.dps.camel.PayloadReader;
import io.cameliot.azure.dps.fleet.DeviceFleet;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.header.HeaderValues;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.provisioning.ProvisioningProducer;
import io.cameliot.common.transport.TlsConnectException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Registers the device that a message names and replaces the body by the assignment. */
public class DpsProducer extends ProvisioningProducer<DeviceFleet, DeviceRegistrationResult> {

    private final DpsEndpoint endpoint;

    public DpsProducer(DpsEndpoint endpoint) {
        super(endpoint, endpoint.sharedFleet(), endpoint.getComponent().gracefulStop());
        this.endpoint = endpoint;
    }

    @Override
    protected CompletableFuture<DeviceRegistrationResult> provision(
            DeviceFleet running, Exchange exchange, RunOwner owner) {
        String registrationId = registrationId(exchange);
        Optional<JsonNode> payload = PayloadReader.payload(exchange, registrationId);
        return (isForced(exchange)
                        ? Optional.<DeviceRegistrationResult>empty()
                        : endpoint.remembered(running, registrationId))
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> endpoint.register(running, registrationId, payload, owner));
    }

    @Override
    protected void fill(Message message, DeviceRegistrationResult result) {
        RegistrationMessage.fill(message, result);
    }

    @Override
    protected Boolean isServiceTrouble(Throwable failure) {
        return failure instanceof DeviceRegistrationException refused
                ? refused.isRetryable() || refused.getStatus() == 0 && !isCredentialRefused(refused)
                : null;
    }

    /** Returns whether the service has refused the credential of the device. It may let others in. */
    private static boolean isCredentialRefused(DeviceRegistrationException refused) {
        TlsConnectException handshake = TlsConnectException.find(refused);
        return refused.getCause() instanceof MqttConnackException
                || handshake != null && handshake.getReason() == TlsConnectException.Reason.CLIENT_REFUSED;
    }

    @Override
    protected Map<String, String> healthDetails() {
        return Map.of("service.host", endpoint.getConfiguration().getServiceHost());
    }

    private String registrationId(Exchange exchange) {
        if (endpoint.getRegistrationId() != null && !RegistrationMessage.isFromRoute(exchange.getMessage())) {
            return endpoint.getRegistrationId();
        }
        String header = HeaderValues.text(exchange.getMessage(), DpsConstants.REGISTRATION_ID);
        if (header == null || header.isEmpty()) {
            throw new IllegalArgumentException("No device is named: set the header " + DpsConstants.REGISTRATION_ID
                    + ", or write azure-dps:" + endpoint.getIdScope() + "/registrationId.");
        }
        DpsOptions.checkRegistrationId(DpsConstants.REGISTRATION_ID, header);
        return header;
    }

    private boolean isForced(Exchange exchange) {
        Boolean header = HeaderValues.truth(exchange.getMessage(), DpsConstants.FORCE_REGISTRATION);
        return header == null ? endpoint.getConfiguration().isForceRegistration() : header;
    }

    @Override
    public DpsEndpoint getEndpoint() {
        return endpoint;
    }
}
