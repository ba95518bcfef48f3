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
package io.cameliot.testinfra.event;

/** The rules by which a TLS handshake fails, at both clouds. */
public enum TlsRule implements Rule {
    /** The bytes of the client are no TLS. */
    NOT_TLS("Every connection begins with a TLS handshake. The client has sent something else.", Sources.TRANSPORT),
    /** The ClientHello has no server name. */
    SERVER_NAME_MISSING(
            "The client must send the endpoint's name in the TLS handshake (SNI). It has sent none: connect by the name,"
                    + " or set the SNI name if the address is an IP address or localhost.",
            Sources.TRANSPORT),
    /** The server name is not served on this port. */
    SERVER_NAME_UNKNOWN("The server name (SNI) must be an endpoint of this account on this port.", Sources.TRANSPORT),
    /** None of the client's ALPN names is served on this port. */
    ALPN_NOT_SERVED(
            "The ALPN name selects the protocol and the authentication on port 443. Offer the name of the wanted row of"
                    + " the matrix, or none for WebSocket and HTTPS with a signature.",
            "AWS IoT Core Developer Guide, \"Protocols, port mappings, and authentication\""),
    /** Client and server have no TLS version in common. */
    VERSION("Client and server must have a TLS version in common.", Sources.TRANSPORT),
    /** Client and server have no cipher suite in common. */
    CIPHER_SUITE("Client and server must have a cipher suite in common.", Sources.TRANSPORT),
    /** The client has sent no certificate although the row of the matrix requires one. */
    CERTIFICATE_MISSING(
            "This row of the matrix authenticates by client certificate. The client has sent none: configure its"
                    + " certificate and key, or choose a row with another authentication. Clients in Java also send none if no"
                    + " registered authority has the name of its issuer.",
            Sources.CERTIFICATES),
    /** The certificate leads to no registered authority. */
    CERTIFICATE_NOT_REGISTERED(
            "The client certificate must be registered, or be issued by a registered authority.", Sources.CERTIFICATES),
    /** The certificate is expired or not yet valid. */
    CERTIFICATE_NOT_VALID_NOW(
            "The client certificate must be valid at the time of the handshake.", Sources.CERTIFICATES),
    /** The certificate is registered but not active. */
    CERTIFICATE_NOT_ACTIVE(
            "The client certificate must be active. It is deactivated, pending, revoked or deleted, or it is a claim"
                    + " that has expired.",
            "AWS IoT Core Developer Guide, \"Activate or deactivate a client certificate\""),
    /** The client has ended the handshake with an alert. */
    CLIENT_ALERT(
            "The client has ended the handshake. With the alerts unknown_ca, certificate_unknown and bad_certificate it"
                    + " does not trust the server: give it the emulator's CA certificate, and connect by the"
                    + " certificate's host name.",
            "RFC 8446, section 6.2"),
    /** The client has closed the connection during the handshake. */
    CLIENT_CLOSED(
            "The client has closed the connection during the handshake. Its own log tells why; often it does not trust"
                    + " the server's certificate.",
            "RFC 8446, section 6"),
    /** The handshake has failed for another reason. */
    HANDSHAKE("The TLS handshake must succeed.", Sources.TRANSPORT),
    /** A fault was injected. */
    INJECTED_FAULT("A fault was injected into the emulator.", "The emulator's user");

    private final String meaning;
    private final String source;

    TlsRule(String meaning, String source) {
        this.meaning = meaning;
        this.source = source;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    @Override
    public String source() {
        return source;
    }

    private static final class Sources {
        private static final String TRANSPORT =
                "AWS IoT Core Developer Guide, \"Transport security in AWS IoT Core\"; Azure, \"TLS support in DPS\"";
        private static final String CERTIFICATES = "AWS IoT Core Developer Guide, \"X.509 client certificates\"";
    }
}
