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
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;

/**
 * Everything that makes one connection what it is: endpoints with equal settings share a connection, and two different
 * settings may not claim the same client identifier.
 *
 * @param address where the device gateway is
 * @param tls certificates and keys
 * @param identity who the device is besides that
 * @param session what is asked for in the CONNECT
 * @param maxInflight largest number of QoS 1 messages that wait for their PUBACK, and of HTTPS requests at a time
 * @param timing how long things may take
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

    /** Host name of the device gateway. */
    public String endpoint() {
        return address.host();
    }

    /** Null lets the connection generate one. */
    public String clientId() {
        return session.clientId();
    }

    /** Whether messages go out with their MQTT 5 properties: over HTTPS always. */
    public boolean carriesProperties() {
        return protocol() == DeviceProtocol.https || session.version() == ProtocolVersion.V5;
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
