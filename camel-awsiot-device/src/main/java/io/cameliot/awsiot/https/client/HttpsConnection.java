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
package io.cameliot.awsiot.https.client;

import io.cameliot.common.text.FailureText;
import io.cameliot.common.text.ForeignText;
import io.cameliot.common.transport.TlsFailures;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.TransportConnector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * A connection that carries one request at a time. Its event loop owns it; only {@link #send} and {@link #close} may be
 * called from any thread.
 */
final class HttpsConnection extends SimpleChannelInboundHandler<HttpObject> {

    private final HttpsConnections owner;
    private final TlsTarget target;
    private final int generation;
    private final Duration answerTimeout;
    /** Guarded by the owner: {@link System#nanoTime()} when the connection became idle. */
    private long idleSince;

    private ChannelHandlerContext context;
    private CompletableFuture<HttpAnswer> answer;
    private HttpResponse head;
    private ByteBuf body;
    private boolean hasAnswered;

    /**
     * @param target the server of the connection
     * @param generation the number of renewals of the pool before this connection
     * @param answerTimeout longest time between a request and its answer; then the connection counts as lost
     */
    HttpsConnection(HttpsConnections owner, TlsTarget target, int generation, Duration answerTimeout) {
        this.owner = owner;
        this.target = target;
        this.generation = generation;
        this.answerTimeout = answerTimeout;
    }

    int generation() {
        return generation;
    }

    long idleSince() {
        return idleSince;
    }

    void setIdleSince(long now) {
        idleSince = now;
    }

    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast("http", new HttpClientCodec());
        pipeline.addLast("exchange", this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Sends a request, from any thread. No other request may be in flight. */
    void send(HttpsRequest request) {
        context.executor().execute(() -> {
            answer = request.answer();
            head = null;
            body = Unpooled.buffer();
            Future<?> limit =
                    context.executor().schedule(this::answerMissing, answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
            request.answer().whenComplete((answered, failure) -> {
                limit.cancel(false);
                if (failure != null) {
                    abandon(request);
                }
            });
            if (context.channel().isActive()) {
                request.setSent();
            }
            context.writeAndFlush(request.message()).addListener(written -> {
                if (!written.isSuccess()) {
                    // A connection that ended before the request has reported its end already.
                    end(written.cause());
                }
            });
        });
    }

    /** Closes the connection of a request whose caller has failed it, unless its answer has freed the connection. */
    private void abandon(HttpsRequest request) {
        if (!context.executor().inEventLoop()) {
            context.executor().execute(() -> abandon(request));
        } else if (answer == request.answer()) {
            answer = null;
            close();
        }
    }

    private void answerMissing() {
        end(new IOException("no answer within connectionTimeout (" + answerTimeout.toMillis() + " ms)"));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ignored, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            end(new IOException(
                    "The answer is no HTTP: " + message.decoderResult().cause().getMessage(),
                    message.decoderResult().cause()));
            return;
        }
        if (answer == null) {
            end(new IOException("The server sent an answer that nobody asked for"));
            return;
        }
        if (message instanceof HttpResponse response) {
            head = response.status().codeClass() == HttpStatusClass.INFORMATIONAL ? null : response;
        }
        if (head != null && message instanceof HttpContent content) {
            body.writeBytes(
                    content.content(),
                    Math.min(content.content().readableBytes(), HttpAnswer.MAX_BODY_BYTES - body.readableBytes()));
            if (message instanceof LastHttpContent) {
                answered(HttpUtil.isKeepAlive(head));
            } else if (body.readableBytes() == HttpAnswer.MAX_BODY_BYTES) {
                answered(false);
            }
        }
    }

    private void answered(boolean keep) {
        CompletableFuture<HttpAnswer> done = answer;
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        Map<String, String> headers = new HashMap<>();
        head.headers().forEach(header -> headers.putIfAbsent(header.getKey(), header.getValue()));
        HttpAnswer read = new HttpAnswer(head.status().code(), headers, bytes);
        answer = null;
        hasAnswered = true;
        if (keep) {
            owner.free(this);
        } else {
            close();
        }
        done.complete(read);
    }

    /** Every exception ends the connection, so the request fails as by any other loss of it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable failure) {
        Throwable cause =
                failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        end(
                cause instanceof IOException
                        ? cause
                        : new IOException("The connection broke: " + ForeignText.shown(FailureText.of(cause)), cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        if (answer != null
                && head != null
                && !HttpUtil.isContentLengthSet(head)
                && !HttpUtil.isTransferEncodingChunked(head)) {
            // The end of the connection ends such a body (RFC 9112, section 6.3).
            answered(false);
        }
        end(new EOFException("The server closed the connection"));
    }

    private void end(Throwable failure) {
        CompletableFuture<HttpAnswer> open = answer;
        answer = null;
        close();
        if (open != null) {
            open.completeExceptionally(explained(failure));
        }
    }

    /** With TLS 1.3 a server refuses a certificate after the handshake of the client (RFC 8446, section 2). */
    private Throwable explained(Throwable failure) {
        return failure instanceof SSLException tls && !hasAnswered
                ? TlsFailures.explainHandshake(tls, target, 2)
                : failure;
    }

    /** Closes the connection at once, from any thread. */
    void close() {
        owner.ended(this);
        TransportConnector.abort(context.channel());
    }
}
