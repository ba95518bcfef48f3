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
 * A fault of a TCP connection. {@link FaultProxy} and {@link ProxiedConnection} select the connections.
 *
 * <p>Different faults combine: a connection can be delayed and slow. A fault of the same kind replaces the earlier one.
 */
public sealed interface NetworkFault {

    /**
     * Delays each byte, as on a long line, without a change of order and throughput. TCP's own handshake is not
     * delayed. At most 4 MiB are in flight in a direction; then the sender has to wait.
     *
     * @param oneWay the delay; with both directions a round trip takes twice as long
     * @param directions the delayed directions
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
         * @param oneWay half of the additional time of a round trip
         */
        public Delay(Duration oneWay) {
            this(oneWay, Direction.BOTH);
        }
    }

    /**
     * Limits the bytes per second. The sender has to wait when the limit is reached.
     *
     * @param bytesPerSecond the limit of each direction
     * @param directions the limited directions
     */
    record Slow(long bytesPerSecond, Set<Direction> directions) implements NetworkFault {
        public Slow {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("At least 1 byte must pass in a second, not " + bytesPerSecond);
            }
            directions = oneOrBoth(directions);
        }

        /**
         * Limits both directions.
         *
         * @param bytesPerSecond the limit of each direction
         */
        public Slow(long bytesPerSecond) {
            this(bytesPerSecond, Direction.BOTH);
        }
    }

    /**
     * Forwards nothing more, not even the end of the connection, and leaves the connection open, as if the path between
     * two hosts were broken without notice. Neither side learns that the other has closed. After the fault is cleared,
     * the data sent in the meantime arrives, as TCP would retransmit it (RFC 9293, section 3.8).
     *
     * @param directions the directions in which nothing is forwarded
     */
    record HalfOpen(Set<Direction> directions) implements NetworkFault {
        public HalfOpen {
            directions = oneOrBoth(directions);
        }

        /** Stops both directions. */
        public HalfOpen() {
            this(Direction.BOTH);
        }
    }

    /**
     * Inverts one byte, once: the last byte of the next forwarded block, so that it damages the protected content of a
     * TLS record rather than its header.
     *
     * @param direction the direction of that byte
     */
    record Corrupt(Direction direction) implements NetworkFault {}

    /**
     * Ends the connection on both sides with FIN, like a process that closes its socket. The proxy discards the bytes
     * that it holds. A future connection is accepted and ended at once.
     */
    record Cut() implements NetworkFault {}

    /**
     * Ends the connection on both sides with RST, like a host that has restarted. Bytes that a side has received and
     * not yet read are lost too (RFC 9293, section 3.10.7.4). A future connection is accepted and reset at once.
     */
    record Reset() implements NetworkFault {}

    /**
     * Applies another fault after a number of bytes. Exactly that number is forwarded before it.
     *
     * @param direction the direction of the counted bytes
     * @param bytes the number, counted from this call or, for a future connection, from its first byte
     * @param then the fault to apply then
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
