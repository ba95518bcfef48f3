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
package io.cameliot.common.transport.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A relay that forwards a server's bytes one by one, up to a limit. */
final class TrickleRelay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrickleRelay.class);

    static final int UNLIMITED = 1 << 30;

    private final Semaphore permits = new Semaphore(0);
    private final AtomicLong fromClient = new AtomicLong();
    private final CompletableFuture<Long> clientEnd = new CompletableFuture<>();
    private final ScriptedServer front;
    private final ScriptedServer back;

    TrickleRelay(ScriptedServer back) {
        this.back = back;
        this.front = ScriptedServer.plain(this::relay);
    }

    int port() {
        return front.port();
    }

    void permit(int bytes) {
        permits.release(bytes);
    }

    void hold() {
        permits.drainPermits();
    }

    /** The number of bytes that the client has sent. */
    long fromClient() {
        return fromClient.get();
    }

    /** The number of bytes that the client had sent when it closed the connection. */
    Future<Long> clientEnd() {
        return clientEnd;
    }

    private void relay(Socket client) throws Exception {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), back.port())) {
            client.setTcpNoDelay(true);
            Thread forth = new Thread(() -> copy(client, server), "trickle-relay");
            forth.start();
            InputStream from = server.getInputStream();
            OutputStream to = client.getOutputStream();
            for (int b = from.read(); b >= 0; b = from.read()) {
                permits.acquire();
                to.write(b);
            }
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (to) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                fromClient.addAndGet(n);
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            LOG.debug("The client's connection broke", e);
        } finally {
            clientEnd.complete(fromClient.get());
        }
    }

    @Override
    public void close() {
        front.close();
    }
}
