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
package io.cameliot.awsiot.publish;

import io.cameliot.common.mqtt.PublishRefusedException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The messages of someone who keeps them himself, such as an outbox: he is given the publishing side of each connection, and
 * with its end all that he gave to it. What he gives ahead of the {@link SendWindow} waits here, so that the window is never
 * empty while he reads the next.
 *
 * <p>Thread-safe. No method blocks.
 */
public final class KeptMessages implements MessageSource {

    private final SendWindow window;
    private final PublishCounters counters;
    private Consumer<PublishSession> keeper; // guarded by this
    private volatile Session present; // written under this: null while there is no connection

    public KeptMessages(SendWindow window, PublishCounters counters) {
        this.window = window;
        this.counters = counters;
        window.add(this);
    }

    /**
     * Gives the publishing side of each connection, the present one included, to someone who keeps messages.
     *
     * @param listener is called on any thread and must return at once; null for none
     */
    public void setKeeper(Consumer<PublishSession> listener) {
        Session opened;
        synchronized (this) {
            keeper = listener;
            opened = present;
        }
        if (listener != null && opened != null) {
            listener.accept(opened);
        }
    }

    @Override
    public Outgoing poll(boolean room) {
        Session session = present;
        return session != null && room ? session.waiting.poll() : null;
    }

    @Override
    public void opened() {
        Session opened = new Session();
        Consumer<PublishSession> listener;
        synchronized (this) {
            present = opened;
            listener = keeper;
        }
        if (listener != null) {
            listener.accept(opened);
        }
    }

    @Override
    public void ended() {
        Session ended;
        synchronized (this) {
            ended = present;
            present = null;
        }
        if (ended != null) {
            ended.giveBack();
        }
    }

    /** The publishing side of one connection. */
    private final class Session implements PublishSession {

        private final Queue<Kept> waiting = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate) {
            Kept message = new Kept(request, duplicate);
            if (!duplicate) {
                counters.published().increment();
            }
            waiting.add(message);
            if (present == this) {
                window.fill();
            } else {
                giveBack();
            }
            return message.done();
        }

        void giveBack() {
            for (Kept message = waiting.poll(); message != null; message = waiting.poll()) {
                message.givenBack();
            }
        }
    }

    /** A message for one connection; its time is its keeper's business. */
    private final class Kept extends Outgoing {

        Kept(PublishRequest request, boolean sentBefore) {
            super(request, sentBefore);
        }

        @Override
        void taken() {
            if (done().complete(PublishReceipt.ACKNOWLEDGED)) {
                counters.acknowledged().increment();
            }
        }

        @Override
        void refused(PublishRefusedException refusal) {
            if (done().completeExceptionally(failure(refusal))) {
                counters.failed().increment();
            }
        }

        @Override
        void givenBack() {
            done().completeExceptionally(failure("the connection ended", null));
        }

        /** It goes back when its PUBACK does not come, as with a server that closes the connection because of it. */
        @Override
        Runnable unsendable(Throwable cause) {
            return null;
        }
    }
}
