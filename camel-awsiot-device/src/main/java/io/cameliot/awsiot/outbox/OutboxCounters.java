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
package io.cameliot.awsiot.outbox;

import java.util.concurrent.atomic.LongAdder;

/** Counts the messages of several outboxes, those that are closed included. */
public final class OutboxCounters {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder forwarded = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder setAside = new LongAdder();
    private final LongAdder expired = new LongAdder();

    /** Adds what one outbox has counted between two snapshots. */
    void add(OutboxStatus earlier, OutboxStatus later) {
        accepted.add(later.accepted() - earlier.accepted());
        forwarded.add(later.forwarded() - earlier.forwarded());
        dropped.add(later.dropped() - earlier.dropped());
        setAside.add(later.setAside() - earlier.setAside());
        expired.add(later.expired() - earlier.expired());
    }

    /** Returns the number of messages that were accepted. */
    public long accepted() {
        return accepted.sum();
    }

    /** Returns the number of messages that the server has acknowledged. */
    public long forwarded() {
        return forwarded.sum();
    }

    /** Returns the number of messages that were dropped to make room. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns how often a message was set aside. */
    public long setAside() {
        return setAside.sum();
    }

    /** Returns the number of messages that were dropped because their message expiry was over. */
    public long expired() {
        return expired.sum();
    }
}
