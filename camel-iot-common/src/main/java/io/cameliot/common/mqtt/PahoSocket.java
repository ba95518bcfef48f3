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
package io.cameliot.common.mqtt;

import io.cameliot.common.tls.TlsSocket;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * The socket that Paho holds: a {@link TlsSocket}, with two faults of Paho 1.2.5 kept out.
 *
 * <p>Paho's connecting thread starts three loops and, after each start, polls in steps of 100 ms whether the loop runs.
 * It polls for ever when a loop has ended before it looked, as the receiving loop does when a TLS 1.3 server refuses the
 * client certificate, which shows at the first read. So nothing is read before the CONNECT was written: until then
 * {@code read} times out, as it does on a silent connection. Meanwhile the reading thread, which is itself proof that
 * its loop runs, wakes the connecting thread from its naps, which saves some 300 ms a connection.
 */
final class PahoSocket extends Socket {

    private static final long NAP_MILLIS = 1;

    private final TlsSocket socket;
    private final Object lock = new Object();
    private boolean connectWritten; // guarded by lock
    private PahoExecutor.Running connector; // guarded by lock
    private volatile int readTimeout;

    PahoSocket(TlsSocket socket) {
        this.socket = socket;
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
        socket.connect(address, timeout);
        synchronized (lock) {
            connector = PahoExecutor.current();
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int available() throws IOException {
                // Paho asks before each read, and a closed stream throws.
                return isConnectWritten() ? in.available() : 0;
            }

            @Override
            public int read() throws IOException {
                awaitConnectWritten();
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                awaitConnectWritten();
                return in.read(bytes, offset, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                out.flush();
                synchronized (lock) {
                    connectWritten = true;
                    connector = null;
                    lock.notifyAll();
                }
            }
        };
    }

    private boolean isConnectWritten() {
        synchronized (lock) {
            return connectWritten;
        }
    }

    private void awaitConnectWritten() throws IOException {
        synchronized (lock) {
            long end = System.nanoTime() + readTimeout * 1_000_000L;
            while (!connectWritten) {
                if (System.nanoTime() - end >= 0) {
                    throw new SocketTimeoutException("No CONNECT was sent yet");
                }
                if (connector != null) {
                    connector.interrupt();
                }
                try {
                    lock.wait(NAP_MILLIS);
                } catch (InterruptedException e) {
                    // Paho interrupts its loops to end them and looks at its own state next.
                    Thread.currentThread().interrupt();
                    throw new SocketTimeoutException("Interrupted");
                }
            }
        }
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        readTimeout = millis;
        socket.setSoTimeout(millis);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
