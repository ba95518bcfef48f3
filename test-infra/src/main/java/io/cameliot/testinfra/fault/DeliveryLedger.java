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
package io.cameliot.testinfra.fault;

import java.util.BitSet;

/**
 * The account of numbered messages that go through faults: which were sent, which the sender was told are safe, and which
 * arrived. It shows whether delivery was "at least once": nothing that was accepted is lost, whatever else came twice.
 *
 * <p>A number takes a few bits, so that a soak test can count for hours. Safe for use by any thread.
 */
public final class DeliveryLedger {

    private final BitSet accepted = new BitSet(); // guarded by this
    private final BitSet received = new BitSet(); // guarded by this
    private int sent; // guarded by this
    private long failures; // guarded by this
    private long deliveries; // guarded by this

    /**
     * Counts a message that is about to be sent.
     *
     * @return its number: 0, 1, 2, …
     */
    public synchronized int next() {
        return sent++;
    }

    /**
     * The sender was told that a message is safe: at QoS 1, that the server has acknowledged it.
     *
     * @param number from {@link #next()}
     * @throws IndexOutOfBoundsException if no such message was sent
     */
    public synchronized void accept(int number) {
        accepted.set(requireSent(number));
    }

    /**
     * The sender was told that a message failed. It may arrive all the same.
     *
     * @param number from {@link #next()}
     * @throws IndexOutOfBoundsException if no such message was sent
     */
    public synchronized void fail(int number) {
        requireSent(number);
        failures++;
    }

    /**
     * A message arrived, for the first time or again.
     *
     * @param number from {@link #next()}
     * @throws IndexOutOfBoundsException if no such message was sent
     */
    public synchronized void receive(int number) {
        received.set(requireSent(number));
        deliveries++;
    }

    private int requireSent(int number) {
        if (number < 0 || number >= sent) {
            throw new IndexOutOfBoundsException("Message " + number + " is not one of the " + sent + " sent");
        }
        return number;
    }

    /**
     * How many messages were sent.
     *
     * @return also the number that the next one will have
     */
    public synchronized int sent() {
        return sent;
    }

    /**
     * How many messages the sender was told are safe.
     *
     * @return those of {@link #accept}
     */
    public synchronized int accepted() {
        return accepted.cardinality();
    }

    /**
     * How many messages the sender was told failed.
     *
     * @return those of {@link #fail}
     */
    public synchronized long failed() {
        return failures;
    }

    /**
     * How many different messages arrived.
     *
     * @return each counted once
     */
    public synchronized int received() {
        return received.cardinality();
    }

    /**
     * How often a message arrived that had arrived before.
     *
     * @return all deliveries but the first of each message
     */
    public synchronized long duplicates() {
        return deliveries - received.cardinality();
    }

    /**
     * The messages that were accepted and have not arrived.
     *
     * @return their numbers, as a copy; empty if nothing is lost
     */
    public synchronized BitSet missing() {
        BitSet missing = (BitSet) accepted.clone();
        missing.andNot(received);
        return missing;
    }

    /**
     * Whether a message of this number or a higher one has arrived.
     *
     * @param number as {@link #sent()} had it, to ask for one that was sent later
     * @return whether the receiver has heard of what was sent since
     */
    public synchronized boolean hasReceivedSince(int number) {
        return received.length() > number;
    }

    /** The counts. */
    @Override
    public synchronized String toString() {
        return "sent " + sent + ", accepted " + accepted.cardinality() + ", failed " + failures + ", received "
                + received.cardinality() + ", duplicates " + duplicates() + ", missing " + missing();
    }
}
