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

import io.cameliot.common.mqtt.session.InboundMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Messages of a kept session that routes may want which have not started yet. The server sends them right after the
 * CONNACK, and routes start one after the other. They are held unacknowledged, so the server's window limits their
 * number.
 *
 * <p>Not thread-safe: guarded by the lock of the connection's subscriptions.
 */
final class UnclaimedMessages {

    private final Deque<Held> waiting = new ArrayDeque<>();

    /**
     * Holds a message.
     *
     * @param delivery counts this class as one of its handlers
     * @param claimed whether a handler has the message already
     */
    void hold(InboundDelivery delivery, boolean claimed) {
        waiting.addLast(new Held(delivery, claimed));
    }

    /**
     * Returns the messages of the topics, in order, for one more handler.
     *
     * @param keep whether to hold the messages for other handlers too
     * @param given the messages that the handler already has, to which the returned ones are added
     */
    List<InboundDelivery> claim(Predicate<String> topics, boolean keep, Set<InboundDelivery> given) {
        discardEnded();
        List<InboundDelivery> claimed = new ArrayList<>();
        for (Iterator<Held> all = waiting.iterator(); all.hasNext(); ) {
            Held held = all.next();
            if (topics.test(held.delivery.message().topic()) && given.add(held.delivery)) {
                claimed.add(held.delivery);
                if (keep) {
                    held.claimed = true;
                    held.delivery.addHandler();
                } else {
                    // The handler takes the place of this class.
                    all.remove();
                }
            }
        }
        return claimed;
    }

    /** Discards messages of ended connections, because the server sends them again. */
    void discardEnded() {
        waiting.removeIf(Held::hasEnded);
    }

    /** Removes and returns the messages that have a handler. */
    List<InboundDelivery> release() {
        List<InboundDelivery> released = waiting.stream()
                .filter(held -> held.claimed)
                .map(held -> held.delivery)
                .toList();
        waiting.removeIf(held -> held.claimed);
        return released;
    }

    /** Returns whether a message has been held for a time although it has a handler. */
    boolean isReleaseDue(Duration limit) {
        return waiting.stream().anyMatch(held -> held.claimed && held.isOlderThan(limit));
    }

    /** Removes and returns the messages that no handler claimed in time. */
    List<InboundMessage> expire(Duration limit) {
        List<InboundMessage> expired = new ArrayList<>();
        while (!waiting.isEmpty()
                && !waiting.getFirst().claimed
                && waiting.getFirst().isOlderThan(limit)) {
            expired.add(waiting.removeFirst().delivery.message());
        }
        return expired;
    }

    private static final class Held {

        private final InboundDelivery delivery;
        private final long since = System.nanoTime();
        private boolean claimed;

        Held(InboundDelivery delivery, boolean claimed) {
            this.delivery = delivery;
            this.claimed = claimed;
        }

        boolean hasEnded() {
            return delivery.message().session().isEnded();
        }

        boolean isOlderThan(Duration limit) {
            return System.nanoTime() - since >= limit.toNanos();
        }
    }
}
