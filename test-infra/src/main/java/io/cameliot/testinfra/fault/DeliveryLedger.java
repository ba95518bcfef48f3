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
 * Records numbered messages that are sent under faults: which were sent, which were reported to the sender as accepted,
 * and which arrived. It verifies "at least once" delivery: no accepted message is lost, and duplicates are allowed.
 *
 * <p>A number takes a few bits, so that a soak test can run for hours. Thread-safe.
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
     * Records that the sender was told that a message is accepted. At QoS 1 the server has acknowledged it.
     *
     * @param number from {@link #next()}
     * @throws IndexOutOfBoundsException if no such message was sent
     */
    public synchronized void accept(int number) {
        accepted.set(requireSent(number));
    }

    /**
     * Records that the sender was told that a message failed. It may still arrive.
     *
     * @param number from {@link #next()}
     * @throws IndexOutOfBoundsException if no such message was sent
     */
    public synchronized void fail(int number) {
        requireSent(number);
        failures++;
    }

    /**
     * Records that a message arrived, for the first time or again.
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
     * The number of sent messages.
     *
     * @return also the number of the next message
     */
    public synchronized int sent() {
        return sent;
    }

    /**
     * The number of accepted messages.
     *
     * @return those of {@link #accept}
     */
    public synchronized int accepted() {
        return accepted.cardinality();
    }

    /**
     * The number of failed messages.
     *
     * @return those of {@link #fail}
     */
    public synchronized long failed() {
        return failures;
    }

    /**
     * The number of different messages that arrived.
     *
     * @return each counted once
     */
    public synchronized int received() {
        return received.cardinality();
    }

    /**
     * The number of duplicates.
     *
     * @return all deliveries except the first of each message
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
     * Whether a message with this number or a higher one has arrived.
     *
     * @param number a value of {@link #sent()}, to ask for messages sent after that call
     * @return whether the receiver has received one of them
     */
    public synchronized boolean hasReceivedSince(int number) {
        return received.length() > number;
    }

    @Override
    public synchronized String toString() {
        return "sent " + sent + ", accepted " + accepted.cardinality() + ", failed " + failures + ", received "
                + received.cardinality() + ", duplicates " + duplicates() + ", missing " + missing();
    }
}
