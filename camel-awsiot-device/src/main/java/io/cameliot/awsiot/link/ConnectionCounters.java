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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.publish.PublishCounters;
import io.cameliot.awsiot.receive.ReceiveCounters;
import io.cameliot.common.meters.Subtotal;
import java.util.concurrent.atomic.LongAdder;

/** Counts the traffic and the reconnects of one identity since its first use, or of several as a total. */
public final class ConnectionCounters {

    private final PublishCounters published;
    private final ReceiveCounters received;
    private final LongAdder reconnects;

    /** Creates counters that are a total. */
    public ConnectionCounters() {
        published = new PublishCounters();
        received = new ReceiveCounters();
        reconnects = new LongAdder();
    }

    /** Creates counters whose counts also go into a total. */
    public ConnectionCounters(ConnectionCounters total) {
        published = new PublishCounters(total.published);
        received = new ReceiveCounters(total.received);
        reconnects = new Subtotal(total.reconnects);
    }

    /** Returns the counters of published messages. */
    public PublishCounters publish() {
        return published;
    }

    /** Returns the counters of received messages. */
    public ReceiveCounters receive() {
        return received;
    }

    /** Returns the number of connections after the first one. */
    public LongAdder reconnects() {
        return reconnects;
    }
}
