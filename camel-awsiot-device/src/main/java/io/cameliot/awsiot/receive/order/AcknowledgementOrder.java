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
 * Puts acknowledgements into the order in which the messages arrived (MQTT 3.1.1 section 4.6), independent of the order
 * in which routes finish them. Not thread-safe: the caller guards it.
 *
 * @param <M> a message
 */
public final class AcknowledgementOrder<M> {

    private final Deque<Pending<M>> pending = new ArrayDeque<>();
    private boolean acknowledging;

    /** Adds a message that arrived on the same connection as the others and needs an acknowledgement. */
    public Pending<M> arrived(M message) {
        Pending<M> arrived = new Pending<>(message);
        pending.addLast(arrived);
        return arrived;
    }

    /**
     * Returns the first of the messages to acknowledge. The caller then asks for the others by {@link #next} until there
     * are none.
     *
     * @return null if there is none, or if another caller is acknowledging them, which finds this one as well
     */
    public M start() {
        return acknowledging ? null : next();
    }

    /**
     * Returns the next message to acknowledge: it is done, and all messages before it are acknowledged or left
     * unacknowledged for good. The caller must acknowledge it before it asks for the next one.
     *
     * @return null if there is none
     */
    public M next() {
        Pending<M> next = null;
        while (hasNext() && (next == null || next.state != State.DONE)) {
            next = pending.removeFirst();
        }
        acknowledging = next != null && next.state == State.DONE;
        return acknowledging ? next.message : null;
    }

    /** Returns whether the oldest message is done or left. */
    public boolean hasNext() {
        return !pending.isEmpty() && pending.getFirst().state != State.OPEN;
    }

    /** Forgets all messages, because they cannot be acknowledged after the end of their connection. */
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

        /** Marks the message as ready to be acknowledged. */
        public void done() {
            state = State.DONE;
        }

        /** Marks the message as never to be acknowledged, so that it does not block others. */
        public void leave() {
            state = State.LEFT;
        }
    }
}
