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
package io.cameliot.common.mqtt.session;

import java.io.IOException;

/**
 * Receives the events of a {@link MqttSession} that no request causes. Called on the event loop, so it must not block.
 */
public interface MqttSessionListener {

    /** The CONNECT was sent: from now on the server may accept it. */
    default void connectSent() {}

    /** A message arrived. At QoS 1 the server waits for {@link InboundMessage#acknowledge()}. */
    void messageArrived(InboundMessage message);

    /**
     * The connection ended, but not by {@link MqttSession#disconnect}. Called at most once, and only after a successful
     * connect.
     */
    void connectionLost(MqttSession session, IOException cause);
}
