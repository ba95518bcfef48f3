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

/** One consumer of a connection's messages. Called on the client's own threads: hand off, never block. */
public interface MessageHandler {

    /** A message arrived that fits the handler's topic filter. */
    void messageArrived(InboundDelivery delivery);

    /** After a reconnect the server refused the handler's topic filter: no message will arrive until the next one. */
    void subscriptionRefused(IOException reason);

    /** The server granted the handler's topic filter, for the first time or after a reconnect. */
    void subscriptionGranted();

    /** The connection ended on which the filter was asked for; it is asked for again on the next one. */
    default void connectionLost(Throwable cause) {}
}
