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
package io.cameliot.testinfra.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts binary frames into the byte stream of the MQTT packets, and back. Packets need not be aligned with frames
 * (MQTT 3.1.1, section 6.0), so nothing is aggregated here.
 */
public final class WebSocketMqttCodec extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {
    /** The events for the application. */
    public enum Event {
        /** The client has closed the WebSocket with a Close frame, and not only its connection. */
        CLOSED_BY_PEER
    }

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketMqttCodec.class);

    private final Consumer<ChannelPipeline> application;

    WebSocketMqttCodec(Consumer<ChannelPipeline> application) {
        this.application = application;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof HandshakeComplete) {
            application.accept(context.pipeline());
        }
        super.userEventTriggered(context, event);
    }

    @Override
    protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
        if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            out.add(frame.content().retain());
        } else if (frame instanceof CloseWebSocketFrame close) {
            context.fireUserEventTriggered(Event.CLOSED_BY_PEER);
            close(context, close.retain());
        } else {
            String reason =
                    "MQTT comes in binary frames, not in a " + frame.getClass().getSimpleName();
            LOG.info("{} is closed: {}", context.channel(), reason);
            close(context, new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, reason));
        }
    }

    private static void close(ChannelHandlerContext context, CloseWebSocketFrame frame) {
        context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    protected void encode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
        out.add(new BinaryWebSocketFrame(bytes.retain()));
    }
}
