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

/**
 * The fault that prevented a connection. Two faults differ if a user fixes them in different ways; two {@link Reason}s
 * differ if a component reacts to them in different ways.
 */
public enum ConnectFault {
    /** The dialled name has no address. */
    NAME_UNKNOWN(Reason.UNKNOWN_HOST),
    /** No dialled address accepts connections. */
    ADDRESS_UNREACHABLE(Reason.UNREACHABLE),
    /** No answer arrived in time, at any stage. */
    NO_ANSWER(Reason.TIMEOUT),

    /** The dialled server does not speak TLS. */
    NO_TLS(Reason.NO_COMMON_PROTOCOL),
    /** The server supports none of the offered TLS versions. */
    NO_TLS_VERSION(Reason.NO_COMMON_PROTOCOL),
    /** The server refused the handshake for a reason of its own. */
    HANDSHAKE_REFUSED(Reason.NO_COMMON_PROTOCOL),
    /** The server closed the connection during the handshake. */
    HANDSHAKE_CUT(Reason.CONNECTION_LOST),
    /** The server's certificate is expired or not yet valid. */
    CERTIFICATE_OUT_OF_DATE(Reason.SERVER_NOT_TRUSTED),
    /** The server's certificate comes from a CA that is not trusted. */
    CERTIFICATE_OF_UNKNOWN_CA(Reason.SERVER_NOT_TRUSTED),
    /** The server's certificate is not made out for the host. */
    CERTIFICATE_OF_OTHER_HOST(Reason.SERVER_NOT_TRUSTED),
    /** The server refused the client certificate, or wanted one and got none. */
    CLIENT_CERTIFICATE_REFUSED(Reason.CLIENT_REFUSED),

    /** The proxy wants a user name and a password. */
    PROXY_WANTS_LOGIN(Reason.PROXY_REFUSED),
    /** The proxy does not accept the user name and password. */
    PROXY_REFUSES_LOGIN(Reason.PROXY_REFUSED),
    /** The proxy may not connect to the address. */
    PROXY_FORBIDS(Reason.PROXY_REFUSED),
    /** The proxy cannot connect to the address. */
    PROXY_CANNOT_REACH(Reason.UNREACHABLE),
    /** The address of the proxy belongs to some other kind of server. */
    NO_PROXY(Reason.NO_COMMON_PROTOCOL),
    /** The proxy closed the connection. */
    PROXY_CLOSED(Reason.CONNECTION_LOST),

    /** The answer to the WebSocket upgrade is not HTTP, or selects another subprotocol. */
    NO_WEB_SOCKET(Reason.NO_COMMON_PROTOCOL),
    /** The connection ended before the answer to the WebSocket upgrade. */
    UPGRADE_CUT(Reason.CONNECTION_LOST),
    /** The answer to the upgrade rejects the credentials (401, 403). */
    UPGRADE_NOT_AUTHORIZED(Reason.UPGRADE_REFUSED),
    /** There is no WebSocket at the path (404). */
    UPGRADE_NOT_FOUND(Reason.UPGRADE_REFUSED),
    /** A proxy on the way requires a user name and a password (407). */
    UPGRADE_WANTS_PROXY_LOGIN(Reason.UPGRADE_REFUSED),
    /** A server or proxy on the way redirects (3xx). */
    UPGRADE_REDIRECTED(Reason.UPGRADE_REFUSED),
    /** The server does not treat the request as an upgrade (any other status). */
    UPGRADE_NOT_UNDERSTOOD(Reason.UPGRADE_REFUSED),
    /** The server cannot serve the request at present (429, 5xx). */
    UPGRADE_UNAVAILABLE(Reason.UNAVAILABLE),

    /** The server does not support MQTT 5; its CONNACK says so. */
    NO_MQTT_5(Reason.NO_COMMON_PROTOCOL);

    private final Reason reason;

    ConnectFault(Reason reason) {
        this.reason = reason;
    }

    /** Returns the reason, which determines the component's reaction. */
    public Reason reason() {
        return reason;
    }
}
