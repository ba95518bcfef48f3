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

import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.receive.SubscriptionBook.Answered;
import io.cameliot.awsiot.receive.SubscriptionBook.Batch;
import io.cameliot.awsiot.receive.SubscriptionBook.Subscription;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Subscribes to the filters of a {@link SubscriptionBook} on successive connections. It decides under a lock which
 * packets and notifications to send. They are sent in that order afterwards, with no lock held. A {@link Dispatcher}
 * delivers messages to the handlers.
 *
 * <p>All methods return at once.
 */
public final class Subscriptions {

    private final ConnectionSettings settings;
    private final SerialQueue tasks;
    private final BiConsumer<MqttSession, Throwable> onFailure;
    private final Object deciding = new Object();
    private final Unsubscribes unsubscribes;
    private final Dispatcher dispatcher;
    private MqttSession session; // guarded by deciding; null without a connection: the next one subscribes
    private boolean closed; // guarded by deciding
    private volatile SubscriptionBook book = SubscriptionBook.EMPTY; // written under deciding

    /**
     * @param tasks sends packets and notifies handlers and waiters
     * @param onFailure called with a session on which a SUBSCRIBE got no answer, so that it is dropped
     */
    public Subscriptions(
            ConnectionSettings settings,
            ReceiveCounters counters,
            SerialQueue tasks,
            BiConsumer<MqttSession, Throwable> onFailure) {
        this.settings = settings;
        this.unsubscribes = new Unsubscribes(
                settings, tasks, deciding, filter -> book.byFilter().containsKey(filter));
        this.dispatcher = new Dispatcher(settings, counters, deciding, () -> book, unsubscribes::isUnwanted);
        this.tasks = tasks;
        this.onFailure = onFailure;
    }

    /**
     * Registers a handler and subscribes, now or on the next connection.
     *
     * @return completes when the server grants the filter; fails if it refuses, or if the connection ends first, and then
     *     the next connection subscribes
     * @throws IOException if the handler is not registered and will never get a message: the connection is closed for
     *     good, has all the subscriptions that AWS IoT Core allows, or has one that is shared, or is not while this one
     *     is, and matches the same topics
     */
    public CompletableFuture<Void> add(String filter, int qos, MessageHandler handler) throws IOException {
        CompletableFuture<Void> granted = new CompletableFuture<>();
        // Asked before too, because the registration comes after the handler has received the messages held for it.
        requirePossible(filter);
        dispatcher.register(TopicRules.withoutSharePrefix(filter), handler, () -> {
            requirePossible(filter);
            book = book.with(filter, qos, handler, granted);
            unsubscribes.wanted(filter);
            MqttSession current = session;
            if (current != null) {
                // A known filter is sent again too, because the server sends retained messages with each new SUBSCRIBE.
                Subscription subscription = book.byFilter().get(filter);
                tasks.add(() -> send(current, new Batch(subscription.qos(), List.of(subscription))));
            }
        });
        tasks.start();
        return granted;
    }

    private void requirePossible(String filter) throws IOException {
        synchronized (deciding) {
            if (closed) {
                throw new IOException("The connection with " + settings + " is closed");
            }
            if (!book.hasRoomFor(filter)) {
                throw new IOException("The connection with " + settings + " has "
                        + SubscriptionBook.MAX_SUBSCRIPTIONS
                        + " subscriptions already, which is all AWS IoT Core allows: use a wildcard in"
                        + " place of topic filter '" + filter + "', or another client id");
            }
            String conflicting = book.conflicting(filter);
            if (conflicting != null) {
                throw new IOException("Topic filters '" + filter + "' and '" + conflicting
                        + "' match the same topics, and"
                        + " one of them is shared: on one connection with " + settings + " both routes would get each"
                        + " other's copies of a message. Give one of them a clientId of its own");
            }
        }
    }

    /**
     * Removes a handler, and unsubscribes if it was the filter's last one: at once, or on the next connection if the
     * server still has the session then. If the server refuses to end the subscription, this is logged. Messages that
     * still arrive for it are acknowledged and dropped.
     *
     * @return completes when the server has answered, or at once if nothing was sent
     */
    public CompletableFuture<Void> remove(String filter, MessageHandler handler) {
        CompletableFuture<Void> confirmed = CompletableFuture.completedFuture(null);
        synchronized (deciding) {
            boolean last = takeOut(filter, handler)
                    && book.byFilter().get(filter).handlers().isEmpty();
            if (last) {
                book = book.withoutFilter(filter);
                confirmed = unsubscribes.end(filter);
            }
        }
        tasks.start();
        return confirmed;
    }

    /**
     * Removes a handler and keeps the subscription in the server's session for the next process. Messages that still
     * arrive for it stay unacknowledged, so that the server keeps them.
     */
    public void leave(String filter, MessageHandler handler) {
        synchronized (deciding) {
            takeOut(filter, handler);
        }
        tasks.start();
    }

    private boolean takeOut(String filter, MessageHandler handler) {
        if (!book.has(filter, handler)) {
            return false;
        }
        CompletableFuture<Void> waiter = book.byFilter().get(filter).handlers().get(handler);
        if (waiter != null) {
            tasks.add(() -> waiter.cancel(false));
        }
        book = book.without(filter, handler);
        return true;
    }

