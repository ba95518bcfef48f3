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
package io.cameliot.testinfra.awsiot.flow;

import java.util.function.LongSupplier;

/**
 * Counts the messages of a connection, in both directions together, against a limit a second. A second begins with the
 * first message after the previous one; AWS does not document how it counts. Event loop only.
 */
public final class PublishRate {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int perSecond;
    private final LongSupplier nanoTime;
    private long secondBegan;
    private int count;

    /**
     * Creates a counter.
     *
     * @param perSecond the maximum number of messages in a second; 0 for no limit
     * @param nanoTime the time in nanoseconds, from any origin
     */
    public PublishRate(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /** Counts a message; returns false if it exceeds the limit. */
    public boolean permits() {
        if (perSecond == 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (count == 0 || now - secondBegan >= SECOND_NANOS) {
            secondBegan = now;
            count = 0;
        }
        if (count == perSecond) {
            return false;
        }
        count++;
        return true;
    }
}
