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

/** Selects the route of a connection by its ClientHello. Called on the connection's event loop. */
@FunctionalInterface
public interface TlsRouter {
    /**
     * Selects the route of a connection.
     *
     * @param hello the client's request
     * @return the route
     * @throws TlsRefusedException if the client is refused with an alert
     */
    TlsRoute route(ClientHello hello) throws TlsRefusedException;

    /**
     * Called for each connection whose handshake failed for any reason.
     *
     * @param channel the connection
     * @param cause the reason
     */
    default void handshakeFailed(Channel channel, Throwable cause) {}
}