    /**
     * Subscribes to all filters on a new connection, whether or not the server has kept the session. Before that it ends
     * the subscriptions whose last handler was removed without a connection.
     *
     * @return completes when all filters are granted or refused; fails if the connection ends first
     */
    public CompletableFuture<Void> attach(MqttSession connected) {
        List<List<String>> ended;
        List<Batch> batches;
        synchronized (deciding) {
            session = connected;
            ended = unsubscribes.attach(connected);
            batches = book.batches(subscription -> true);
        }
        ended.forEach(filters -> unsubscribes.send(connected, filters));
        return CompletableFuture.allOf(
                batches.stream().map(batch -> send(connected, batch)).toArray(CompletableFuture[]::new));
    }

    /**
     * Handles the end of the connection. Filters that are added from now on wait for the next one.
     *
     * @param cause reported to the handlers
     */
    public void detach(Throwable cause) {
        synchronized (deciding) {
            session = null;
            unsubscribes.detach();
            book.handlers().forEach(handler -> tasks.add(() -> handler.connectionLost(cause)));
        }
        tasks.start();
    }

    /** Subscribes again to the refused filters, because the server's policy may have changed. */
    public void subscribeRefused(MqttSession connected) {
        book.batches(Subscription::refused).forEach(batch -> send(connected, batch));
    }

    /** Sends the filters of a batch that the server may grant; the others are refused as if it had answered. */
    private CompletableFuture<?> send(MqttSession on, Batch batch) {
        Map<Boolean, List<Subscription>> available = batch.subscriptions().stream()
                .collect(Collectors.partitioningBy(subscription -> on.refusal(subscription.filter()) == null));
        if (!available.get(false).isEmpty()) {
            answered(
                    new Batch(batch.qos(), available.get(false)),
                    filter -> new SubscriptionRefusedException(filter, on.refusal(filter)));
        }
        return available.get(true).isEmpty()
                ? CompletableFuture.completedFuture(null)
                : request(on, new Batch(batch.qos(), available.get(true)));
    }

    private CompletableFuture<?> request(MqttSession on, Batch batch) {
        return on.subscribe(batch.filters(), batch.qos(), settings.timing().connectionTimeout())
                .whenComplete((codes, failure) -> {
                    if (failure != null) {
                        unanswered(batch, failure);
                        onFailure.accept(on, failure);
                    } else {
                        answered(
                                batch,
                                filter -> refusal(
                                        filter, codes.get(batch.filters().indexOf(filter))));
                    }
                });
    }

    private SubscriptionRefusedException refusal(String filter, int code) {
        return code > 1 ? new SubscriptionRefusedException(filter, code, settings) : null;
    }

    private void answered(Batch batch, Function<String, SubscriptionRefusedException> refusals) {
        synchronized (deciding) {
            Answered answered = book.answered(batch, refusals);
            book = answered.book();
            answered.notices().forEach(notice -> tasks.add(notice::give));
        }
        tasks.start();
    }

    private void unanswered(Batch batch, Throwable failure) {
        synchronized (deciding) {
            fail(book.waiters(batch), failure);
            book = book.unanswered(batch);
        }
        tasks.start();
    }

    private void fail(List<CompletableFuture<Void>> waiters, Throwable failure) {
        waiters.forEach(waiter -> tasks.add(() -> waiter.completeExceptionally(failure)));
    }

    /** Returns the subscriptions in the order of registration. */
    public List<SubscriptionStatus> status() {
        return book.byFilter().values().stream()
                .map(subscription ->
                        new SubscriptionStatus(subscription.filter(), subscription.qos(), subscription.refused()))
                .toList();
    }

    /** Registers a handler for messages that match the filter and that have no other handler. */
    public void addUnsolicited(String filter, MessageHandler handler) {
        dispatcher.registerUnsolicited(filter, handler, () -> book = book.withUnsolicited(filter, handler));
        tasks.start();
    }

    public void removeUnsolicited(MessageHandler handler) {
        synchronized (deciding) {
            book = book.withoutUnsolicited(handler);
        }
    }

    /** Delivers a message to its handlers. See {@link Dispatcher#dispatch}. */
    public void dispatch(InboundMessage message) {
        dispatcher.dispatch(message);
    }

    /** Holds messages of a kept session for routes that are about to start. See {@link Dispatcher#awaitRoutes}. */
    public void awaitRoutes() {
        dispatcher.awaitRoutes();
    }

    public void routesStarted() {
        dispatcher.routesStarted();
    }

    /** Drops messages for which no handler was registered in time. See {@link Dispatcher#dropUnclaimed}. */
    public void dropUnclaimed() {
        dispatcher.dropUnclaimed();
    }

    /** Fails all waiters, because the connection is closed for good. */
    public void close() {
        synchronized (deciding) {
            closed = true;
            session = null;
            unsubscribes.close();
            fail(book.waiters(), new IOException("The connection with " + settings + " was closed"));
        }
        tasks.start();
    }
}
