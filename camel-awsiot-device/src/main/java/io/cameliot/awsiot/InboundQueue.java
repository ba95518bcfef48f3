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
package io.cameliot.awsiot;

import io.cameliot.awsiot.connection.InboundDelivery;
import io.cameliot.common.mqtt.MqttSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The messages of one consumer between its connection and its route: given to the route one by one and in order, never
 * on the connection's threads.
 *
 * <p>What is unacknowledged is bounded by the server's window. Of the others a thousand may wait: QoS 0 messages beyond
 * that are dropped, and QoS 1 messages to be acknowledged on receipt are acknowledged when their turn comes.
 */
final class InboundQueue {

    static final int MAX_UNHELD = 1000;

    private final boolean acknowledgeOnReceive;
    private final Executor routeThread;
    private final Route route;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final Deque<Entry> waiting = new ArrayDeque<>(); // guarded by this
    private MqttSession latest; // guarded by this
    private int unheld; // guarded by this
    private boolean running; // guarded by this
    private boolean paused; // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param acknowledgeOnReceive whether a message is done as soon as it is taken
     * @param routeThread runs one task at a time
     * @param route where the messages go
     */
    InboundQueue(boolean acknowledgeOnReceive, Executor routeThread, Route route) {
        this.acknowledgeOnReceive = acknowledgeOnReceive;
        this.routeThread = routeThread;
        this.route = route;
    }

    /**
     * Takes a message. Returns at once.
     *
     * @return false if it was dropped
     */
    boolean offer(InboundDelivery delivery) {
        boolean acknowledged = false;
        synchronized (this) {
            if (closed) {
                // Unacknowledged, it comes again to whoever subscribes next.
                return true;
            }
            forgetWhatComesAgain(delivery.message().session());
            if (!isHeld(delivery)) {
                if (unheld < MAX_UNHELD) {
                    acknowledged = true;
                    unheld++;
                } else if (delivery.message().qos() == 0) {
                    return false;
                }
            }
            waiting.addLast(new Entry(delivery, acknowledged));
            work();
        }
        if (acknowledged) {
            delivery.done(false);
        }
        return true;
    }

    private boolean isHeld(InboundDelivery delivery) {
        return delivery.message().qos() > 0 && !acknowledgeOnReceive;
    }

    /** With the session, the server sends again what was not acknowledged: once is enough. */
    private void forgetWhatComesAgain(MqttSession session) {
        if (session != latest) {
            latest = session;
            if (session.isSessionPresent()) {
                waiting.removeIf(
                        entry -> !entry.acknowledged && entry.delivery.message().session() != session);
            }
        }
    }

    /** Keeps the messages back until {@link #resume}; the one on its way goes on. */
    synchronized void pause() {
        paused = true;
    }

    synchronized void resume() {
        paused = false;
        work();
    }

    /**
     * Takes no more messages, and lets the route finish those that wait.
     *
     * @return completes when the route is through with all, on its thread
     */
    synchronized CompletableFuture<Void> close() {
        closed = true;
        resume();
        completeIfIdle();
        return idle;
    }

    /**
     * Takes no more messages and forgets those that wait, but for the one on its way.
     *
     * @return how many it forgot
     */
    synchronized int clear() {
        closed = true;
        int left = waiting.size();
        waiting.clear();
        unheld = 0;
        return left;
    }

    private void completeIfIdle() {
        if (closed && !running) {
            idle.complete(null);
        }
    }

    private void work() {
        if (!running && !paused && !waiting.isEmpty()) {
            running = true;
            routeThread.execute(this::run);
        }
    }

    private void run() {
        for (Entry entry = next(); entry != null; entry = next()) {
            boolean held = isHeld(entry.delivery);
            if (!held && !entry.acknowledged) {
                done(entry.delivery);
            }
            route.process(entry.delivery, held);
        }
    }

    /** Has a message acknowledged. Together with those that wait: a fast route is soon through with them. */
    void done(InboundDelivery delivery) {
        boolean moreFollow;
        synchronized (this) {
            moreFollow = !waiting.isEmpty() && !paused;
        }
        delivery.done(moreFollow);
    }

    private synchronized Entry next() {
        Entry entry = paused ? null : waiting.pollFirst();
        if (entry == null) {
            running = false;
            completeIfIdle();
        } else if (entry.acknowledged) {
            unheld--;
        }
        return entry;
    }

    /** Where the messages go, one at a time. */
    @FunctionalInterface
    interface Route {

        /**
         * Takes a message through the route. Throws nothing.
         *
         * @param held whether the message waits to be called done, else it is done already
         */
        void process(InboundDelivery delivery, boolean held);
    }

    /**
     * @param acknowledged whether nothing waits for the route to be through with it
     */
    private record Entry(InboundDelivery delivery, boolean acknowledged) {}
}
