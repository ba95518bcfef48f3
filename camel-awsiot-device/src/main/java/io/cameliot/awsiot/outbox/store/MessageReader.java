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
package io.cameliot.awsiot.outbox.store;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the messages of an outbox one after the other, and decides when it gives one up that cannot be read, so that it
 * does not block the messages after it. One that is damaged is given up at once. Where the disk fails, the next messages
 * could fail as well, so the message is tried again for a while, to keep the order.
 *
 * <p>Not thread-safe: confined to the worker of the outbox.
 */
public final class MessageReader {

    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

    /** The delay between two attempts to read a message that is not given up. */
    public static final Duration RETRY = Duration.ofSeconds(1);

    /** How long a message is tried again where the disk fails. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String outbox;
    private final Duration aside;
    private final LongSupplier nanoTime;
    private final Set<Long> givenUp = new HashSet<>();
    private long failing; // number of the message that is tried again; 0 if there is none
    private long failingSince;
    private long failedAt;
    private boolean told;

    /**
     * @param outbox name of the outbox, as the beginning of a sentence
     * @param aside how long a message that is given up is set aside
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    public MessageReader(String outbox, Duration aside, LongSupplier nanoTime) {
        this.outbox = outbox;
        this.aside = aside;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads a message. One that could not be read is not read again before {@link #RETRY} has passed.
     *
     * @return null if it cannot be read now
     */
    public AcceptedMessage read(StoredMessage message) {
        long number = message.number();
        if (number == failing && nanoTime.getAsLong() - failedAt < RETRY.toNanos()) {
            return null;
        }
        try {
            AcceptedMessage read = message.read();
            if (number == failing) {
                LOG.info("{} can read message {} again", outbox, number);
            }
            failing = 0;
            givenUp.remove(number);
            return read;
        } catch (IOException e) {
            failed(number, e);
            return null;
        }
    }

    private void failed(long number, IOException failure) {
        failedAt = nanoTime.getAsLong();
        if (number != failing) {
            failingSince = failedAt;
        }
        if (failure instanceof OutboxException
                || givenUp.contains(number)
                || failedAt - failingSince >= PATIENCE.toNanos()) {
            failing = 0;
            giveUp(number, failure);
        } else if (number != failing) {
            failing = number;
            LOG.warn(
                    "{} cannot read message {}, and sends nothing until it can, for up to {} seconds",
                    outbox,
                    number,
                    PATIENCE.toSeconds(),
                    failure);
        }
    }

    private void giveUp(long number, IOException failure) {
        givenUp.add(number);
        if (!told) {
            LOG.error(
                    "{} sets aside message {}, and others that cannot be read either. They are tried again in {} minutes."
                            + " Their file and later ones take up space until they are sent",
                    outbox,
                    number,
                    aside.toMinutes(),
                    failure);
        }
        told = true;
    }

    /** Returns whether the message is to be set aside, because it could not be read. */
    public boolean isGivenUp(StoredMessage message) {
        return givenUp.contains(message.number());
    }

    /** Returns whether a message could not be read and is to be read again after {@link #RETRY}. */
    public boolean isFailing() {
        return failing != 0;
    }

    /** Makes messages that are given up be logged again, because those set aside are retried. */
    public void retrying() {
        told = false;
    }
}
