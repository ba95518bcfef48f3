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
package io.cameliot.common.transport;

import io.cameliot.common.transport.TlsConnectException.Reason;
import java.time.Duration;

/**
 * The destination and the properties of a TLS connection.
 *
 * @param address   the server and the way to it
 * @param tls       the offer of the TLS handshake
 * @param webSocket the upgrade to a WebSocket after the TLS handshake; null for plain TLS
 * @param timeout   limit for the whole attempt: name resolution, all addresses, the proxy, the TLS handshake and the
 *     WebSocket upgrade
 * @param advice    adds to the messages of failures what the user can do
 */
public record TlsTarget(
        ServerAddress address, TlsOffer tls, WebSocketUpgrade webSocket, Duration timeout, ConnectAdvice advice) {

    /** Returns the same target with another WebSocket upgrade; null for none. */
    public TlsTarget withWebSocket(WebSocketUpgrade upgrade) {
        return new TlsTarget(address, tls, upgrade, timeout, advice);
    }

    /** Returns advice on a fault, as the end of a sentence; possibly empty. */
    public String advice(ConnectFault fault) {
        return advice.on(fault, this);
    }

    /** Returns the exception for a fault. Its message says what happened and ends with the advice. */
    public TlsConnectException cannotConnect(ConnectFault fault, String what, Throwable cause) {
        return cannotConnect(fault.reason(), what + advice(fault), cause);
    }

    /** Returns the exception for a failure without advice, or with the advice inside {@code what}. */
    public TlsConnectException cannotConnect(Reason reason, String what, Throwable cause) {
        return new TlsConnectException(reason, "Cannot connect to " + this + ": " + what, cause);
    }

    /** The target, with {@code connectTo} and the proxy if there are any, for messages. */
    @Override
    public String toString() {
        return address.toString();
    }
}
