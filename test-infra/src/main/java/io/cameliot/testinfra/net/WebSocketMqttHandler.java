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

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Upgrades HTTP requests to WebSocket connections that carry MQTT (MQTT 3.1.1, section 6): binary frames, subprotocol
 * {@code mqtt}. Requests that ask for no upgrade, or on another path, go on to the next handler.
 *
 * <p>Add it behind {@link Pipelines#addHttp}. After the upgrade the HTTP handlers before it are gone, those behind it
 * remain and see no more messages.
 */
public final class WebSocketMqttHandler extends ChannelInboundHandlerAdapter {
    private static final String SUBPROTOCOL = "mqtt";

    private final Predicate<String> path;
    private final WebSocketUpgradeGuard guard;
    private final int maxFrameBytes;
    private final Consumer<ChannelPipeline> application;

    /**
     * Makes the handler of one connection.
     *
     * @param path tells the paths, without query, on which upgrades are taken
     * @param guard may refuse an upgrade
     * @param maxFrameBytes the longest payload of a frame
     * @param application sets up what comes behind the upgrade, such as {@link Pipelines#addMqtt}
     */
    public WebSocketMqttHandler(
            Predicate<String> path,
            WebSocketUpgradeGuard guard,
            int maxFrameBytes,
            Consumer<ChannelPipeline> application) {
        this.path = path;
        this.guard = guard;
        this.maxFrameBytes = maxFrameBytes;
        this.application = application;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof FullHttpRequest request && isUpgrade(request)) {
            Optional<HttpReply> refusal =
                    offersMqtt(request) ? guard.refuse(request, context.channel()) : Optional.of(HttpReply.of(400));
            if (refusal.isPresent()) {
                boolean keepAlive = HttpUtil.isKeepAlive(request);
                request.release();
                refusal.get().send(context, keepAlive);
                return;
            }
            installWebSocket(context);
            context.fireChannelRead(message);
            context.pipeline().remove(this);
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean isUpgrade(FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && path.test(new QueryStringDecoder(request.uri()).path());
    }

    private static boolean offersMqtt(FullHttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(name -> name.trim().equals(SUBPROTOCOL));
    }

    private void installWebSocket(ChannelHandlerContext context) {
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/")
                .checkStartsWith(true) // the path was judged above
                .subprotocols(SUBPROTOCOL)
                .maxFramePayloadLength(maxFrameBytes)
                .handleCloseFrames(false) // WebSocketMqttCodec tells the application of them
                .build();
        context.pipeline()
                .addAfter(context.name(), null, new WebSocketMqttCodec(application))
                .addAfter(context.name(), null, new WebSocketServerProtocolHandler(config));
    }
}
