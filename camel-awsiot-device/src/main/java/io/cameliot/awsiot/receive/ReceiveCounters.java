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

import io.cameliot.common.meters.Subtotal;
import java.util.concurrent.atomic.LongAdder;

/** Counts the messages received over the connections of one identity since its first use. */
public final class ReceiveCounters {

    private final LongAdder received;
    private final LongAdder redelivered;
    private final LongAdder dropped;

    /** Creates counters that are a total. */
    public ReceiveCounters() {
        received = new LongAdder();
        redelivered = new LongAdder();
        dropped = new LongAdder();
    }

    /** Creates counters whose counts also go into a total. */
    public ReceiveCounters(ReceiveCounters total) {
        received = new Subtotal(total.received);
        redelivered = new Subtotal(total.redelivered);
        dropped = new Subtotal(total.dropped);
    }

    /** Returns the number of messages that arrived. */
    public LongAdder received() {
        return received;
    }

    /** Returns the number of redeliveries to a route after it had failed. */
    public LongAdder redelivered() {
        return redelivered;
    }

    /**
     * Returns the number of messages that arrived and were dropped: QoS 0 messages behind a slow route, messages of
     * topics that no route subscribes to, and responses that no request waits for.
     */
    public LongAdder dropped() {
        return dropped;
    }
}
