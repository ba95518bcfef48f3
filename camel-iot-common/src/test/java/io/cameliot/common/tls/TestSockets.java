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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Connects sockets, and closes whatever a test opened in reverse order. */
final class TestSockets implements AfterEachCallback {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T track(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    ScriptedServer tls(SSLContext context, ScriptedServer.Script<SSLSocket> script) {
        return track(ScriptedServer.tls(context, script));
    }

    ScriptedServer plain(ScriptedServer.Script<Socket> script) {
        return track(ScriptedServer.plain(script));
    }

    TlsSocket socket(TlsTarget target) {
        return track(new TlsSocket(target));
    }

    TlsSocket connect(TlsTarget target) throws IOException {
        TlsSocket socket = socket(target);
        socket.connect(null);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    /** What connecting to the target fails with. */
    TlsConnectException failure(TlsTarget target) {
        return failure(socket(target));
    }

    static TlsConnectException failure(TlsSocket socket) {
        return catchThrowableOfType(TlsConnectException.class, () -> socket.connect(null));
    }

    /** As {@link #failure}, where the server may say no only after the handshake has ended for the client (TLS 1.3). */
    TlsConnectException failureUntilTheFirstRead(TlsTarget target) {
        try {
            TlsSocket socket = connect(target);
            try {
                socket.getInputStream().read();
                return null;
            } catch (IOException e) {
                return TlsFailures.explain(e, target);
            }
        } catch (IOException e) {
            return (TlsConnectException) e;
        }
    }

    static void assertEchoes(TlsSocket socket) throws IOException {
        assertEchoes(socket, PING);
    }

    static void assertEchoes(TlsSocket socket, byte[] message) throws IOException {
        socket.getOutputStream().write(message);
        socket.getOutputStream().flush();
        assertThat(socket.getInputStream().readNBytes(message.length)).isEqualTo(message);
    }

    /**
     * An address that answers no SYN, since the queue of its listener is full.
     *
     * @param port 0 for a free one
     * @return the port
     */
    int blackHole(String address, int port) throws IOException {
        ServerSocket listener = track(new ServerSocket(port, 1, InetAddress.getByName(address)));
        while (true) {
            Socket filler = track(new Socket());
            try {
                filler.connect(listener.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                return listener.getLocalPort();
            }
        }
    }

    /** A port that nobody listens on. */
    static int closedPort() throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return listener.getLocalPort();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }
}
