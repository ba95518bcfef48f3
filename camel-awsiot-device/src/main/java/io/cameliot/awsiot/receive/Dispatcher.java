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

import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.topic.TopicFilter;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers arriving messages to the handlers of a {@link SubscriptionBook} without a lock. Holds messages that arrive
 * before their handler.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final ConnectionSettings settings;
    private final ReceiveCounters counters;
    private final Object deciding;
    private final Supplier<SubscriptionBook> book;
    private final Predicate<String> isUnwanted;
    private final UnclaimedMessages unclaimed = new UnclaimedMessages(); // guarded by deciding
    /** Whether more routes are to start, which may want messages that others already have. */
    private volatile boolean awaitingRoutes; // written under deciding

    /**
     * @param deciding the lock under which the book changes
     * @param book returns the current book
     * @param isUnwanted returns whether messages of a topic arrive only because the server still has a subscription
     */
    Dispatcher(
            ConnectionSettings settings,
            ReceiveCounters counters,
            Object deciding,
            Supplier<SubscriptionBook> book,
            Predicate<String> isUnwanted) {
        this.settings = settings;
        this.counters = counters;
        this.deciding = deciding;
        this.book = book;
        this.isUnwanted = isUnwanted;
    }

    /**
     * Delivers a message to the handlers of all matching filters, or else to those of unsolicited messages. A message
     * without a handler waits for one if it has QoS 1 and the server keeps the session; otherwise it is acknowledged
     * and dropped. While routes start, a message with a handler waits for other handlers too, unacknowledged.
     */
    void dispatch(InboundMessage message) {
        Set<MessageHandler> handlers = book.get().handlersOf(message.topic());
        if (handlers.isEmpty() || awaitingRoutes && !isDroppedUnclaimed(message)) {
            deliverOrHold(message);
        } else {
            deliver(new InboundDelivery(message, handlers.size()), handlers);
        }
    }

    /**
     * Delivers the message to its handlers, and holds it for handlers that are to come. It decides under the lock, so that
     * a handler registered meanwhile is either found here or finds the message.
     */
    private void deliverOrHold(InboundMessage message) {
        Set<MessageHandler> handlers;
        InboundDelivery delivery;
        synchronized (deciding) {
            handlers = book.get().handlersOf(message.topic());
            boolean held = handlers.isEmpty() ? isToBeHeld(message) : awaitingRoutes && !isDroppedUnclaimed(message);
            delivery = new InboundDelivery(message, handlers.size() + (held ? 1 : 0));
            if (held) {
                unclaimed.hold(delivery, !handlers.isEmpty());
            }
        }
        if (!handlers.isEmpty()) {
            deliver(delivery, handlers);
        } else if (isUnwanted.test(message.topic())) {
            counters.dropped().increment();
            message.acknowledge();
        } else if (isDroppedUnclaimed(message)) {
            message.acknowledge();
        }
    }

    private boolean isDroppedUnclaimed(InboundMessage message) {
        return settings.session().clean() || message.qos() == 0;
    }

    private boolean isToBeHeld(InboundMessage message) {
        return !isDroppedUnclaimed(message)
                && !isUnwanted.test(message.topic())
                && !book.get().isSubscribed(message.topic());
    }

    private static void deliver(InboundDelivery delivery, Set<MessageHandler> handlers) {
        handlers.forEach(handler -> handler.messageArrived(delivery));
    }

    /**
     * Registers a handler after it has received the messages held for it, so that newly arriving messages do not
     * overtake them.
     *
     * @param registration changes the book, under the lock
     * @throws E what the registration throws; then the handler is not registered
     */
    <E extends Exception> void register(String filter, MessageHandler handler, Registration<E> registration) throws E {
        register(topic -> TopicFilter.matches(filter, topic), handler, registration);
    }

    /** Registers a handler as {@link #register} does, for messages that have no other handler. */
    void registerUnsolicited(String filter, MessageHandler handler, Registration<RuntimeException> registration) {
        register(topic -> TopicFilter.matches(filter, topic) && !book.get().isSubscribed(topic), handler, registration);
    }

    private <E extends Exception> void register(
            Predicate<String> topics, MessageHandler handler, Registration<E> registration) throws E {
        Set<InboundDelivery> given = new HashSet<>();
        List<InboundDelivery> claimed;
        do {
            synchronized (deciding) {
                claimed = unclaimed.claim(topics, awaitingRoutes, given);
                if (claimed.isEmpty()) {
                    registration.run();
                }
            }
            claimed.forEach(handler::messageArrived);
        } while (!claimed.isEmpty());
    }

    /** A change of the book that may be impossible. */
    @FunctionalInterface
    interface Registration<E extends Exception> {
        void run() throws E;
    }

    /**
     * Holds messages of a kept session for all routes that start with the context, until {@link #routesStarted}, but no
     * longer than connectionTimeout after the first one has arrived.
     */
    void awaitRoutes() {
        synchronized (deciding) {
            awaitingRoutes = true;
        }
    }

    /** Leaves the messages that have handlers to them. */
    void routesStarted() {
        List<InboundDelivery> released;
        synchronized (deciding) {
            awaitingRoutes = false;
            released = unclaimed.release();
        }
        released.forEach(InboundDelivery::withdrawn);
    }

    /**
     * Acknowledges the messages for which no handler was registered in time, so that they do not fill the server's
     * window. Ends the wait for routes when it has taken too long.
     */
    void dropUnclaimed() {
        Duration limit = settings.timing().connectionTimeout();
        List<InboundMessage> expired;
        boolean releaseDue;
        synchronized (deciding) {
            unclaimed.discardEnded();
            expired = unclaimed.expire(limit);
            releaseDue = unclaimed.isReleaseDue(limit);
        }
        if (releaseDue) {
            routesStarted();
        }
        for (InboundMessage message : expired) {
            counters.dropped().increment();
            LOG.warn(
                    "The session of {} holds a message of topic {}, which no route subscribes to: it is dropped",
                    settings,
                    ForeignText.shown(message.topic()));
            message.acknowledge();
        }
    }
}
