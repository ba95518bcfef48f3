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
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The client's opening handshake of a WebSocket (RFC 6455, section 4.1). */
final class WebSocketHandshake {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 16;
    private static final int MAX_BODY_BYTES = 4096;

    private final TlsTarget target;
    private final WebSocketUpgrade upgrade;
    private final String key;

    WebSocketHandshake(TlsTarget target) {
        this.target = target;
        this.upgrade = target.webSocket();
        byte[] nonce = new byte[KEY_BYTES];
        RANDOM.nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    /**
     * Sends the request and reads the answer up to its last byte: what follows in the stream are frames.
     *
     * @throws WebSocketRefusedException if the server answers with another status than 101
     * @throws TlsConnectException if it is no WebSocket server, or one of another subprotocol
     */
    void perform(InputStream in, OutputStream out) throws IOException {
        out.write(request().getBytes(StandardCharsets.UTF_8));
        out.flush();
        HttpResponseHead answer;
        try {
            answer = HttpResponseHead.read(in);
        } catch (ProtocolException | EOFException e) {
            throw new TlsConnectException(
                    e instanceof EOFException ? Reason.CONNECTION_LOST : Reason.NO_COMMON_PROTOCOL,
                    "Cannot connect to " + target + ": no HTTP answer to the WebSocket upgrade (" + e.getMessage()
                            + "): check options " + target.hostOption() + " and port",
                    e);
        }
        if (answer.status() != 101) {
            throw new WebSocketRefusedException(
                    target,
                    answer.status(),
                    answer.reason(),
                    answer.headers(),
                    new HttpBodyStart(answer, MAX_BODY_BYTES).read(in));
        }
        check(
                answer.hasToken("Upgrade", "websocket") && answer.hasToken("Connection", "Upgrade"),
                "the server's 101 answer does not upgrade to a WebSocket");
        check(answer.header("Sec-WebSocket-Accept").equals(accept()), "the server's Sec-WebSocket-Accept is wrong");
        check(
                answer.header("Sec-WebSocket-Protocol").equals(upgrade.subprotocol()),
                "the server did not agree on the WebSocket subprotocol " + upgrade.subprotocol());
        check(
                answer.header("Sec-WebSocket-Extensions").isEmpty(),
                "the server set a WebSocket extension that was not offered");
    }

    private String request() {
        StringBuilder request = new StringBuilder("GET ").append(upgrade.path()).append(" HTTP/1.1\r\n");
        header(request, "Host", target.authority());
        header(request, "Upgrade", "websocket");
        header(request, "Connection", "Upgrade");
        header(request, "Sec-WebSocket-Key", key);
        header(request, "Sec-WebSocket-Version", "13");
        header(request, "Sec-WebSocket-Protocol", upgrade.subprotocol());
        upgrade.headers().forEach((name, value) -> header(request, name, value));
        return request.append("\r\n").toString();
    }

    private static void header(StringBuilder request, String name, String value) {
        request.append(name).append(": ").append(value).append("\r\n");
    }

    private String accept() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }

    private void check(boolean holds, String otherwise) throws TlsConnectException {
        if (!holds) {
            throw new TlsConnectException(
                    Reason.NO_COMMON_PROTOCOL,
                    "Cannot connect to " + target + ": " + otherwise + ": check options " + target.hostOption()
                            + " and port",
                    null);
        }
    }
}
