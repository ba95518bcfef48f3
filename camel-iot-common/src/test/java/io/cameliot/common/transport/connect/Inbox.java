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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The received bytes of a connection, for a thread that waits for them. */
final class Inbox extends ChannelInboundHandlerAdapter {

    private static final long LIMIT_SECONDS = 20;
    private static final Object END = new Object();

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private byte[] rest = {};
    private boolean ended;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            received.add(ByteBufUtil.getBytes((ByteBuf) message));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            received.add(END);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        received.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        received.add(failure);
    }

    /** Returns the next bytes; null at the end of the connection. */
    private byte[] take() throws IOException {
        if (rest.length > 0) {
            byte[] taken = rest;
            rest = new byte[0];
            return taken;
        }
        if (ended) {
            return null;
        }
        Object next;
        try {
            next = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (next == null) {
            throw new SocketTimeoutException("Nothing came");
        }
        if (next instanceof byte[] bytes) {
            return bytes;
        }
        if (next instanceof Throwable failure) {
            throw failure instanceof IOException e ? e : new IOException(failure);
        }
        ended = true;
        return null;
    }

    /** Returns the requested number of bytes, fewer at the end of the connection. */
    byte[] read(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < length) {
            byte[] taken = take();
            if (taken == null) {
                break;
            }
            int missing = Math.min(taken.length, length - bytes.size());
            bytes.write(taken, 0, missing);
            rest = Arrays.copyOfRange(taken, missing, taken.length);
        }
        return bytes.toByteArray();
    }
}
