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

/** Decides by its ClientHello how a connection is served. Called on the connection's event loop. */
@FunctionalInterface
public interface TlsRouter {
    /**
     * Chooses the route of a connection.
     *
     * @param hello what the client asks for
     * @return the route
     * @throws TlsRefusedException if the client is to be sent away with an alert
     */
    TlsRoute route(ClientHello hello) throws TlsRefusedException;

    /**
     * Told of each connection that did not get through its handshake, for whatever reason.
     *
     * @param cause why
     */
    default void handshakeFailed(Throwable cause) {}
}
