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
package io.cameliot.awsiot.connection;

import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic filters of all handlers of one connection, merged: one SUBSCRIBE per filter, at the highest QoS asked for.
 *
 * <p>All methods return at once.
 */
final class Subscriptions {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    /** Largest number of filters in one SUBSCRIBE (AWS IoT Core quotas). */
    private static final int MAX_FILTERS_PER_SUBSCRIBE = 8;
    /** Largest number of subscriptions of one connection (AWS IoT Core quotas). */
    private static final int MAX_SUBSCRIPTIONS = 50;

    private final ConnectionSettings settings;
    private final BiConsumer<MqttSession, Throwable> onFailure;
    private final ConnectionCounters counters;
    private final UnclaimedMessages unclaimed = new UnclaimedMessages(); // guarded by this
    private final Map<MessageHandler, String> unsolicited = new LinkedHashMap<>(); // guarded by this
    private final Map<String, Subscription> byFilter = new LinkedHashMap<>(); // guarded by this
    /** What the server goes on sending though nobody wants it, as topic filters without a share; guarded by this. */
    private final Set<String> unwanted = new HashSet<>();

    /**
     * @param onFailure told when a connection did not answer a SUBSCRIBE, so that it is not worth keeping
     */
    Subscriptions(
            ConnectionSettings settings, ConnectionCounters counters, BiConsumer<MqttSession, Throwable> onFailure) {
        this.settings = settings;
        this.counters = counters;
        this.onFailure = onFailure;
    }

    /**
     * Registers a handler and subscribes.
     *
     * @param current the connection, or null while there is none and the next one subscribes; asked when the filter is
     *     registered, so that a connection made meanwhile either finds the filter or is found here
     * @return completes when the server granted the filter
     */
    synchronized CompletableFuture<Void> add(
            String filter, int qos, MessageHandler handler, Supplier<MqttSession> current) {
        Subscription subscription = byFilter.get(filter);
        if (subscription == null) {
            if (byFilter.size() >= MAX_SUBSCRIPTIONS) {
                return CompletableFuture.failedFuture(new IOException("The connection with " + settings + " has "
                        + MAX_SUBSCRIPTIONS
                        + " subscriptions already, which is all AWS IoT Core allows: use a wildcard in"
                        + " place of topic filter '" + filter + "', or another client id"));
            }
            subscription = new Subscription(filter);
            byFilter.put(filter, subscription);
            unwanted.remove(subscription.matched);
        }
        subscription.handlers.add(handler);
        subscription.qos = Math.max(subscription.qos, qos);
        CompletableFuture<Void> granted = new CompletableFuture<>();
        subscription.waiting.put(handler, granted);
        redispatch(subscription.matched);
        MqttSession session = current.get();
        if (session != null) {
            // Also for a filter that is known: the server sends its retained messages to whoever asks anew.
            subscribe(session, List.of(subscription), subscription.qos);
        }
        return granted;
    }

