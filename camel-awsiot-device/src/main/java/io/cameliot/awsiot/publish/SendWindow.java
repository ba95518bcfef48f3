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
package io.cameliot.awsiot.publish;

import io.cameliot.common.mqtt.session.MqttSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The book of what is in flight on the present connection, in the order in which it was sent. Guarded by the lock of its
 * {@link PublishQueue}, but for {@link #unacknowledged}.
 */
final class SendWindow {

    private final int size;
    private final Set<Outgoing> inFlight = new LinkedHashSet<>();
    private volatile int unacknowledged;
    private MqttSession session;
    private long heardAt;
    private long heardOfSentAt;

    /**
     * @param size how many messages of QoS 1 may be in flight; the server may allow less
     */
    SendWindow(int size) {
        this.size = size;
    }

    /** The present connection; null while there is none. */
    MqttSession session() {
        return session;
    }

    void open(MqttSession connected, long now) {
        session = connected;
        heardAt = now;
        heardOfSentAt = now;
    }

    /**
     * @return what was in flight and may have to be sent again, the oldest first
     */
    List<Outgoing> close() {
        session = null;
        List<Outgoing> left = new ArrayList<>(inFlight);
        inFlight.clear();
        unacknowledged = 0;
        return left;
    }

    boolean hasRoomFor(Outgoing message) {
        return session != null
                && (message.qos() == 0
                        || unacknowledged < Math.min(size, session.server().receiveMaximum()));
    }

    void add(Outgoing message) {
        inFlight.add(message);
        unacknowledged += message.qos();
    }

    boolean remove(Outgoing message) {
        boolean removed = inFlight.remove(message);
        if (removed) {
            unacknowledged -= message.qos();
        }
        return removed;
    }

    /** How many wait for a PUBACK. May be read without the lock. */
    int unacknowledged() {
        return unacknowledged;
    }

    int size() {
        return inFlight.size();
    }

    /** A PUBACK has come. */
    void heard(long now, Outgoing message) {
        heardAt = now;
        if (message.sentAt() - heardOfSentAt > 0) {
            heardOfSentAt = message.sentAt();
        }
    }

    /**
     * Whether the oldest message in flight is acknowledged no more: nothing was for so long, or messages sent after it were.
     * MQTT 3.1.1 lets a client send a message again only on a new connection (section 4.4).
     *
     * @param limit how long a PUBACK may take while no other comes; on a slow line the next one is that of the oldest
     */
    boolean isSilentFor(Duration limit, long now) {
        for (Outgoing message : inFlight) {
            if (message.qos() > 0 && !message.isAcknowledged()) {
                boolean late = now - message.sentAt() > limit.toNanos();
                boolean overtaken = heardOfSentAt - message.sentAt() > 0;
                return late && (overtaken || now - heardAt > limit.toNanos());
            }
        }
        return false;
    }

    List<Outgoing> removeIf(Predicate<Outgoing> condition) {
        List<Outgoing> removed = inFlight.stream().filter(condition).toList();
        removed.forEach(this::remove);
        return removed;
    }
}
