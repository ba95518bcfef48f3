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

import java.time.Duration;
import java.util.Set;

/**
 * What can be made to go wrong with a TCP connection; {@link FaultProxy} and {@link ProxiedConnection} say with which.
 *
 * <p>Faults add up: a connection can be delayed and slow. One that is applied again, with other values, replaces itself.
 */
public sealed interface NetworkFault {

    /**
     * Lets each byte arrive later, as on a long line: order and throughput stay what they were. TCP's own handshake is not
     * delayed. Up to 4 MiB are under way in a direction, then the sender has to wait.
     *
     * @param oneWay how much later; with both directions a round trip takes twice that
     * @param directions which bytes are delayed
     */
    record Delay(Duration oneWay, Set<Direction> directions) implements NetworkFault {
        public Delay {
            if (oneWay.isNegative() || oneWay.isZero()) {
                throw new IllegalArgumentException("A delay must be longer than 0, not " + oneWay);
            }
            directions = oneOrBoth(directions);
        }

        /**
         * Delays both directions.
         *
         * @param oneWay half of what a round trip takes longer
         */
        public Delay(Duration oneWay) {
            this(oneWay, Direction.BOTH);
        }
    }

    /**
     * Lets no more than so many bytes pass in a second; then the sender has to wait.
     *
     * @param bytesPerSecond for each direction by itself
     * @param directions which bytes are slowed down
     */
    record Slow(long bytesPerSecond, Set<Direction> directions) implements NetworkFault {
        public Slow {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("At least 1 byte must pass in a second, not " + bytesPerSecond);
            }
            directions = oneOrBoth(directions);
        }

        /**
         * Slows both directions down.
         *
         * @param bytesPerSecond for each direction by itself
         */
        public Slow(long bytesPerSecond) {
            this(bytesPerSecond, Direction.BOTH);
        }
    }

    /**
     * Lets nothing pass any more, the end of the connection included, while it stays open: as when the path between two
     * hosts is broken and neither is told. A side that closes is gone without the other's knowledge. Once the fault is
     * cleared, what was sent meanwhile arrives, as TCP would send it again (RFC 9293, section 3.8).
     *
     * @param directions in which nothing passes
     */
    record HalfOpen(Set<Direction> directions) implements NetworkFault {
        public HalfOpen {
            directions = oneOrBoth(directions);
        }

        /** In both directions. */
        public HalfOpen() {
            this(Direction.BOTH);
        }
    }

    /**
     * Inverts one byte, the last of the next that pass together, so that it hits what a TLS record protects rather than its
     * header. It happens once.
     *
     * @param direction which way that byte goes
     */
    record Corrupt(Direction direction) implements NetworkFault {}

    /**
     * Ends the connection on both sides with FIN, as a process does that closes its socket. What the proxy still holds is
     * lost. A connection to come is accepted and ended at once.
     */
    record Cut() implements NetworkFault {}

    /**
     * Ends the connection on both sides with RST, as a host does that has restarted. What has arrived on a side and was not
     * read there yet is lost too (RFC 9293, section 3.10.7.4). A connection to come is accepted and reset at once.
     */
    record Reset() implements NetworkFault {}

    /**
     * Applies another fault as soon as a number of bytes has passed. Exactly so many are sent on before
     * it.
     *
     * @param direction which way they go; bytes that go the other way are not counted
     * @param bytes how many, counted from when this is applied or, for a connection to come, from its first byte
     * @param then what goes wrong then
     */
    record AfterBytes(Direction direction, long bytes, NetworkFault then) implements NetworkFault {
        public AfterBytes {
            if (bytes < 1) {
                throw new IllegalArgumentException("At least 1 byte must pass before a fault, not " + bytes);
            }
        }
    }

    private static Set<Direction> oneOrBoth(Set<Direction> directions) {
        if (directions.isEmpty()) {
            throw new IllegalArgumentException("A fault needs a direction: TO_SERVER, TO_CLIENT or both");
        }
        return Set.copyOf(directions);
    }
}
