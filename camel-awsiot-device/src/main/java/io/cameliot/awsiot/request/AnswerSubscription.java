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
package io.cameliot.awsiot.request;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription that receives answers and survives reconnects. The first request that needs it subscribes; all
 * requests share it.
 *
 * <p>No method blocks.
 */
public final class AnswerSubscription {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerSubscription.class);

    private static final int QOS = 1;

    private final DeviceConnection connection;
    private final String filter;
    private final Listener listener;
    private final Executor listening;
    private final MessageHandler handler = new Handler();
    private final Set<Consumer<Throwable>> waiting = new LinkedHashSet<>(); // guarded by this

    private boolean asked; // guarded by this
    private boolean granted; // guarded by this: on the current connection
    private IOException refusal; // guarded by this: why the server refuses the subscription
    private boolean telling; // guarded by this: whether a thread is calling back
    private boolean closed; // guarded by this

    /** Receives answers. Implementations must not block. */
    public interface Listener {

        /**
         * Handles an answer.
         *
         * @return false if no request waits for this message
         */
        boolean answered(InboundMessage message);

        /**
         * Reports that the connection ended, on one of the client's own threads. A request that was sent on it gets no
         * answer, unless one has arrived and waits to be handled.
         */
        void connectionLost(Throwable cause);
    }

    /**
     * Creates a subscription, which is asked for with the first request.
     *
     * @param listening calls the listener with each answer
     */
    public AnswerSubscription(DeviceConnection connection, String filter, Listener listener, Executor listening) {
        this.connection = connection;
        this.filter = filter;
        this.listener = listener;
        this.listening = listening;
    }

    /**
     * Calls back when the subscription can receive answers: at once, or on the next connection if there is none.
     * Callbacks run in the order of the calls.
     *
     * @param then gets null; {@link SubscriptionRefusedException} if the server refuses the subscription; or
     *     {@link IOException} if the client cannot send the SUBSCRIBE, or the subscription is closed
     */
    public void whenGranted(Consumer<Throwable> then) {
        boolean ended;
        boolean ask = false;
        synchronized (this) {
            ended = closed;
            if (!ended) {
                waiting.add(then);
                ask = !asked;
                asked = true;
            }
        }
        if (ended) {
            then.accept(new IOException("The subscription to '" + filter + "' has ended"));
        } else if (ask) {
            ask();
        } else {
            tell();
        }
    }

    private void ask() {
        CompletableFuture<Void> answer;
        try {
            answer = connection.subscribe(filter, QOS, handler);
        } catch (IOException e) {
            notAsked(e);
            return;
        }
        answer.whenComplete((nothing, failure) -> {
            if (failure instanceof SubscriptionRefusedException reason) {
                handler.subscriptionRefused(reason);
            }
            // If the server does not answer, the connection subscribes again after it has reconnected.
        });
        if (isClosed()) {
            // Closed meanwhile, when the connection did not know the subscription yet.
            connection.unsubscribe(filter, handler);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void notAsked(Throwable failure) {
        List<Consumer<Throwable>> failed;
        synchronized (this) {
            asked = false;
            failed = new ArrayList<>(waiting);
            waiting.clear();
        }
        failed.forEach(each -> each.accept(failure));
    }

    /**
     * Calls back like {@link #whenGranted(Consumer)}, but drops the callback when the request ends. Requests end without a
     * connection too, in any number.
     */
    public void whenGranted(PendingRequest request, Consumer<Throwable> then) {
        whenGranted(then);
        // Only then, because the request may end at any time.
        request.whenDone(() -> drop(then));
    }

    private synchronized void drop(Consumer<Throwable> then) {
        waiting.remove(then);
    }

    /** Runs the callbacks one at a time, which keeps their order, and holds no lock meanwhile. */
    private void tell() {
        while (true) {
            Consumer<Throwable> next;
            IOException failure;
            synchronized (this) {
                if (telling || waiting.isEmpty() || !granted && refusal == null) {
                    return;
                }
                telling = true;
                Iterator<Consumer<Throwable>> first = waiting.iterator();
                next = first.next();
                first.remove();
                failure = refusal;
            }
            try {
                next.accept(failure);
            } finally {
                synchronized (this) {
                    telling = false;
                }
            }
        }
    }

    /**
     * Reports that the connection ended. Without this, a callback could run between the end of the connection and the
     * subscription's own notice of it.
     */
    public synchronized void lost() {
        granted = false;
    }

    /** Ends the subscription for good unless others use it too. Does not wait for the UNSUBACK. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        connection.unsubscribe(filter, handler);
    }

    private final class Handler implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {
            listening.execute(() -> handle(delivery));
        }

        private void handle(InboundDelivery delivery) {
            InboundMessage message = delivery.message();
            if (!listener.answered(message)) {
                connection.counters().receive().dropped().increment();
                LOG.debug("No request waits for {}: it was dropped", message);
            }
            delivery.done(false);
        }

        @Override
        public void subscriptionGranted() {
            answered(true, null);
        }

        @Override
        public void subscriptionRefused(IOException reason) {
            answered(false, reason);
        }

        private void answered(boolean isGranted, IOException reason) {
            synchronized (AnswerSubscription.this) {
                granted = isGranted;
                refusal = reason;
            }
            tell();
        }

        @Override
        public void connectionLost(Throwable cause) {
            lost();
            listener.connectionLost(cause);
        }
    }
}
