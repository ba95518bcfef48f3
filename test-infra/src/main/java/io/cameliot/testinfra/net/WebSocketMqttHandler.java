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
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upgrades HTTP requests to WebSocket connections for MQTT (MQTT 3.1.1, section 6): binary frames, subprotocol
 * {@code mqtt} or another one of the service. A refused upgrade gets a response with the reason. Requests without an
 * upgrade or on another path go to the next handler.
 *
 * <p>Add it after {@link Pipelines#addHttp}. The upgrade removes the HTTP handlers before it. Those after it stay and
 * receive no more messages.
 */
public final class WebSocketMqttHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketMqttHandler.class);

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private final List<String> subprotocols;
    private final Predicate<String> path;
    private final WebSocketUpgradeGuard guard;
    private final int maxFrameBytes;
    private final Consumer<ChannelPipeline> application;

    /**
     * Creates the handler of one connection.
     *
     * @param subprotocols the service's subprotocols
     * @param path selects the paths, without query, that can be upgraded
     * @param guard can refuse an upgrade
     * @param maxFrameBytes bytes of the longest payload of a frame
     * @param application adds the handlers after the upgrade, such as {@link Pipelines#addMqtt}
     */
    public WebSocketMqttHandler(
            List<String> subprotocols,
            Predicate<String> path,
            WebSocketUpgradeGuard guard,
            int maxFrameBytes,
            Consumer<ChannelPipeline> application) {
        this.subprotocols = List.copyOf(subprotocols);
        this.path = path;
        this.guard = guard;
        this.maxFrameBytes = maxFrameBytes;
        this.application = application;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof FullHttpRequest request && asksForUpgrade(request) && isServed(request)) {
            Optional<HttpReply> refusal = malformed(request).or(() -> guard.refuse(request, context.channel()));
            if (refusal.isPresent()) {
                LOG.info(
                        "{} is refused its WebSocket upgrade with status {}: {}",
                        context.channel(),
                        refusal.get().status(),
                        refusal.get().body());
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

    private static boolean asksForUpgrade(FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** Whether this handler answers an upgrade. It refuses one whose path cannot be decoded. */
    private boolean isServed(FullHttpRequest request) {
        return decodedPath(request).map(path::test).orElse(true);
    }

    private static Optional<String> decodedPath(FullHttpRequest request) {
        try {
            return Optional.of(new QueryStringDecoder(request.uri()).path());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The refusal of a request that is no valid handshake of a WebSocket (RFC 6455, section 4.2.1) for MQTT. */
    private Optional<HttpReply> malformed(FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> offered = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::trim)
                .toList();
        if (decodedPath(request).isEmpty()) {
            return badRequest("The path is not percent-encoded as RFC 3986, section 2.1, requires");
        }
        if (!VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return Optional.of(new HttpReply(
                    HttpResponseStatus.UPGRADE_REQUIRED.code(),
                    Map.of(HttpHeaderNames.SEC_WEBSOCKET_VERSION.toString(), VERSION),
                    "Sec-WebSocket-Version is " + headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION) + ", not "
                            + VERSION));
        }
        if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
            return badRequest("Sec-WebSocket-Key is not " + KEY_BYTES + " bytes in base64");
        }
        if (offered.stream().noneMatch(subprotocols::contains)) {
            return badRequest("Sec-WebSocket-Protocol offers " + offered + ", and none of " + subprotocols);
        }
        return Optional.empty();
    }

    private static Optional<HttpReply> badRequest(String reason) {
        return Optional.of(new HttpReply(HttpResponseStatus.BAD_REQUEST.code(), Map.of(), reason));
    }

    private static boolean isKey(String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.trim()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void installWebSocket(ChannelHandlerContext context) {
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/")
                .checkStartsWith(true) // the path was checked above
                .subprotocols(String.join(",", subprotocols))
                .maxFramePayloadLength(maxFrameBytes)
                .handleCloseFrames(false) // WebSocketMqttCodec reports them to the application
                .build();
        context.pipeline()
                .addAfter(context.name(), null, new WebSocketMqttCodec(application))
                .addAfter(context.name(), null, new WebSocketServerProtocolHandler(config));
    }
}
