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
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's refusals of messages of an outbox by reason code (MQTT 5 section 3.4.2.1). A temporary refusal holds
 * back all later messages that are not sent yet, so that the order is kept. A permanent refusal holds back none.
 *
 * <p>Not thread-safe except for {@link #heard}: confined to the forwarder.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** The smallest delay between two attempts to send a message that the server refuses temporarily. */
    private static final Duration MIN_DELAY = Duration.ofMillis(500);

    private static final Duration MAX_DELAY = Duration.ofSeconds(20);

    private final String outbox;
    private final LongSupplier nanoTime;
    private final Backoff backoff = new Backoff(MIN_DELAY, MAX_DELAY, new Random());
    private final AtomicInteger unprocessed = new AtomicInteger();
    private final Set<Long> notStored = new HashSet<>();
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

    /**
     * Takes back the messages that would overtake one that is refused temporarily, before the connection sends them into
     * the room that the refused one leaves. Callable from any thread. A call of {@link #processed} must follow.
     */
    void heard(PublishSession session, Throwable failure) {
        if (isTemporary(failure)) {
            unprocessed.incrementAndGet();
            session.takeBack();
        }
    }

    /** Ends what {@link #heard} has begun, and takes back what was submitted meanwhile. */
    void processed(PublishSession session, Throwable failure) {
        if (isTemporary(failure)) {
            unprocessed.decrementAndGet();
            session.takeBack();
        }
    }

    private static boolean isTemporary(Throwable failure) {
        return failure instanceof PublishException refusal && refusal.isPassingRefusal();
    }

    /** Pauses after a temporary refusal of a message. */
    void pause(long number, PublishException refusal) {
        notStored.add(number);
        if (!pausing) {
            Duration delay = backoff.next();
            LOG.warn("{} waits for {} ms: {}", outbox, delay.toMillis(), refusal.getMessage());
            pausing = true;
            cautious = true;
            pausedUntil = nanoTime.getAsLong() + delay.toNanos();
        }
    }

    /** Ends the pause if its time is over. Nothing else does, so that a pause that holds back messages has its alarm. */
    void endPauseIfDue() {
        pausing = pausing && pausedUntil - nanoTime.getAsLong() > 0;
    }

    /** Returns whether no message may be sent: sending pauses, or a temporary refusal is not processed yet. */
    boolean isHeldBack() {
        return unprocessed.get() > 0 || pausing;
    }

    /** Returns whether sending pauses. */
    boolean isPausing() {
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
        notStored.add(number);
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
     * Records that a message was submitted to a connection and not sent.
     *
     * @param sentBefore whether an earlier connection may have sent it
     */
    void unsent(long number, boolean sentBefore) {
        if (!sentBefore) {
            notStored.add(number);
        }
    }

    /**
     * Returns and clears whether the server refused the message when it was last sent, or it was never sent. The server
     * then does not store it, so a resend is no duplicate.
     */
    boolean take(long number) {
        return !notStored.isEmpty() && notStored.remove(number);
    }

    /** Records that the server has acknowledged a message. */
    void acknowledged() {
        if (!pausing) {
            cautious = false;
            backoff.reset();
        }
    }
}
