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

import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.WebSocketRefusedException;
import io.cameliot.common.transport.WebSocketUpgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.io.EOFException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Upgrades the connection to a WebSocket (RFC 6455, section 4.1) and explains a server's refusal. */
final class WebSocketStage extends SimpleChannelInboundHandler<HttpObject> {

    private static final int LARGEST_BODY = 4096;

    private final TlsTarget target;
    private final WebSocketClientHandshaker handshaker;
    private final CompletableFuture<Void> upgraded = new CompletableFuture<>();
    private final ByteBuf body = Unpooled.buffer();
    private HttpResponse refusal;

    WebSocketStage(TlsTarget target) {
        this.target = target;
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.HOST, target.address().authority());
        target.webSocket().headers().forEach(headers::set);
        this.handshaker = new Handshaker(target.webSocket(), headers);
    }

    /** Completes when the pipeline carries WebSocket frames, or fails with the reason why it does not. */
    CompletableFuture<Void> upgraded() {
        return upgraded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.pipeline().addBefore(context.name(), null, new FirstByteCheck('H', this::speaksNoHttp));
        context.pipeline().addBefore(context.name(), "http", new HttpClientCodec());
        handshaker.handshake(context.channel()).addListener(sent -> {
            if (!sent.isSuccess()) {
                upgraded.completeExceptionally(sent.cause());
            }
        });
    }

    private void speaksNoHttp() {
        upgraded.completeExceptionally(noAnswer("It does not begin as HTTP does", null));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            upgraded.completeExceptionally(noAnswer(
                    message.decoderResult().cause().getMessage(),
                    message.decoderResult().cause()));
            return;
        }
        if (message instanceof HttpResponse answer) {
            if (answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                finish(context, answer);
                return;
            }
            refusal = answer;
        }
        if (refusal != null && message instanceof HttpContent content) {
            body.writeBytes(
                    content.content(),
                    Math.min(content.content().readableBytes(), LARGEST_BODY - body.readableBytes()));
            if (message instanceof LastHttpContent || body.readableBytes() == LARGEST_BODY) {
                refuse();
            }
        }
    }

    private void finish(ChannelHandlerContext context, HttpResponse answer) {
        FullHttpResponse whole = new DefaultFullHttpResponse(
                answer.protocolVersion(),
                answer.status(),
                Unpooled.EMPTY_BUFFER,
                answer.headers(),
                new DefaultHttpHeaders());
        try {
            if (answer.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
                throw new WebSocketHandshakeException("the server set a WebSocket extension that was not offered");
            }
            handshaker.finishHandshake(context.channel(), whole);
        } catch (WebSocketHandshakeException e) {
            upgraded.completeExceptionally(target.cannotConnect(
                    ConnectFault.NO_WEB_SOCKET,
                    "the server's answer opens no WebSocket with subprotocol "
                            + target.webSocket().subprotocol() + " (" + e.getMessage() + ")",
                    e));
            return;
        }
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addBefore(context.name(), "websocket", new WebSocketMessages(target));
        pipeline.remove(this);
        upgraded.complete(null);
    }

    private void refuse() {
        if (upgraded.isDone()) {
            return;
        }
        upgraded.completeExceptionally(
                new WebSocketRefusedException(target, refusal, body.toString(StandardCharsets.UTF_8)));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (refusal != null) {
            refuse();
        } else {
            upgraded.completeExceptionally(
                    noAnswer("The connection ended before the HTTP response did", new EOFException()));
        }
        context.fireChannelInactive();
    }

    private TlsConnectException noAnswer(String what, Throwable cause) {
        return target.cannotConnect(
                cause instanceof EOFException ? ConnectFault.UPGRADE_CUT : ConnectFault.NO_WEB_SOCKET,
                "no HTTP answer to the WebSocket upgrade (" + what + ")",
                cause);
    }

    /** Netty's handshaker, but with an unchanged request path, because the path may be signed. */
    private static final class Handshaker extends WebSocketClientHandshaker13 {

        /** Bytes. Far more than the largest MQTT packet, because a server may put several packets into one message. */
        private static final int LARGEST_FRAME = 4 * 1024 * 1024;

        private static final URI ANY_SERVER = URI.create("wss://server/");

        private final String path;

        Handshaker(WebSocketUpgrade upgrade, HttpHeaders headers) {
            super(ANY_SERVER, WebSocketVersion.V13, upgrade.subprotocol(), false, headers, LARGEST_FRAME);
            this.path = upgrade.path();
        }

        @Override
        protected FullHttpRequest newHandshakeRequest() {
            return super.newHandshakeRequest().setUri(path);
        }

        @Override
        protected WebSocketFrameDecoder newWebsocketDecoder() {
            return new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(false)
                    .allowExtensions(false)
                    .maxFramePayloadLength(LARGEST_FRAME)
                    // The decoder would bypass the encoder, which follows it in the pipeline, when it writes its Close
                    // frame.
                    .closeOnProtocolViolation(false)
                    .build());
        }
    }
}
