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
package io.cameliot.common.tls;

import io.cameliot.common.tls.TlsConnectException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** SOCKS 5 CONNECT (RFC 1928), with user name and password (RFC 1929) where they are given. The proxy resolves names. */
final class Socks5Tunnel extends ProxyTunnel {

    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int USER_AND_PASSWORD_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int DOMAIN_NAME = 3;
    private static final int IPV6 = 4;

    Socks5Tunnel(TlsTarget target) {
        super(target);
    }

    @Override
    void negotiate(Transport transport) throws IOException {
        DataInputStream in = new DataInputStream(transport.getInputStream());
        send(transport, greeting());
        expectVersion(in);
        switch (in.readUnsignedByte()) {
            case NO_AUTHENTICATION -> {
                // Nothing more is asked for.
            }
            case USER_AND_PASSWORD -> logIn(transport, in);
            default -> throw wantsUser("no acceptable authentication method");
        }
        send(transport, connectRequest());
        readReply(in);
    }

    private byte[] greeting() {
        return proxy().hasUser()
                ? new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD}
                : new byte[] {VERSION, 1, NO_AUTHENTICATION};
    }

    private void logIn(Transport transport, DataInputStream in) throws IOException {
        if (!proxy().hasUser()) {
            throw wantsUser("user name and password");
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(USER_AND_PASSWORD_VERSION);
        writeCounted(request, proxy().user());
        writeCounted(request, proxy().password());
        send(transport, request.toByteArray());
        in.readUnsignedByte();
        int status = in.readUnsignedByte();
        if (status != 0) {
            throw wantsUser("SOCKS 5 log-in status " + status);
        }
    }

    private byte[] connectRequest() throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(VERSION);
        request.write(CONNECT);
        request.write(0);
        String host = destination().host();
        if (TlsTarget.isAddressLiteral(host)) {
            InetAddress address = InetAddress.getByName(host);
            request.write(address instanceof Inet4Address ? IPV4 : IPV6);
            request.writeBytes(address.getAddress());
        } else {
            request.write(DOMAIN_NAME);
            writeCounted(request, host);
        }
        new DataOutputStream(request).writeShort(destination().port());
        return request.toByteArray();
    }

    private void readReply(DataInputStream in) throws IOException {
        expectVersion(in);
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw refusal(reply);
        }
        in.readUnsignedByte();
        int addressLength =
                switch (in.readUnsignedByte()) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case DOMAIN_NAME -> in.readUnsignedByte();
                    default -> throw isNone("SOCKS 5");
                };
        in.readFully(new byte[addressLength + Short.BYTES]);
    }

    private TlsConnectException refusal(int reply) {
        String status = "SOCKS 5 reply " + reply;
        return switch (reply) {
            case 1 -> cannotReach(status + ": general failure");
            case 2 -> forbids(status + ": not allowed by ruleset");
            case 3 -> cannotReach(status + ": network unreachable");
            case 4 -> cannotReach(status + ": host unreachable");
            case 5 -> cannotReach(status + ": connection refused");
            case 6 -> cannotReach(status + ": TTL expired");
            case 7 -> failure(Reason.NO_COMMON_PROTOCOL, "the proxy takes no CONNECT (" + status + ")");
            case 8 ->
                failure(
                        Reason.NO_COMMON_PROTOCOL,
                        "the proxy does not know the kind of address of " + destination() + " (" + status + ")");
            default -> cannotReach(status);
        };
    }

    private void expectVersion(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() != VERSION) {
            throw isNone("SOCKS 5");
        }
    }

    private static void writeCounted(ByteArrayOutputStream request, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        request.write(bytes.length);
        request.writeBytes(bytes);
    }

    private static void send(Transport transport, byte[] message) throws IOException {
        transport.getOutputStream().write(message);
    }
}
