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
package io.cameliot.testinfra.awsiot.server;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.util.List;
import java.util.Optional;

/**
 * The protocol and the authentication of a connection: the rows of "Protocols, port mappings, and authentication" in
 * the AWS IoT Core Developer Guide that differ on the wire.
 */
public enum AccessMethod {
    /** MQTT, X.509 client certificate. */
    MQTT_X509("x-amzn-mqtt-ca"),
    /** MQTT, custom authentication in the CONNECT packet. */
    MQTT_CUSTOM("mqtt"),
    /** HTTPS publish, X.509 client certificate. */
    HTTPS_X509("x-amzn-http-ca"),
    /** HTTPS publish and MQTT over WebSocket; Signature Version 4 or custom authentication. */
    HTTPS_SIGNED("http/1.1"),
    /** The credentials provider, an endpoint of its own: X.509 client certificate, and ALPN has no effect. */
    CREDENTIALS("");

    private final String applicationProtocol;

    AccessMethod(String applicationProtocol) {
        this.applicationProtocol = applicationProtocol;
    }

    /**
     * Selects by port and ALPN. On 8883 and 8443 ALPN has no effect; AWS's own SDK sends {@code x-amzn-mqtt-ca} on 8883
     * too.
     *
     * @param port the port of the connection
     * @param offered the ALPN names that the client offers
     * @return the method; empty if the client offers only unsupported names
     */
    static Optional<AccessMethod> of(GatewayPort port, List<String> offered) {
        return switch (port) {
            case MQTT_8883 -> Optional.of(MQTT_X509);
            case HTTPS_8443 -> Optional.of(HTTPS_X509);
            case MULTIPLEXED_443 -> offered.isEmpty() ? Optional.of(HTTPS_SIGNED) : firstServed(offered);
        };
    }

    /** Lists the ALPN names that a port serves, for a client that offers none of them. */
    static List<String> namesOn(GatewayPort port) {
        return port == GatewayPort.MULTIPLEXED_443
                ? List.of(values()).stream()
                        .map(AccessMethod::applicationProtocol)
                        .filter(name -> !name.isEmpty())
                        .toList()
                : List.of();
    }

    private static Optional<AccessMethod> firstServed(List<String> offered) {
        return offered.stream()
                .flatMap(name -> List.of(values()).stream().filter(method -> method.applicationProtocol.equals(name)))
                .findFirst();
    }

    /** The protocol that the server selects with ALPN on port 443. */
    String applicationProtocol() {
        return applicationProtocol;
    }

    boolean requiresClientCertificate() {
        return this == MQTT_X509 || this == HTTPS_X509 || this == CREDENTIALS;
    }

    boolean isMqtt() {
        return this == MQTT_X509 || this == MQTT_CUSTOM;
    }
}
