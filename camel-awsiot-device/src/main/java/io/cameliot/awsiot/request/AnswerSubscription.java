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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription that hears answers, on one connection after the other. The first request that needs it asks for it, and all
 * requests share it.
 *
 * <p>All methods return at once.
 */
public final class AnswerSubscription {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerSubscription.class);

    private static final int QOS = 1;

    private final DeviceConnection connection;
    private final String filter;
    private final Listener listener;
    private final MessageHandler handler = new Handler();
    private final Deque<Consumer<Throwable>> waiting = new ArrayDeque<>(); // guarded by this

    private boolean asked; // guarded by this
    private boolean granted; // guarded by this: on the present connection
    private IOException refusal; // guarded by this: why the server refuses it
    private boolean telling; // guarded by this

    /** Called on the client's own threads: hand off, never block. */
    public interface Listener {

        /**
         * @return false if no request waits for this message
         */
        boolean answered(InboundMessage message);

        /** The connection ended. No answer comes to a request that was sent on it. */
        void connectionLost(Throwable cause);
    }

    public AnswerSubscription(DeviceConnection connection, String filter, Listener listener) {
        this.connection = connection;
        this.filter = filter;
        this.listener = listener;
    }

    /**
     * Calls back when answers can be heard: at once, or on the next connection while there is none. Calls back in the order in
     * which it was asked.
     *
     * @param then gets null; {@link SubscriptionRefusedException} while the server refuses it; or {@link IOException} where
     *     it cannot even be asked for
     */
    public void whenGranted(Consumer<Throwable> then) {
        boolean ask;
        synchronized (this) {
            waiting.add(then);
            ask = !asked;
            asked = true;
        }
        if (ask) {
            ask();
        } else {
            tell();
        }
    }

    private void ask() {
        CompletableFuture<Void> answer = connection.subscribe(filter, QOS, handler);
        boolean registered = !answer.isCompletedExceptionally();
        answer.whenComplete((nothing, failure) -> {
            if (failure instanceof SubscriptionRefusedException reason) {
                handler.subscriptionRefused(reason);
            } else if (!registered) {
                // The connection is closed, or has too many subscriptions.
                notAsked(failure);
            }
            // Without an answer of the server it is asked for again on the next connection.
        });
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

    /** One thread calls back at a time, without a lock, so that the order is kept. */
    private void tell() {
        while (true) {
            Consumer<Throwable> next;
            IOException failure;
            synchronized (this) {
                if (telling || waiting.isEmpty() || !granted && refusal == null) {
                    return;
                }
                telling = true;
                next = waiting.poll();
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

    /** Ends the subscription, unless others use it too. Nobody waits for the server to confirm it. */
    public void close() {
        connection.unsubscribe(filter, handler);
    }

    private final class Handler implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {
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
            synchronized (AnswerSubscription.this) {
                granted = false;
            }
            listener.connectionLost(cause);
        }
    }
}
