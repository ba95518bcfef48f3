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
package io.cameliot.awsiot.provisioning.fleet;

import io.cameliot.awsiot.provisioning.identity.DeviceDirectory;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.OptionAdvice;
import io.cameliot.common.fleet.RunConnection;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.transport.ConnectAdvice;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * Connects by MQTT 5, with the claim certificate or with that of a device. Each connection reads the files again. MQTT 5
 * is used because only it says why something is refused.
 */
public final class ProvisioningConnector {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);
    private static final int RECEIVE_MAXIMUM = 10;
    private static final MqttConnectRequest.Session CLEAN =
            new MqttConnectRequest.Session(ProtocolVersion.V5, true, Duration.ZERO, RECEIVE_MAXIMUM, false);

    /** An hour is what AWS IoT Core grants by default. A device that runs connects again at once, with its own. */
    private static final MqttConnectRequest.Session RESUMED =
            new MqttConnectRequest.Session(ProtocolVersion.V5, false, Duration.ofHours(1), RECEIVE_MAXIMUM, false);

    private static final ConnectAdvice CLAIM_ADVICE = new OptionAdvice("endpoint", "port");
    private static final ConnectAdvice DEVICE_ADVICE = new OptionAdvice("endpoint", "port") {
        @Override
        public String on(ConnectFault fault, TlsTarget target) {
            return fault == ConnectFault.CLIENT_CERTIFICATE_REFUSED
                    ? ": AWS IoT Core does not take the new certificate of the device"
                    : super.on(fault, target);
        }
    };

    private final ProvisioningServer server;
    private final TlsContextFactory claim;
    private final BiFunction<Path, Path, TlsContextFactory> ofDevice;
    private final MqttThreads threads;

    /**
     * Creates a connector.
     *
     * @param claim the TLS options with the claim certificate
     * @param ofDevice returns the TLS options with the files of a certificate and its key
     */
    public ProvisioningConnector(
            ProvisioningServer server,
            TlsContextFactory claim,
            BiFunction<Path, Path, TlsContextFactory> ofDevice,
            MqttThreads threads) {
        this.server = server;
        this.claim = claim;
        this.ofDevice = ofDevice;
        this.threads = threads;
    }

    /** Runs what may block. */
    Executor io() {
        return threads.io();
    }

    /** Connects with the claim certificate. */
    RunConnection openClaim(Optional<String> serialNumber, RunConnection.Listener listener) {
        String clientId = server.clientId(serialNumber).orElseGet(ProvisioningConnector::generatedId);
        return open(claim, clientId, CLEAN, CLAIM_ADVICE, listener);
    }

    /**
     * Connects with the certificate that waits in a directory.
     *
     * @param resume whether the session of the client id is resumed and kept; otherwise it is discarded
     */
    RunConnection openDevice(
            DeviceDirectory directory, Optional<String> clientId, boolean resume, RunConnection.Listener listener) {
        return open(
                pending(directory),
                clientId.orElseGet(ProvisioningConnector::generatedId),
                resume ? RESUMED : CLEAN,
                DEVICE_ADVICE,
                listener);
    }

    /**
     * Reads the certificate and the key that wait in a directory.
     *
     * @throws IllegalArgumentException if they cannot be used, because they do not belong together, for example
     */
    void requireUsable(DeviceDirectory directory) {
        pending(directory).create();
    }

    private TlsContextFactory pending(DeviceDirectory directory) {
        return ofDevice.apply(directory.pendingCertificateFile(), directory.pendingPrivateKeyFile());
    }

    private RunConnection open(
            TlsContextFactory tls,
            String clientId,
            MqttConnectRequest.Session session,
            ConnectAdvice advice,
            RunConnection.Listener listener) {
        RunConnection connection =
                new RunConnection(threads.io(), threads.connector(), server.requestTimeout(), listener);
        connection.open(() -> new RunConnection.Dial(
                new MqttConnectRequest(clientId, null, session, KEEP_ALIVE, null, server.requestTimeout()),
                new TlsTarget(
                        server.address(),
                        TlsOffer.of(tls.create()).withAlpn(server.alpn()),
                        null,
                        server.requestTimeout(),
                        advice)));
        return connection;
    }

    private static String generatedId() {
        return "camel-" + UUID.randomUUID();
    }
}
