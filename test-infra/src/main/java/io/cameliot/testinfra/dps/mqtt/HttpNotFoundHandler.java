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
package io.cameliot.testinfra.dps.mqtt;

import io.cameliot.testinfra.net.HttpReply;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP requests that are not a WebSocket upgrade on a known path. */
final class HttpNotFoundHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(HttpNotFoundHandler.class);

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        boolean readable = request.decoderResult().isSuccess();
        String reason = readable
                ? request.method() + " " + request.uri() + " is no WebSocket upgrade on a path of this service"
                : "Not HTTP: " + request.decoderResult().cause().getMessage();
        LOG.info("{} is refused: {}", context.channel(), reason);
        new HttpReply(readable ? 404 : 400, Map.of(), reason).send(context, readable && HttpUtil.isKeepAlive(request));
    }
}