    /**
     * Removes a handler and unsubscribes if it was the filter's last. Where the server refuses to end the subscription, that
     * is logged, and what still arrives for it is acknowledged and dropped.
     *
     * @return completes when the server confirmed, or at once where nothing is to be confirmed
     */
    synchronized CompletableFuture<Void> remove(String filter, MessageHandler handler, Supplier<MqttSession> current) {
        Subscription subscription = byFilter.get(filter);
        if (subscription == null || !subscription.remove(handler) || !subscription.handlers.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        byFilter.remove(filter);
        MqttSession session = current.get();
        return session == null
                ? CompletableFuture.completedFuture(null)
                : session.unsubscribe(List.of(filter), settings.connectionTimeout())
                        .thenAccept(codes -> unsubscribed(subscription, codes.get(0)));
    }

    private synchronized void unsubscribed(Subscription ended, int reasonCode) {
        if (!MqttReasonCode.isFailure(reasonCode) || byFilter.containsKey(ended.filter)) {
            return;
        }
        unwanted.add(ended.matched);
        LOG.warn(
                "The server refused to end the subscription to topic filter '{}' of {}, with reason code {}. {}, messages that"
                        + " arrive for it are acknowledged and dropped",
                ended.filter,
                settings,
                AwsReasons.with(MqttReasonCode.text(reasonCode), AwsReasons.unsubscribe(reasonCode)),
                settings.cleanSession()
                        ? "As long as this connection lasts"
                        : "As long as the server keeps the session");
    }

    /**
     * Subscribes to everything on a new connection, whatever the server remembers of the one before.
     *
     * @return completes when all is answered, granted or refused; fails if the connection ends before
     */
    synchronized CompletableFuture<Void> subscribeAll(MqttSession session) {
        if (!session.isSessionPresent()) {
            unwanted.clear();
        }
        return subscribe(session, byFilter.values());
    }

    /** Asks once more for what the server refused: its policy may have been mended since. */
    synchronized void subscribeRefused(MqttSession session) {
        subscribe(
                session,
                byFilter.values().stream()
                        .filter(subscription -> subscription.refused)
                        .toList());
    }

    /** Tells the handlers that have not been heard of on a later connection. */
    void connectionLost(MqttSession ended, Throwable cause) {
        List<MessageHandler> handlers = new ArrayList<>();
        synchronized (this) {
            byFilter.values().stream()
                    .filter(subscription -> subscription.askedOn == ended)
                    .forEach(subscription -> handlers.addAll(subscription.handlers));
        }
        handlers.forEach(handler -> handler.connectionLost(cause));
    }

    private CompletableFuture<Void> subscribe(MqttSession session, Collection<Subscription> subscriptions) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int qos = 0; qos <= 1; qos++) {
            List<Subscription> batch = new ArrayList<>();
            for (Subscription subscription : subscriptions) {
                if (subscription.qos == qos) {
                    batch.add(subscription);
                }
                if (batch.size() == MAX_FILTERS_PER_SUBSCRIBE) {
                    answers.add(subscribe(session, batch, qos));
                    batch = new ArrayList<>();
                }
            }
            if (!batch.isEmpty()) {
                answers.add(subscribe(session, batch, qos));
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> subscribe(MqttSession session, List<Subscription> batch, int qos) {
        List<String> filters =
                batch.stream().map(subscription -> subscription.filter).toList();
        batch.forEach(subscription -> subscription.askedOn = session);
        return session.subscribe(filters, qos, settings.connectionTimeout()).whenComplete((codes, failure) -> {
            if (failure instanceof MqttReasonException unavailable && !session.isEnded()) {
                // Not even asked for: the server has said that it grants nothing of the kind.
                batch.forEach(subscription ->
                        subscription.refuse(new SubscriptionRefusedException(subscription.filter, unavailable)));
                return;
            }
            if (failure != null) {
                batch.forEach(subscription -> subscription.fail(failure));
                onFailure.accept(session, failure);
                return;
            }
            for (int i = 0; i < batch.size(); i++) {
                if (codes.get(i) > 1) {
                    batch.get(i).refuse(new SubscriptionRefusedException(filters.get(i), codes.get(i), settings));
                } else {
                    batch.get(i).grant();
                }
            }
        });
    }

    /**
     * Removes a handler and leaves the subscription to the server's session, for the next process to find. What still
     * arrives for it is left unacknowledged, so that the server keeps it.
     */
    synchronized void leave(String filter, MessageHandler handler) {
        Subscription subscription = byFilter.get(filter);
        if (subscription != null) {
            subscription.remove(handler);
        }
    }

    private boolean isLeft(String topic) {
        return byFilter.values().stream().anyMatch(subscription -> TopicFilter.matches(subscription.matched, topic));
    }

    /** Registers a handler for messages that fit the filter and that nobody subscribed to. */
    synchronized void addUnsolicited(String filter, MessageHandler handler) {
        unsolicited.put(handler, filter);
        redispatch(filter);
    }

    synchronized void removeUnsolicited(MessageHandler handler) {
        unsolicited.remove(handler);
    }

    /**
     * Hands a message to the handlers of all filters that fit, or else to those of unsolicited messages. One that fits
     * none waits for its handler where the server keeps sessions, else it is acknowledged and dropped.
     */
    synchronized void dispatch(InboundMessage message) {
        Set<MessageHandler> handlers = handlersOf(message.topic());
        if (!handlers.isEmpty()) {
            InboundDelivery delivery = new InboundDelivery(message, handlers.size());
            handlers.forEach(handler -> handler.messageArrived(delivery));
        } else if (isUnwanted(message.topic())) {
            counters.dropped().increment();
            message.acknowledge();
        } else if (settings.cleanSession() || message.qos() == 0) {
            message.acknowledge();
        } else if (!isLeft(message.topic())) {
            unclaimed.hold(message);
        }
    }

    private boolean isUnwanted(String topic) {
        return unwanted.stream().anyMatch(filter -> TopicFilter.matches(filter, topic));
    }

    private void redispatch(String filter) {
        unclaimed.claim(topic -> TopicFilter.matches(filter, topic)).forEach(this::dispatch);
    }

    /** Acknowledges the messages that no handler came for in time, lest they fill the server's window. */
    synchronized void dropUnclaimed() {
        for (InboundMessage message : unclaimed.expire(settings.connectionTimeout())) {
            counters.dropped().increment();
            LOG.warn(
                    "The session of {} holds a message of topic {}, which no route subscribes to: it is dropped",
                    settings,
                    ForeignText.shown(message.topic()));
            message.acknowledge();
        }
    }

    private Set<MessageHandler> handlersOf(String topic) {
        Set<MessageHandler> handlers = new LinkedHashSet<>();
        for (Subscription subscription : byFilter.values()) {
            if (TopicFilter.matches(subscription.matched, topic)) {
                handlers.addAll(subscription.handlers);
            }
        }
        if (handlers.isEmpty()) {
            unsolicited.forEach((handler, filter) -> {
                if (TopicFilter.matches(filter, topic)) {
                    handlers.add(handler);
                }
            });
        }
        return handlers;
    }

    private static final class Subscription {

        private final String filter;
        private final String matched;
        private final Set<MessageHandler> handlers = new CopyOnWriteArraySet<>();
        /** Those who have not heard yet what became of their filter. */
        private final Map<MessageHandler, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

        private volatile int qos;
        private volatile boolean refused;
        private volatile MqttSession askedOn;

        Subscription(String filter) {
            this.filter = filter;
            this.matched = TopicRules.withoutSharePrefix(filter);
        }

        boolean remove(MessageHandler handler) {
            waiting.remove(handler);
            return handlers.remove(handler);
        }

        void grant() {
            refused = false;
            for (MessageHandler handler : handlers) {
                CompletableFuture<Void> waiter = waiting.remove(handler);
                if (waiter != null) {
                    waiter.complete(null);
                }
                handler.subscriptionGranted();
            }
        }

        /** Who waits hears it there; to the others it is news after a reconnect. */
        void refuse(SubscriptionRefusedException reason) {
            refused = true;
            for (MessageHandler handler : handlers) {
                CompletableFuture<Void> waiter = waiting.remove(handler);
                if (waiter == null) {
                    handler.subscriptionRefused(reason);
                } else {
                    waiter.completeExceptionally(reason);
                }
            }
        }

        void fail(Throwable failure) {
            for (MessageHandler handler : handlers) {
                CompletableFuture<Void> waiter = waiting.remove(handler);
                if (waiter != null) {
                    waiter.completeExceptionally(failure);
                }
            }
        }
    }
}
