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
import io.cameliot.awsiot.auth.SigV4Identity;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;

/**
 * The settings that identify one connection. Endpoints with equal settings share a connection, and two different
 * settings must not use the same client identifier.
 *
 * @param address the address of the device gateway
 * @param tls certificates and keys
 * @param identity the identity of the device besides its certificate
 * @param session the parameters of the CONNECT
 * @param maxInflight largest number of QoS 1 messages that wait for their PUBACK, and of concurrent HTTPS requests
 * @param timing the time limits and delays
 */
public record ConnectionSettings(
        GatewayAddress address,
        TlsContextFactory tls,
        DeviceIdentity identity,
        SessionSettings session,
        int maxInflight,
        Timing timing) {

    public DeviceProtocol protocol() {
        return address.protocol();
    }

    /** Returns the host name of the device gateway. */
    public String endpoint() {
        return address.host();
    }

    /** Returns the client identifier; null if the connection generates one. */
    public String clientId() {
        return session.clientId();
    }

    /** Returns whether messages are sent with their MQTT 5 properties. HTTPS always sends them. */
    public boolean carriesProperties() {
        return protocol() == DeviceProtocol.https || session.version() == ProtocolVersion.V5;
    }

    /**
     * Reads the certificates and keys, so that the start of a route fails if they are unusable.
     *
     * @throws IllegalArgumentException if a file is unusable; the message names its option
     */
    public void requireFiles() {
        tls.create();
        if (identity instanceof SigV4Identity signing) {
            signing.credentials().requireFiles();
        }
    }

    /**
     * Reads the certificates and keys as {@link #requireFiles} does, and lets the next connection use new credentials.
     *
     * @throws IllegalArgumentException if a file is unusable; the message names its option
     */
    public void renew() {
        requireFiles();
        if (identity instanceof SigV4Identity signing) {
            signing.credentials().renew();
        }
    }

    /**
     * Returns where and how to connect. Reads the certificates anew.
     *
     * @throws IllegalArgumentException if the certificates have become unusable
     */
    public TlsTarget tlsTarget() {
        return new TlsTarget(
                new ServerAddress(address.host(), address.port(), address.connectTo(), address.proxy()),
                TlsOffer.of(tls.create()).withAlpn(address.alpn()),
                null,
                timing.connectionTimeout(),
                EndpointAdvice.INSTANCE);
    }

    /** Shows no credentials. */
    @Override
    public String toString() {
        return (clientId() == null ? "a generated client id" : "client id " + clientId()) + " at " + address.host()
                + ":" + address.port();
    }
}
