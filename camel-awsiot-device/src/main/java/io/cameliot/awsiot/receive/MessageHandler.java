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
package io.cameliot.awsiot.receive;

import java.io.IOException;

/** One consumer of a connection's messages. Called on threads of the MQTT client, so no method may block. */
public interface MessageHandler {

    /** Called when a message arrives that matches the handler's topic filter. */
    void messageArrived(InboundDelivery delivery);

    /**
     * Called when the server refuses the handler's topic filter on a later SUBSCRIBE, such as after a reconnect. A
     * refusal of the first SUBSCRIBE fails the subscription's future instead. No message arrives until the server
     * grants the filter.
     */
    void subscriptionRefused(IOException reason);

    /** Called when the server grants the handler's topic filter, for the first time or after a reconnect. */
    void subscriptionGranted();

    /**
     * Called when the connection with the subscription ends. The filter is subscribed to again on the next connection.
     */
    default void connectionLost(Throwable cause) {}
}
