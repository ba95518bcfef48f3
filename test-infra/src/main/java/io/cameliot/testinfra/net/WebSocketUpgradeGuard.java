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

/** Has the last word on a WebSocket upgrade that is otherwise in order. Called on the connection's event loop. */
@FunctionalInterface
public interface WebSocketUpgradeGuard {
    /** Lets every upgrade pass. */
    WebSocketUpgradeGuard OPEN = (request, channel) -> Optional.empty();

    /**
     * Judges an upgrade.
     *
     * @param request the upgrade request
     * @param channel its connection, which can be given attributes for the handlers behind the upgrade
     * @return the answer instead of the upgrade, or empty to let it pass
     */
    Optional<HttpReply> refuse(FullHttpRequest request, Channel channel);
}
