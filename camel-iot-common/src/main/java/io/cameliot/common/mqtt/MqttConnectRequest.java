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
package io.cameliot.common.mqtt;

import java.time.Duration;

/**
 * What the CONNECT packet says (MQTT 3.1.1 section 3.1), and the bounds of its connection.
 *
 * @param clientId client identifier
 * @param username null sends none
 * @param password null sends none; never shown by {@link #toString()}
 * @param cleanSession whether the server is to forget the session of before and after
 * @param keepAlive whole seconds
 * @param will null for none
 * @param timeout bound from dialling to the CONNACK
 */
public record MqttConnectRequest(
        String clientId,
        String username,
        String password,
        boolean cleanSession,
        Duration keepAlive,
        MqttWill will,
        Duration timeout) {

    /** Leaves out user name and password: a user name can carry a token (AWS custom authentication). */
    @Override
    public String toString() {
        return "MqttConnectRequest[clientId=" + clientId + ", cleanSession=" + cleanSession + ", keepAlive=" + keepAlive
                + "]";
    }
}
