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

import java.util.concurrent.atomic.LongAdder;

/** The messages that went out over the connections of one identity since it was first used. */
public final class PublishCounters {

    private final LongAdder sentAtOnce = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder resent = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Messages of QoS 0 that were sent without waiting for anything. */
    public LongAdder sentAtOnce() {
        return sentAtOnce;
    }

    /** All other messages handed over for publishing. */
    public LongAdder published() {
        return published;
    }

    /** Of those, the messages that the server acknowledged; at QoS 0, that were sent. */
    public LongAdder acknowledged() {
        return acknowledged;
    }

    /** Messages sent once more, because a connection ended before their PUBACK. */
    public LongAdder resent() {
        return resent;
    }

    /** Messages whose publishing failed. */
    public LongAdder failed() {
        return failed;
    }
}
