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

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** A connection with blocking calls, each of which has a time limit. */
final class TestConnection implements AutoCloseable {

    private static final long LIMIT_SECONDS = 20;

    private final Channel channel;
    private final Inbox inbox;

    TestConnection(Channel channel, Inbox inbox) {
        this.channel = channel;
        this.inbox = inbox;
    }

    Channel channel() {
        return channel;
    }

    /** Returns the next byte; -1 at the end of the connection. */
    int read() throws IOException {
        byte[] single = inbox.read(1);
        return single.length == 0 ? -1 : single[0] & 0xFF;
    }

    byte[] readNBytes(int length) throws IOException {
        return inbox.read(length);
    }

    byte[] readAllBytes() throws IOException {
        return inbox.read(Integer.MAX_VALUE);
    }

    /** Writes and waits until the write has succeeded or failed. */
    void write(byte... bytes) throws IOException {
        ChannelFuture written = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        if (!written.awaitUninterruptibly(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new SocketTimeoutException("The write takes too long");
        }
        if (!written.isSuccess()) {
            throw new IOException(written.cause());
        }
    }

    /** The negotiated application protocol; empty if there is none. */
    String applicationProtocol() {
        return channel.pipeline().get(SslHandler.class).engine().getApplicationProtocol();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Closes the connection in an orderly way. */
    @Override
    public void close() {
        awaitEnd(channel.close());
    }

    /** Closes the connection without closing messages. */
    void abort() {
        TransportConnector.abort(channel);
        awaitEnd(channel.closeFuture());
    }

    private static void awaitEnd(ChannelFuture closed) {
        if (!closed.awaitUninterruptibly(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The connection does not close");
        }
    }
}
