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
 * Hears of what a {@link MqttSession} did not do on request. Called on the client's own threads: hand off, never block.
 */
public interface MqttSessionListener {

    /** A message arrived; the server waits for {@link InboundMessage#acknowledge()}. */
    void messageArrived(InboundMessage message);

    /**
     * The connection ended, and not by {@link MqttSession#disconnect}. Called once, and only after the connect
     * succeeded.
     */
    void connectionLost(MqttSession session, IOException cause);
}
