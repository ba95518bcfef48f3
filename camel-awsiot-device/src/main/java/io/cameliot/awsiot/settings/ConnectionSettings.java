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
package io.cameliot.awsiot.settings;

import io.cameliot.awsiot.auth.DeviceIdentity;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttConnectRequest.Will;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import java.time.Duration;

/**
 * Everything that makes one connection what it is: endpoints with equal settings share a connection, and two different
 * settings may not claim the same client identifier.
 *
 * @param protocol how to talk to the device gateway
 * @param endpoint host name of the device gateway
 * @param port TCP port
 * @param alpn ALPN protocol name, null for none
 * @param connectTo address to dial instead of the endpoint's; null for none
 * @param proxy forward proxy to connect through; null for none
 * @param tls certificates and keys
 * @param identity who the device is besides that
 * @param clientId null lets the connection generate one
 * @param session protocol version, and what of the session the server is asked to keep
 * @param keepAlive whole seconds
 * @param will null for none
 * @param maxInflight largest number of QoS 1 messages that wait for their PUBACK
 * @param connectionTimeout bound of each connection attempt
 * @param publishTimeout bound of each publish
 * @param reconnectMinDelay smallest delay before a reconnect
 * @param reconnectMaxDelay largest delay before a reconnect
 */
public record ConnectionSettings(
        DeviceProtocol protocol,
        String endpoint,
        int port,
        String alpn,
        HostAndPort connectTo,
        ProxyAddress proxy,
        TlsContextFactory tls,
        DeviceIdentity identity,
        String clientId,
        MqttConnectRequest.Session session,
        Duration keepAlive,
        Will will,
        int maxInflight,
        Duration connectionTimeout,
        Duration publishTimeout,
        Duration reconnectMinDelay,
        Duration reconnectMaxDelay) {

    /** Whether the server forgets the session when the connection ends. */
    public boolean cleanSession() {
        return session.clean();
    }

    /** Whether messages go out with their MQTT 5 properties: over HTTPS always. */
    public boolean carriesProperties() {
        return protocol == DeviceProtocol.https || session.version() == ProtocolVersion.V5;
    }

    /**
     * Reads the certificates and keys, so that the start of a route fails with those that cannot be used.
     *
     * @throws IllegalArgumentException names the option of the file
     */
    public void requireFiles() {
        tls.create();
    }

    /**
     * Where and how to connect, with certificates read now.
     *
     * @throws IllegalArgumentException if they have become unusable
     */
    public TlsTarget tlsTarget() {
        return new TlsTarget(
                new ServerAddress(endpoint, port, connectTo, proxy),
                TlsOffer.of(tls.create()).withAlpn(alpn),
                null,
                connectionTimeout,
                EndpointAdvice.INSTANCE);
    }

    /** Shows no credentials. */
    @Override
    public String toString() {
        return (clientId == null ? "a generated client id" : "client id " + clientId) + " at " + endpoint + ":" + port;
    }
}
