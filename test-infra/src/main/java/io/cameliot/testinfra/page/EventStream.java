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

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.EventRing;
import io.cameliot.testinfra.event.EventRing.Entry;
import io.cameliot.testinfra.event.MessageWatch;
import io.cameliot.testinfra.event.Published;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events to one page (WHATWG HTML, "Server-sent events"): refusals, messages and the state. It looks at the log
 * four times a second, so that nothing of the emulators waits for a page, and it skips its turn while the page does not read.
 * With a topic filter it has a sample of these messages alone, after those of them that the sample of all holds.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private static final long PERIOD_MILLIS = 250;
    private static final int TURNS_PER_STATE = 4;
    private static final Set<String> ALL = Set.of("", "#");
    /** More would keep a browser busy without telling its reader more. */
    private static final int MOST_MESSAGES = 200;

    private final ChannelHandlerContext context;
    private final EventLog log;
    private final PageApi api;
    private final String filter;
    private final Optional<MessageWatch> watch;
    private final EventRing<Published> source;
    private Future<?> turns;
    private long refusal;
    private long message;
    private long turn;
    private String lastState = "";

    private EventStream(ChannelHandlerContext context, EventLog log, PageApi api, String filter) {
        this.context = context;
        this.log = log;
        this.api = api;
        this.filter = filter;
        this.watch = ALL.contains(filter) ? Optional.empty() : Optional.of(log.watch(this::matches));
        this.source = watch.map(MessageWatch::messages).orElseGet(log::messages);
    }

    private boolean matches(String topic) {
        return SessionFilters.matches(filter, topic);
    }

    /**
     * Begins the answer to a request; it ends with the connection.
     *
     * @param filter the topic filter of its messages; empty for all
     */
    static void begin(ChannelHandlerContext context, EventLog log, PageApi api, String filter) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        PageGuard.HEADERS.forEach(response.headers()::set);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        HttpUtil.setTransferEncodingChunked(response, true);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        new EventStream(context, log, api, filter).run();
    }

    private void run() {
        watch.ifPresent(open -> {
            context.channel().closeFuture().addListener(closed -> open.close());
            List<Entry<Published>> earlier = log.messages().after(0).stream()
                    .filter(entry -> matches(entry.event().topic()))
                    .toList();
            // What came since the watch was opened, it has too.
            Optional<Instant> first =
                    open.messages().after(0).stream().map(Entry::at).findFirst();
            sendMessages(earlier.stream()
                    .filter(entry -> first.map(entry.at()::isBefore).orElse(true))
                    .toList());
        });
        turns = context.channel()
                .eventLoop()
                .scheduleWithFixedDelay(this::safeTurn, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> turns.cancel(false));
    }

    /** A turn that throws would be the last one, without a word. */
    private void safeTurn() {
        try {
            turn();
        } catch (RuntimeException e) {
            LOG.warn("The event stream of {} ends", context.channel(), e);
            context.close();
        }
    }

    private void turn() {
        if (!context.channel().isWritable()) {
            return;
        }
        ArrayNode refusals = EventJson.refusals(latest(log.refusals().after(refusal)));
        if (!refusals.isEmpty()) {
            refusal = refusals.get(refusals.size() - 1).path("number").asLong();
            send("refusals", JsonReply.text(refusals));
        }
        List<Entry<Published>> messages = source.after(message);
        if (!messages.isEmpty()) {
            message = messages.get(messages.size() - 1).number();
            sendMessages(messages);
        }
        if (turn++ % TURNS_PER_STATE == 0) {
            sendState();
        }
        context.flush();
    }

    private void sendMessages(List<Entry<Published>> messages) {
        if (!messages.isEmpty()) {
            send("messages", JsonReply.text(EventJson.messages(latest(messages))));
        }
    }

    private static <E> List<E> latest(List<E> all) {
        return all.subList(Math.max(0, all.size() - MOST_MESSAGES), all.size());
    }

    private void sendState() {
        String state;
        try {
            state = JsonReply.text(api.state().put("messagesOmitted", source.omitted()));
        } catch (IllegalStateException e) {
            return; // the emulators are being closed
        }
        if (!state.equals(lastState)) {
            lastState = state;
            send("state", state);
        }
    }

    private void send(String event, String json) {
        context.write(new DefaultHttpContent(
                ByteBufUtil.writeUtf8(context.alloc(), "event: " + event + "\ndata: " + json + "\n\n")));
    }
}
