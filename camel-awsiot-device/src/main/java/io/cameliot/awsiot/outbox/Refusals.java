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
 * The server's refusals of messages of an outbox by reason code (MQTT 5 section 3.4.2.1). A temporary refusal holds
 * back all later messages, so that the order is kept. A permanent refusal holds back none.
 *
 * <p>Not thread-safe: confined to the forwarder.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** The smallest delay between two attempts to send a message that the server refuses temporarily. */
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
     * @param outbox name of the outbox, as the beginning of a sentence
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    Refusals(String outbox, LongSupplier nanoTime) {
        this.outbox = outbox;
        this.nanoTime = nanoTime;
    }

    /** Pauses after a temporary refusal of a message. */
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

    /** Returns whether sending pauses. */
    boolean isPausing() {
        pausing = pausing && pausedUntil - nanoTime.getAsLong() > 0;
        return pausing;
    }

    /**
     * Returns whether messages must be sent one at a time. Otherwise later messages would overtake one that is refused
     * again.
     */
    boolean isCautious() {
        return cautious;
    }

    /** Returns when the pause ends, in terms of {@link System#nanoTime()}. */
    long pausedUntil() {
        return pausedUntil;
    }

    /**
     * Records a permanent refusal of a message. It is logged once for each topic and reason code, until {@link
     * #retrying}.
     */
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

    /** Makes refusals be logged again, because the messages set aside are retried. */
    void retrying() {
        told.clear();
    }

    /**
     * Returns and clears whether the server refused the message when it was last sent. The server then does not store
     * it, so a resend is no duplicate.
     */
    boolean take(long number) {
        return !notSince.isEmpty() && notSince.remove(number);
    }

    /** Records that the server has acknowledged a message. */
    void acknowledged() {
        if (!isPausing()) {
            cautious = false;
            backoff.reset();
        }
    }
}
