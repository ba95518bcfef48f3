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
package io.cameliot.testinfra.awsiot.gateway;

/** The ports of AWS IoT Core's data endpoint. */
public enum GatewayPort {
    /** MQTT with an X.509 client certificate. */
    MQTT_8883(8883),
    /** HTTPS with an X.509 client certificate. */
    HTTPS_8443(8443),
    /** All other access methods, selected by ALPN. */
    MULTIPLEXED_443(443);

    private final int wellKnownPort;

    GatewayPort(int wellKnownPort) {
        this.wellKnownPort = wellKnownPort;
    }

    /**
     * The port number of AWS.
     *
     * @return the number in the documentation
     */
    public int wellKnownPort() {
        return wellKnownPort;
    }
}
