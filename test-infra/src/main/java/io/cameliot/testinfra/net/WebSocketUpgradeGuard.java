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
package io.cameliot.testinfra.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.Optional;

/** Can refuse a valid WebSocket upgrade. Called on the connection's event loop. */
@FunctionalInterface
public interface WebSocketUpgradeGuard {
    /** Accepts every upgrade. */
    WebSocketUpgradeGuard OPEN = (request, channel) -> Optional.empty();

    /**
     * Checks an upgrade.
     *
     * @param request the upgrade request
     * @param channel its connection, on which the guard can set attributes for later handlers
     * @return the response instead of the upgrade, or empty to accept it
     */
    Optional<HttpReply> refuse(FullHttpRequest request, Channel channel);
}
