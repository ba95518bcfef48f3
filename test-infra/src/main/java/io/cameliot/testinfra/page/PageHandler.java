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
package io.cameliot.testinfra.page;

import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.net.HttpReply;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection: files, API and event stream. It runs on a thread that may block. */
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
    private static final String API = "/api/";
    private static final int MOST_STREAMS = 20;

    private final Shared shared;

    /**
     * What the connections share.
     *
     * @param guard checks requests
     * @param files the files of the page
     * @param api answers requests
     * @param log the log for event streams
     * @param streams the number of open event streams
     */
    record Shared(PageGuard guard, StaticFiles files, PageApi api, EventLog log, AtomicInteger streams) {}

    PageHandler(Shared shared) {
        this.shared = shared;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        try {
            answer(context, request);
        } catch (IllegalArgumentException e) {
            PageGuard.refusal(400, "The URL has an incomplete percent encoding").send(context, false);
        }
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            PageGuard.refusal(400, "Not HTTP").send(context, false);
            return;
        }
        QueryStringDecoder target = new QueryStringDecoder(request.uri());
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        Optional<HttpReply> refusal = shared.guard().refuseOrigin(request, port(context));
        if (refusal.isPresent()) {
            refusal.get().send(context, keepAlive);
        } else if (!target.path().startsWith(API)) {
            file(request, target.path()).send(context, keepAlive);
        } else {
            api(context, request, target, keepAlive);
        }
    }

    private static int port(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().localAddress()).getPort();
    }

    private HttpReply file(FullHttpRequest request, String path) {
        return request.method().equals(HttpMethod.GET)
                ? shared.files().get(path).orElseGet(() -> PageGuard.refusal(404, "No such file"))
                : PageGuard.refusal(405, "Files are read by GET");
    }

    private void api(
            ChannelHandlerContext context, FullHttpRequest request, QueryStringDecoder target, boolean keepAlive) {
        Optional<HttpReply> refusal = shared.guard().refuseStranger(request);
        if (refusal.isPresent()) {
            refusal.get().send(context, keepAlive);
        } else if (target.path().equals(API + "stream") && request.method().equals(HttpMethod.GET)) {
            stream(
                    context,
                    target.parameters().getOrDefault("topic", List.of("")).get(0));
        } else {
            shared.api()
                    .answer(
                            request.method().name(),
                            target.path(),
                            target.parameters(),
                            request.content().toString(StandardCharsets.UTF_8))
                    .send(context, keepAlive);
        }
    }

    private void stream(ChannelHandlerContext context, String filter) {
        if (shared.streams().incrementAndGet() > MOST_STREAMS) {
            shared.streams().decrementAndGet();
            PageGuard.refusal(503, "More than " + MOST_STREAMS + " pages are open")
                    .send(context, false);
            return;
        }
        context.channel().closeFuture().addListener(closed -> shared.streams().decrementAndGet());
        EventStream.begin(context, shared.log(), shared.api(), filter);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} failed", context.channel(), cause);
        context.close();
    }
}
