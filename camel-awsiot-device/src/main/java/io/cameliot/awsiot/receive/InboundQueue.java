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
package io.cameliot.awsiot.receive;

import io.cameliot.awsiot.receive.order.AcknowledgementOrder;
import io.cameliot.awsiot.receive.order.AcknowledgementOrder.Pending;
import io.cameliot.awsiot.receive.order.ArrivalOrder;
import io.cameliot.awsiot.receive.order.MessageOrder;
import io.cameliot.awsiot.receive.order.TopicOrder;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one consumer between its connection and its route. The route gets them in order, one at a time or
 * several of different topics at a time, never on the connection's threads.
 *
 * <p>The server's window limits the unacknowledged messages. At most {@link #MAX_UNHELD} other messages wait. Beyond
 * that, QoS 0 messages are dropped, and QoS 1 messages with acknowledgement on receipt are acknowledged when they enter
 * the route.
 */
public final class InboundQueue implements Intake {

    public static final int MAX_UNHELD = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(InboundQueue.class);

    /** The message may be acknowledged. */
    public static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);

    /** The message stays unacknowledged. */
    public static final CompletableFuture<Boolean> LEFT = CompletableFuture.completedFuture(false);

    private final boolean acknowledgeOnReceive;
    private final int maxInRoutes;
    private final Executor routeThreads;
    private final Route route;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final MessageOrder<Entry> waiting; // guarded by this
    /** Null if messages are done in the order in which they arrived. */
    private final AcknowledgementOrder<InboundDelivery> unacknowledged; // guarded by this

    private MqttSession latest; // guarded by this
    private int unheld; // guarded by this
    private int running; // guarded by this
    private int unsettled; // guarded by this: messages that have left the route and are not done
    private boolean paused; // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param acknowledgeOnReceive whether a message is acknowledged on arrival
     * @param settlesLater whether a message can be done after it has left the route
     * @param maxInRoutes how many messages, of different topics, may be in the route at a time
     * @param routeThreads runs that many tasks at a time
     * @param route processes the messages
     */
    public InboundQueue(
            boolean acknowledgeOnReceive, boolean settlesLater, int maxInRoutes, Executor routeThreads, Route route) {
        this.acknowledgeOnReceive = acknowledgeOnReceive;
        this.maxInRoutes = maxInRoutes;
        this.routeThreads = routeThreads;
        this.route = route;
        this.waiting = maxInRoutes == 1 ? new ArrivalOrder<>() : new TopicOrder<>();
        this.unacknowledged =
                maxInRoutes == 1 && !acknowledgeOnReceive && !settlesLater ? null : new AcknowledgementOrder<>();
    }

    /**
     * Accepts a message. Returns at once.
     *
     * @return false if it was dropped
     */
    @Override
    public boolean offer(InboundDelivery delivery) {
        Entry entry;
        synchronized (this) {
            if (closed) {
                delivery.withdrawn();
                return true;
            }
            InboundMessage message = delivery.message();
            if (!message.isDerived()) {
                // A derived message may be late: it can belong to an ended connection after messages of the next one.
                forgetWhatComesAgain(message.session());
            }
            boolean held = message.qos() > 0 && !acknowledgeOnReceive;
            boolean doneAtOnce = !held && unheld < MAX_UNHELD;
            if (!held && !doneAtOnce && message.qos() == 0) {
                return false;
            }
            if (doneAtOnce) {
                unheld++;
            }
            entry = new Entry(
                    delivery,
                    held,
                    doneAtOnce,
                    unacknowledged == null || message.qos() == 0 ? null : unacknowledged.arrived(delivery));
            waiting.add(message.topic(), entry);
            startRoute();
        }
        if (entry.doneAtOnce && entry.acknowledgement != null) {
            acknowledge(entry, true);
        }
        return true;
    }

    /**
     * Discards waiting messages that the server will send again on the new connection because it has kept the session,
     * so that they are not processed twice.
     */
    private void forgetWhatComesAgain(MqttSession session) {
        if (session != latest) {
            latest = session;
            if (unacknowledged != null) {
                unacknowledged.clear();
            }
            if (session.isSessionPresent()) {
                waiting.removeIf(
                        entry -> !entry.doneAtOnce && entry.delivery.message().session() != session);
            }
        }
    }

    @Override
    public synchronized void pause() {
        paused = true;
    }

    @Override
    public synchronized void resume() {
        paused = false;
        for (int i = running; i < maxInRoutes; i++) {
            startRoute();
        }
    }

    /**
     * Accepts no more messages, and lets the route finish those that wait.
     *
     * @return completes when all messages are done
     */
    @Override
    public synchronized CompletableFuture<Void> close() {
        closed = true;
        resume();
        completeIfIdle();
        return idle;
    }

    @Override
    public void leave() {
        discard(entry -> !entry.doneAtOnce, left -> {});
    }

    /**
     * {@inheritDoc}
     *
     * @param discarded called with no lock held
     */
    @Override
    public int clear(Consumer<InboundDelivery> discarded) {
        return discard(entry -> true, discarded);
    }

    private int discard(Predicate<Entry> condition, Consumer<InboundDelivery> discarded) {
        List<Entry> removed = new ArrayList<>();
        List<Entry> notDone;
        synchronized (this) {
            closed = true;
            waiting.removeIf(entry -> condition.test(entry) && removed.add(entry));
            notDone = removed.stream().filter(entry -> !entry.doneAtOnce).toList();
            // They must not block the messages behind them that are still in the route.
            notDone.stream()
                    .map(Entry::acknowledgement)
                    .filter(Objects::nonNull)
                    .forEach(Pending::leave);
        }
        notDone.forEach(entry -> discarded.accept(entry.delivery));
        if (unacknowledged != null) {
            sendAcknowledgements();
        }
        return removed.size();
    }

    private void completeIfIdle() {
        if (closed && running == 0 && unsettled == 0) {
            idle.complete(null);
        }
    }

    private void startRoute() {
        if (running < maxInRoutes && !paused && waiting.hasNext()) {
            running++;
            routeThreads.execute(this::run);
        }
    }

    private void run() {
        for (Entry entry = next(null); entry != null; entry = next(entry)) {
            if (!entry.held && !entry.doneAtOnce) {
                acknowledge(entry, true);
            }
            CompletableFuture<Boolean> done = process(entry);
            if (done.isDone()) {
                settle(entry, done.join());
            } else {
                settleLater(entry, done);
            }
        }
    }

    private CompletableFuture<Boolean> process(Entry entry) {
        try {
            return route.process(entry.delivery, entry.held);
        } catch (Throwable e) {
            // Errors too: no other message would enter the route, and the consumer would never stop.
            LOG.error("A route that must not fail did, with {}", entry.delivery.message(), e);
            return LEFT;
        }
    }

    private void settle(Entry entry, boolean done) {
        if (entry.held) {
            acknowledge(entry, done);
        }
    }

    private void settleLater(Entry entry, CompletableFuture<Boolean> settled) {
        synchronized (this) {
            unsettled++;
        }
        settled.thenAccept(done -> {
            settle(entry, done);
            synchronized (this) {
                unsettled--;
                completeIfIdle();
            }
        });
    }

    /**
     * Returns the next message for the route; null if none may enter now.
     *
     * @param done the message that has left the route; null for none
     */
    private synchronized Entry next(Entry done) {
        if (done != null) {
            waiting.done(done.delivery.message().topic());
        }
        Entry entry = paused ? null : waiting.take();
        if (entry == null) {
            running--;
            completeIfIdle();
        } else if (entry.doneAtOnce) {
            unheld--;
        }
        return entry;
    }

    /**
     * Acknowledges a message, or leaves it unacknowledged for good. The acknowledgement is batched with those of
     * waiting messages, because a fast route finishes them soon.
     */
    private void acknowledge(Entry entry, boolean done) {
        if (entry.acknowledgement != null) {
            acknowledgeInOrder(entry.acknowledgement, done);
        } else if (done) {
            entry.delivery.done(moreFollow());
        }
    }

    private void acknowledgeInOrder(Pending<InboundDelivery> acknowledgement, boolean done) {
        synchronized (this) {
            if (done) {
                acknowledgement.done();
            } else {
                acknowledgement.leave();
            }
        }
        sendAcknowledgements();
    }

    /**
     * Sends the acknowledgements that are due. One thread at a time does so, with no lock held, so that no
     * acknowledgement overtakes another.
     */
    private void sendAcknowledgements() {
        InboundDelivery next;
        synchronized (this) {
            next = unacknowledged.start();
        }
        while (next != null) {
            next.done(moreFollow());
            synchronized (this) {
                next = unacknowledged.next();
            }
        }
    }

    private synchronized boolean moreFollow() {
        return waiting.size() > 0 && !paused || unacknowledged != null && unacknowledged.hasNext();
    }

    /** Processes messages. Several threads call it if several messages may be in the route. */
    @FunctionalInterface
    public interface Route {

        /**
         * Processes a message, and returns when it has left the route. Throws nothing.
         *
         * @param held whether the message is acknowledged after the route; if not, it needs no acknowledgement or
         *     already has it
         * @return completes on any thread when the message is done, never exceptionally. The value says whether a held
         *     message is to be acknowledged; if not, the server keeps it
         */
        CompletableFuture<Boolean> process(InboundDelivery delivery, boolean held);
    }

    /**
     * A message and how it is acknowledged.
     *
     * @param held whether it is acknowledged after the route
     * @param doneAtOnce whether it is done on arrival, before it enters the route
     * @param acknowledgement its place in the order of acknowledgements; null if it needs none
     */
    private record Entry(
            InboundDelivery delivery, boolean held, boolean doneAtOnce, Pending<InboundDelivery> acknowledgement) {}
}
