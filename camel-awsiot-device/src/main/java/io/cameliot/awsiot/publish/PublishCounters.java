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

import io.cameliot.common.meters.Subtotal;
import java.util.concurrent.atomic.LongAdder;

/** Counts the messages published over the connections of one identity since its first use. */
public final class PublishCounters {

    private final LongAdder sentAtOnce;
    private final LongAdder published;
    private final LongAdder acknowledged;
    private final LongAdder resent;
    private final LongAdder failed;

    /** Creates counters that are a total. */
    public PublishCounters() {
        sentAtOnce = new LongAdder();
        published = new LongAdder();
        acknowledged = new LongAdder();
        resent = new LongAdder();
        failed = new LongAdder();
    }

    /** Creates counters whose counts also go into a total. */
    public PublishCounters(PublishCounters total) {
        sentAtOnce = new Subtotal(total.sentAtOnce);
        published = new Subtotal(total.published);
        acknowledged = new Subtotal(total.acknowledged);
        resent = new Subtotal(total.resent);
        failed = new Subtotal(total.failed);
    }

    /** Returns the number of all messages that were handed over for publishing. */
    public long handedOver() {
        return sentAtOnce.sum() + published.sum();
    }

    /** Returns the number of messages that the server acknowledged (QoS 1) or were sent (QoS 0). */
    public long done() {
        return sentAtOnce.sum() + acknowledged.sum();
    }

    /** Returns the number of QoS 0 messages that were sent at once, without queueing. */
    public LongAdder sentAtOnce() {
        return sentAtOnce;
    }

    /** Returns the number of all other messages submitted for publishing. */
    public LongAdder published() {
        return published;
    }

    /** Returns how many of the {@link #published} messages the server acknowledged (QoS 1) or were sent (QoS 0). */
    public LongAdder acknowledged() {
        return acknowledged;
    }

    /** Returns the number of resends, after a connection ended before the PUBACK. */
    public LongAdder resent() {
        return resent;
    }

    /** Returns the number of messages that failed. */
    public LongAdder failed() {
        return failed;
    }
}
