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
 * The messages of a keeper that stores them itself, such as an outbox. The keeper receives a {@link PublishSession} for
 * each connection. When the connection ends, it gets back all messages that are not acknowledged. Messages that it
 * submits ahead of the {@link SendWindow} wait here, so that the window stays full while it reads the next ones.
 *
 * <p>Thread-safe. No method blocks.
 */
public final class KeptMessages implements MessageSource {

    private final SendWindow window;
    private final PublishCounters counters;
    private Consumer<PublishSession> keeper; // guarded by this
    private volatile Session present; // written under this; null while there is no connection

    public KeptMessages(SendWindow window, PublishCounters counters) {
        this.window = window;
        this.counters = counters;
        window.add(this);
    }

    /**
     * Sets the listener that receives the publishing side of each connection, including the current one.
     *
     * @param listener called on any thread; must return at once
     */
    public void setKeeper(Consumer<PublishSession> listener) {
        Session opened;
        synchronized (this) {
            keeper = listener;
            opened = present;
        }
        if (opened != null) {
            listener.accept(opened);
        }
    }

    /** Removes the listener, unless another one has replaced it. */
    public synchronized void removeKeeper(Consumer<PublishSession> listener) {
        if (keeper == listener) {
            keeper = null;
        }
    }

    @Override
    public Outgoing poll(boolean room) {
        Session session = present;
        Kept message = session != null && room ? session.waiting.poll() : null;
        if (message != null) {
            message.count();
        }
        return message;
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
            waiting.add(message);
            if (present == this) {
                window.fill();
            } else {
                giveBack();
            }
            return message.done();
        }

        @Override
        public void takeBack() {
            for (Kept message = waiting.poll(); message != null; message = waiting.poll()) {
                message.done().cancel(false);
            }
        }

        void giveBack() {
            for (Kept message = waiting.poll(); message != null; message = waiting.poll()) {
                message.count();
                message.givenBack();
            }
        }
    }

    /** A message for one connection. Its keeper enforces the time limit. */
    private final class Kept extends Outgoing {

        Kept(PublishRequest request, boolean sentBefore) {
            super(request, sentBefore);
        }

        /** Counts a message that leaves the queue and is not taken back. A duplicate was counted the first time. */
        void count() {
            if (!isSent()) {
                counters.published().increment();
            }
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

        /**
         * Returns null: the message stays in flight without a PUBACK until the connection ends, and then returns to its
         * keeper. The same happens when a server closes the connection because of a message.
         */
        @Override
        Runnable unsendable(Throwable cause) {
            return null;
        }
    }
}
