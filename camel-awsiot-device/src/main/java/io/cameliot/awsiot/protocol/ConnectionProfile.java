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
package io.cameliot.awsiot.protocol;

import static io.cameliot.awsiot.protocol.DeviceAuthentication.custom;
import static io.cameliot.awsiot.protocol.DeviceAuthentication.sigv4;
import static io.cameliot.awsiot.protocol.DeviceAuthentication.x509;
import static io.cameliot.awsiot.protocol.DeviceProtocol.https;
import static io.cameliot.awsiot.protocol.DeviceProtocol.mqtt;
import static io.cameliot.awsiot.protocol.DeviceProtocol.wss;

/**
 * The combinations of protocol, authentication, port and ALPN name that AWS IoT Core supports.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html">AWS IoT Developer Guide, Protocols,
 *     port mappings, and authentication</a>
 */
public enum ConnectionProfile {
    WSS_SIGV4(wss, sigv4, 443, null, true),
    WSS_CUSTOM(wss, custom, 443, null, true),
    MQTT_X509_443(mqtt, x509, 443, "x-amzn-mqtt-ca", true),
    MQTT_X509(mqtt, x509, 8883, null, true),
    MQTT_CUSTOM(mqtt, custom, 443, "mqtt", true),
    HTTPS_SIGV4(https, sigv4, 443, null, false),
    HTTPS_X509_443(https, x509, 443, "x-amzn-http-ca", false),
    HTTPS_X509(https, x509, 8443, null, false),
    HTTPS_CUSTOM(https, custom, 443, null, false);

    private final DeviceProtocol protocol;
    private final DeviceAuthentication authentication;
    private final int port;
    private final String alpn;
    private final boolean subscribing;

    ConnectionProfile(
            DeviceProtocol protocol, DeviceAuthentication authentication, int port, String alpn, boolean subscribing) {
        this.protocol = protocol;
        this.authentication = authentication;
        this.port = port;
        this.alpn = alpn;
        this.subscribing = subscribing;
    }

    public DeviceProtocol protocol() {
        return protocol;
    }

    public DeviceAuthentication authentication() {
        return authentication;
    }

    public int port() {
        return port;
    }

    /** Returns the ALPN protocol name that selects this profile on its port; null if none is sent. */
    public String alpn() {
        return alpn;
    }

    /** Returns whether the profile can receive messages. All profiles can publish. */
    public boolean isSubscribing() {
        return subscribing;
    }

    /** Returns the profile as URI options. */
    @Override
    public String toString() {
        return "protocol=" + protocol + "&authentication=" + authentication + "&port=" + port;
    }
}
