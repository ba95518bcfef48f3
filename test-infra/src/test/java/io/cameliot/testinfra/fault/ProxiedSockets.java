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
package io.cameliot.testinfra.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Plain sockets on both sides of a proxy: a server that accepts on request, and clients of the proxy. */
final class ProxiedSockets implements AutoCloseable {

    /** The time limit of a read. */
    private static final int TIMEOUT_MILLIS = 10_000;

    private final ServerSocket listener = listen();
    private final List<Socket> sockets = new ArrayList<>();
    private final FaultProxy proxy =
            FaultProxy.to("127.0.0.1", listener.getLocalPort()).start();

    /** The two ends of a connection through the proxy. */
    record Ends(Socket client, Socket server) {
        Socket sender(Direction direction) {
            return direction == Direction.TO_SERVER ? client : server;
        }

        Socket receiver(Direction direction) {
            return direction == Direction.TO_SERVER ? server : client;
        }
    }

    FaultProxy proxy() {
        return proxy;
    }

    ServerSocket listener() {
        return listener;
    }

    Ends connect() throws IOException {
        Socket client = connectClient();
        return new Ends(client, prepared(listener.accept()));
    }

    Socket connectClient() throws IOException {
        return prepared(new Socket(InetAddress.getLoopbackAddress(), proxy.port()));
    }

    private Socket prepared(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        listener.close();
    }

    private static ServerSocket listen() {
        try {
            ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
            listener.setSoTimeout(TIMEOUT_MILLIS);
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
