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
import java.util.concurrent.atomic.LongAdder;

/** Counts the traffic and the reconnects of one identity since its first use, for JMX. */
public final class ConnectionCounters {

    private final PublishCounters published = new PublishCounters();
    private final ReceiveCounters received = new ReceiveCounters();
    private final LongAdder reconnects = new LongAdder();

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
