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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;

/**
 * A client's TCP socket over a channel, which an {@link IdleWatch} can watch while nobody reads. The channel never
 * blocks; who reads, writes or connects, waits for it.
 */
final class ChannelSocketImpl extends SocketImpl {

    private static final Map<Integer, SocketOption<?>> OPTIONS = Map.of(
            SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
            SocketOptions.SO_LINGER, StandardSocketOptions.SO_LINGER,
            SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
            SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
            SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
            SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
            SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS);

    private final SocketChannel channel;
    private final ChannelWait readable;
    private final ChannelWait writable;
    private final Object lock = new Object();
    private IdleWatch.Parked parked; // guarded by lock
    private volatile boolean closed; // written under lock
    private volatile int readTimeout;
    private boolean drained; // belongs to the reading thread

    ChannelSocketImpl() throws IOException {
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        readable = new ChannelWait(channel);
        writable = new ChannelWait(channel);
    }

    /**
     * Has the watch run the task when there is something to read, the end of the stream included, or when this is closed.
     *
     * @return false if it cannot, since this is closed or the watch has ended
     */
    boolean park(IdleWatch watch, Runnable task) throws IOException {
        readable.release();
        writable.release();
        synchronized (lock) {
            parked = closed ? null : watch.park(channel, task);
            return parked != null;
        }
    }

    @Override
    protected void create(boolean stream) {
        // The channel is there from the beginning, so that closing closes it in whatever state.
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(SocketAddress endpoint, int timeout) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) endpoint;
        if (remote.isUnresolved()) {
            throw new UnknownHostException(remote.getHostString());
        }
        address = remote.getAddress();
        port = remote.getPort();
        try {
            boolean connected = channel.connect(remote);
            while (!connected) {
                if (!writable.await(SelectionKey.OP_CONNECT, timeout)) {
                    throw new SocketTimeoutException("Connect timed out");
                }
                connected = channel.finishConnect();
            }
            writable.release();
            localport = channel.socket().getLocalPort();
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    /**
     * As a socket's read.
     *
     * @param timeoutMillis zero to wait for as long as it takes
     * @throws SocketTimeoutException if nothing came in that time; a later read goes on where this one did
     */
    int read(byte[] bytes, int offset, int length, int timeoutMillis) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            ByteBuffer target = ByteBuffer.wrap(bytes, offset, length);
            // A read that got less than it could has emptied the channel: to ask again at once is seldom worth it.
            int count = drained ? 0 : channel.read(target);
            while (count == 0) {
                if (!readable.await(SelectionKey.OP_READ, timeoutMillis)) {
                    throw new SocketTimeoutException("Read timed out");
                }
                count = channel.read(target);
            }
            drained = count < length;
            return count;
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
            while (source.hasRemaining()) {
                // A reader that closing has ended may be faster than it, and JSSE would send an alert.
                if (closed) {
                    throw new SocketException("Socket closed");
                }
                if (channel.write(source) == 0) {
                    writable.await(SelectionKey.OP_WRITE, 0);
                }
            }
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    /** Sockets throw no other exceptions than these, and who uses them knows no channels. */
    private static IOException socketException(IOException e) {
        if (e instanceof SocketException || e instanceof SocketTimeoutException) {
            return e;
        }
        SocketException translated =
                new SocketException(e instanceof ClosedChannelException ? "Socket closed" : e.getMessage());
        translated.initCause(e);
        return translated;
    }

    @Override
    protected InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] single = new byte[1];
                return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return ChannelSocketImpl.this.read(bytes, offset, length, readTimeout);
            }
        };
    }

    @Override
    protected OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ChannelSocketImpl.this.write(bytes, offset, length);
            }
        };
    }

    /** A channel does not tell. */
    @Override
    protected int available() {
        return 0;
    }

    @Override
    protected void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Ends at once whatever waits, on whatever thread. The selectors go first, since they would keep the socket open. */
    @Override
    protected void close() throws IOException {
        IdleWatch.Parked toWake;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            toWake = parked;
        }
        try (channel) {
            readable.close();
            writable.close();
        } finally {
            if (toWake != null) {
                toWake.wake();
            }
        }
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        if (id == SocketOptions.SO_TIMEOUT) {
            readTimeout = (Integer) value;
            return;
        }
        try {
            // Socket says false instead of a negative time to linger.
            set(option(id), id == SocketOptions.SO_LINGER && value instanceof Boolean ? Integer.valueOf(-1) : value);
        } catch (IOException e) {
            throw (SocketException) socketException(e);
        }
    }

    @SuppressWarnings("unchecked") // Socket gives each option a value of its type.
    private <T> void set(SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, (T) value);
    }

    @Override
    public Object getOption(int id) throws SocketException {
        if (id == SocketOptions.SO_TIMEOUT) {
            return readTimeout;
        }
        try {
            return id == SocketOptions.SO_BINDADDR ? channel.socket().getLocalAddress() : channel.getOption(option(id));
        } catch (IOException e) {
            throw (SocketException) socketException(e);
        }
    }

    private static SocketOption<?> option(int id) throws SocketException {
        SocketOption<?> option = OPTIONS.get(id);
        if (option == null) {
            throw new SocketException("The socket option " + Integer.toHexString(id) + " is not supported");
        }
        return option;
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        channel.bind(new InetSocketAddress(host, port));
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("A client's socket does not listen");
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        throw new SocketException("A client's socket does not accept");
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("Urgent data is not supported");
    }
}
