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

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server says against messages of an outbox by reason code (MQTT 5 section 3.4.2.1). What can pass holds up all that
 * follow, so that the order is kept; what cannot holds up none.
 *
 * <p>Not thread-safe: belongs to the forwarder.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** The time between two tries of a message that the server refuses for now. */
    private static final Duration MIN_DELAY = Duration.ofMillis(500);

    private static final Duration MAX_DELAY = Duration.ofSeconds(20);

    private final String outbox;
    private final LongSupplier nanoTime;
    private final Backoff backoff = new Backoff(MIN_DELAY, MAX_DELAY, new Random());
    private final Set<Long> notSince = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private boolean pausing;
    private boolean cautious;
    private long pausedUntil;

    /**
     * @param outbox its name, the beginning of a sentence
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    Refusals(String outbox, LongSupplier nanoTime) {
        this.outbox = outbox;
        this.nanoTime = nanoTime;
    }

    /** The server has refused a message and would take it later. */
    void pause(long number, PublishException refusal) {
        notSince.add(number);
        if (!isPausing()) {
            Duration delay = backoff.next();
            LOG.warn("{} waits for {} ms: {}", outbox, delay.toMillis(), refusal.getMessage());
            pausing = true;
            cautious = true;
            pausedUntil = nanoTime.getAsLong() + delay.toNanos();
        }
    }

    /** Whether nothing is to be sent for a while. */
    boolean isPausing() {
        pausing = pausing && pausedUntil - nanoTime.getAsLong() > 0;
        return pausing;
    }

    /** Whether messages are to go out one at a time: others behind one that is refused again would overtake it. */
    boolean isCautious() {
        return cautious;
    }

    /** In terms of the clock. */
    long pausedUntil() {
        return pausedUntil;
    }

    /** The server has refused a message for good. Told once for each topic and reason, until that changes. */
    void setAside(long number, String topic, PublishException refusal, Duration retry) {
        notSince.add(number);
        if (told.add(topic + ' ' + refusal.getReasonCode())) {
            LOG.error(
                    "{} sets aside message {} for topic '{}', and others that are refused like it: {}. They are tried again"
                            + " in {} minutes.",
                    outbox,
                    number,
                    ForeignText.shown(topic),
                    refusal.getMessage(),
                    retry.toMinutes());
        }
    }

    /** What was set aside is tried again: whoever reads the log is to know if it is in vain. */
    void retrying() {
        told.clear();
    }

    /** Whether the server has refused the message since it was sent the last time, so that it does not know it. */
    boolean take(long number) {
        return !notSince.isEmpty() && notSince.remove(number);
    }

    /** The server has taken a message. */
    void acknowledged() {
        if (!isPausing()) {
            cautious = false;
            backoff.reset();
        }
    }
}
