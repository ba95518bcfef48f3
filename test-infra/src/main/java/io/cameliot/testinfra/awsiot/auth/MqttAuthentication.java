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
package io.cameliot.testinfra.awsiot.auth;

import io.cameliot.testinfra.awsiot.server.AccessMethod;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.util.Optional;

/** Authenticates an MQTT client with the method of its {@link AccessMethod}. */
@FunctionalInterface
public interface MqttAuthentication {
    /**
     * Authenticates the sender of a CONNECT.
     *
     * @param channel the client's connection, inside TLS
     * @param connect the packet
     * @return the client, or empty if its identity is not proven
     */
    Optional<Principal> authenticate(Channel channel, MqttConnectMessage connect);
}
