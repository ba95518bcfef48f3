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

import io.cameliot.common.text.ForeignText;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Carries a byte stream in the binary messages of a WebSocket. Message boundaries have no meaning (MQTT 5, section
 * 6.0).
 */
final class WebSocketMessages extends ChannelDuplexHandler {

    private final TlsTarget target;
    private boolean closeSent;

    WebSocketMessages(TlsTarget target) {
        this.target = target;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            // The end of the HTTP response, which follows its head.
            ReferenceCountUtil.release(message);
        } else if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            context.fireChannelRead(frame.content());
        } else {
            try {
                control(context, frame);
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }
    }

    private void control(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
        } else if (frame instanceof CloseWebSocketFrame close) {
            end(context, goodbye(close.statusCode()), closedByServer(close));
        } else if (!(frame instanceof PongWebSocketFrame)) {
            end(
                    context,
                    goodbye(WebSocketCloseStatus.INVALID_MESSAGE_TYPE.code()),
                    violation("sent text, but only binary messages can carry MQTT", null));
        }
    }

    private static CloseWebSocketFrame goodbye(int code) {
        return code < 0 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(code, "");
    }

    private TlsConnectException closedByServer(CloseWebSocketFrame close) {
        String reason = ForeignText.shown(close.reasonText());
        return new TlsConnectException(
                Reason.CLOSED_BY_SERVER,
                target + " closed the WebSocket with code " + code(close.statusCode())
                        + (reason.isEmpty() ? "" : ": " + reason),
                null);
    }

    /** Adds the meaning of a code (RFC 6455, section 7.4.1, and the IANA registry). Application codes have none. */
    private static String code(int code) {
        return switch (code) {
            case -1 -> "1005 (none given)";
            case 1000 -> "1000 (normal closure)";
            case 1001 -> "1001 (going away)";
            case 1002 -> "1002 (protocol error)";
            case 1003 -> "1003 (unsupported data)";
            case 1007 -> "1007 (invalid payload data)";
            case 1008 -> "1008 (policy violation)";
            case 1009 -> "1009 (message too big)";
            case 1010 -> "1010 (extension missing)";
            case 1011 -> "1011 (internal error)";
            case 1012 -> "1012 (service restart)";
            case 1013 -> "1013 (try again later)";
            default -> Integer.toString(code);
        };
    }

    private TlsConnectException violation(String what, Throwable cause) {
        return new TlsConnectException(Reason.NO_COMMON_PROTOCOL, target + " " + what + " (RFC 6455)", cause);
    }

    /** Sends at most one Close frame and reports the reason to the application. */
    private void end(ChannelHandlerContext context, CloseWebSocketFrame goodbye, TlsConnectException why) {
        if (closeSent) {
            goodbye.release();
            context.fireExceptionCaught(why);
            return;
        }
        closeSent = true;
        // Before the report, because an MQTT session then closes the channel.
        ChannelFuture sent = context.writeAndFlush(goodbye);
        context.fireExceptionCaught(why);
        sent.addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException corrupted) {
            end(
                    context,
                    goodbye(corrupted.closeStatus().code()),
                    violation("sent what no WebSocket allows: " + ForeignText.shown(failure.getMessage()), failure));
        } else {
            context.fireExceptionCaught(failure);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (closeSent || !context.channel().isActive()) {
            context.close(promise);
            return;
        }
        closeSent = true;
        context.writeAndFlush(goodbye(WebSocketCloseStatus.NORMAL_CLOSURE.code()));
        context.close(promise);
    }
}
