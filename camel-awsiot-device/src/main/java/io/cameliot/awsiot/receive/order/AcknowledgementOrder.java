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
package io.cameliot.awsiot.receive.order;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Brings acknowledgements into the order in which the messages arrived (MQTT 3.1.1 section 4.6), whatever the order in which
 * routes are through with them. Knows no threads: the caller guards it.
 *
 * @param <M> a message, by its identity
 */
public final class AcknowledgementOrder<M> {

    private final Deque<Pending<M>> pending = new ArrayDeque<>();

    /** A message has arrived, on the same connection as the others, that is to be acknowledged. */
    public Pending<M> arrived(M message) {
        Pending<M> arrived = new Pending<>(message);
        pending.addLast(arrived);
        return arrived;
    }

    /**
     * The next message that is done while all before it are acknowledged, or left unacknowledged for good. To be
     * acknowledged before the one after it is asked for.
     *
     * @return null if there is none
     */
    public M next() {
        while (hasNext()) {
            Pending<M> first = pending.removeFirst();
            if (first.state == State.DONE) {
                return first.message;
            }
        }
        return null;
    }

    /** Whether the first of all has been decided. */
    public boolean hasNext() {
        return !pending.isEmpty() && pending.getFirst().state != State.OPEN;
    }

    /** The connection has ended: nothing that arrived on it can be acknowledged any more. */
    public void clear() {
        pending.clear();
    }

    private enum State {
        OPEN,
        DONE,
        LEFT
    }

    /** A message that is not acknowledged yet. */
    public static final class Pending<M> {

        private final M message;
        private State state = State.OPEN;

        private Pending(M message) {
            this.message = message;
        }

        /** The message may be acknowledged. */
        public void done() {
            state = State.DONE;
        }

        /** The message is never acknowledged, and holds up no other. */
        public void leave() {
            state = State.LEFT;
        }
    }
}
