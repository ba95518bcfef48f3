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

import io.cameliot.common.text.ForeignText;
import java.io.IOException;

/** A connection could not be opened or has ended. The message says what to check. */
public class TlsConnectException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why the connection failed. */
    public enum Reason {
        /** The server's name has no address. */
        UNKNOWN_HOST(true),
        /** No address of the server accepts connections. */
        UNREACHABLE(true),
        /** The server did not answer in time. */
        TIMEOUT(true),
        /**
         * The server closed the connection without a reason, by close_notify (RFC 8446, section 6.1) or by the Close
         * frame of a WebSocket. TLS protects both, so no failure of the network or of a proxy looks like this.
         */
        CLOSED_BY_SERVER(true),
        /** The connection broke, or ended without a word from the server: the network can be the cause. */
        CONNECTION_LOST(true),
        /** The server did not answer a PINGREQ in time: the server or the network is dead. */
        KEEP_ALIVE_EXPIRED(true),
        /** The server violated the MQTT protocol. */
        PROTOCOL_ERROR(true),
        /** The server's certificate is not trusted, has expired, or is not for the host name. */
        SERVER_NOT_TRUSTED(false),
        /** The server refused the client certificate, or required one that was not configured. */
        CLIENT_REFUSED(false),
        /** The two sides agree on no TLS version, cipher suite or application protocol. */
        NO_COMMON_PROTOCOL(false),
        /** The forward proxy refused the user name, the password or the requested address. */
        PROXY_REFUSED(false),
        /** The server refused to open a WebSocket. */
        UPGRADE_REFUSED(false),
        /** The server or the forward proxy is temporarily unavailable: HTTP status 429 or 5xx. */
        UNAVAILABLE(true);

        private final boolean passing;

        Reason(boolean passing) {
            this.passing = passing;
        }

        /** Whether the same attempt can succeed later without a change on this side. */
        public boolean isPassing() {
            return passing;
        }
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param message may quote text from outside: its control characters are escaped
     */
    public TlsConnectException(Reason reason, String message, Throwable cause) {
        super(ForeignText.escaped(message), cause);
        this.reason = reason;
    }

    public Reason getReason() {
        return reason;
    }

    /** Finds the first exception of this type in the chain of causes; null if there is none. */
    public static TlsConnectException find(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof TlsConnectException found) {
                return found;
            }
        }
        return null;
    }
}
