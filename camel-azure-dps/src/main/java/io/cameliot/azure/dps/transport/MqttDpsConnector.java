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
package io.cameliot.azure.dps.transport;

import io.cameliot.azure.dps.advice.DpsAdvice;
import io.cameliot.azure.dps.attestation.DeviceCredential;
import io.cameliot.azure.dps.registration.RegistrationEvent;
import io.cameliot.azure.dps.wire.DpsTopics;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.fleet.RunConnection;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.text.ForeignText;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.WebSocketUpgrade;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects by MQTT 3.1.1 over TLS, with or without a WebSocket. Each connection reads the certificates and keys again
 * and signs a new SAS token.
 */
public final class MqttDpsConnector implements DpsConnector {

    private static final Logger LOG = LoggerFactory.getLogger(MqttDpsConnector.class);

    private static final String SUBPROTOCOL = "mqtt";

    /**
     * The DPS documentation names no keep-alive. This one is longer than the pauses that {@code retry-after} asks for.
     */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

    private final DpsServer server;
    private final TlsContextFactory tls;
    private final MqttThreads threads;

    public MqttDpsConnector(DpsServer server, TlsContextFactory tls, MqttThreads threads) {
        this.server = server;
        this.tls = tls;
        this.threads = threads;
    }

    @Override
    public DpsConnection open(String registrationId, DeviceCredential credential, Consumer<RegistrationEvent> events) {
        MqttDpsConnection connection = new MqttDpsConnection(threads, server.requestTimeout(), events);
        // The connection builds its parameters on a thread that may block, because they are read from files.
        connection.open(() ->
                new RunConnection.Dial(connectRequest(registrationId, credential), target(registrationId, credential)));
        return connection;
    }

    private MqttConnectRequest connectRequest(String registrationId, DeviceCredential credential) {
        DpsServer.Api api = server.api();
        return new MqttConnectRequest(
                registrationId,
                new MqttConnectRequest.Login(
                        DpsTopics.userName(api.idScope(), registrationId, api.version(), api.clientVersion()),
                        credential.password(api.idScope(), registrationId, Instant.now())),
                MqttConnectRequest.Session.v311(true),
                KEEP_ALIVE,
                null,
                server.requestTimeout());
    }

    private TlsTarget target(String registrationId, DeviceCredential credential) {
        if (credential instanceof DeviceCredential.OfCertificate) {
            warnOfAnotherName(registrationId);
        }
        return new TlsTarget(
                server.address(),
                TlsOffer.of(tls.create()),
                webSocket(),
                server.requestTimeout(),
                DpsAdvice.ON_CONNECT);
    }

    private WebSocketUpgrade webSocket() {
        String path = server.webSocketPath();
        return path == null ? null : new WebSocketUpgrade(path, Map.of(), SUBPROTOCOL);
    }

    /**
     * Warns of a certificate with another common name. The service refuses its connection with CONNACK 5 and gives no
     * reason.
     */
    private void warnOfAnotherName(String registrationId) {
        Optional.ofNullable(tls.clientCertificate())
                .map(certificate -> certificate.getSubjectX500Principal().getName())
                .flatMap(MqttDpsConnector::commonName)
                .filter(commonName -> !commonName.equals(registrationId))
                .ifPresent(commonName -> LOG.warn(
                        "The certificate's common name {} is not the registration id {}, as which the device connects:"
                                + " the service will refuse it",
                        ForeignText.shown(commonName),
                        registrationId));
    }

    private static Optional<String> commonName(String distinguishedName) {
        try {
            return new LdapName(distinguishedName)
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException e) {
            LOG.debug("The certificate's subject could not be read", e);
            return Optional.empty();
        }
    }
}
