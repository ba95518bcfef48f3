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
import java.util.function.Predicate;

/**
 * Messages of a kept session that arrived before their route subscribed. The server sends them right after the CONNACK,
 * and routes start one after the other. They are held unacknowledged, so the server's window limits their number.
 *
 * <p>Not thread-safe: guarded by the lock of the connection's subscriptions.
 */
final class UnclaimedMessages {

    private final Deque<Held> waiting = new ArrayDeque<>();

    void hold(InboundMessage message) {
        waiting.addLast(new Held(message, System.nanoTime()));
    }

    /**
     * Removes and returns the messages of the topics, in order. Discards messages of an ended connection, because the
     * server sends them again.
     */
    List<InboundMessage> claim(Predicate<String> topics) {
        List<InboundMessage> claimed = new ArrayList<>();
        for (Iterator<Held> all = waiting.iterator(); all.hasNext(); ) {
            InboundMessage message = all.next().message;
            if (message.session().isEnded()) {
                all.remove();
            } else if (topics.test(message.topic())) {
                all.remove();
                claimed.add(message);
            }
        }
        return claimed;
    }

    /** Removes and returns the messages that no handler claimed in time. */
    List<InboundMessage> expire(Duration limit) {
        List<InboundMessage> expired = new ArrayList<>();
        while (!waiting.isEmpty() && System.nanoTime() - waiting.getFirst().since >= limit.toNanos()) {
            expired.add(waiting.removeFirst().message);
        }
        return expired;
    }

    private record Held(InboundMessage message, long since) {}
}
