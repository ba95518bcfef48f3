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

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the messages that a full outbox dropped, and logs them at most once a minute. Confined to the worker of the
 * outbox.
 */
final class Drops {

    private static final Logger LOG = LoggerFactory.getLogger(Drops.class);

    private static final long REPORT_NANOS = Duration.ofMinutes(1).toNanos();

    private final String outbox;
    private final int maxMessages;
    private long reportAt = System.nanoTime();
    private long unreported;
    private volatile long count; // read by any thread

    /**
     * @param outbox name of the outbox, as the beginning of a sentence
     */
    Drops(String outbox, int maxMessages) {
        this.outbox = outbox;
        this.maxMessages = maxMessages;
    }

    void add() {
        count++;
        unreported++;
    }

    long count() {
        return count;
    }

    boolean areUnreported() {
        return unreported > 0;
    }

    /** Returns when the next report is due if there is something to report, in terms of {@link System#nanoTime()}. */
    long reportAt() {
        return reportAt;
    }

    void report() {
        if (areUnreported() && reportAt - System.nanoTime() <= 0) {
            LOG.warn(
                    "{} is full (outboxMaxMessages={}, outboxOverflow=dropOldest): oldest messages dropped: {}",
                    outbox,
                    maxMessages,
                    unreported);
            unreported = 0;
            reportAt = System.nanoTime() + REPORT_NANOS;
        }
    }
}
