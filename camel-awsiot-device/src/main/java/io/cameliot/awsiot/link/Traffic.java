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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.publish.KeptMessages;
import io.cameliot.awsiot.publish.PublishQueue;
import io.cameliot.awsiot.publish.SendWindow;
import io.cameliot.awsiot.receive.Subscriptions;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/** The traffic of one identity in both directions, over successive connections. */
final class Traffic {

    private final ConnectionSettings settings;
    private final ConnectionCounters counters;
    private final Subscriptions subscriptions;
    private final SendWindow window;
    private final PublishQueue queue;
    private final KeptMessages kept;

    /**
     * @param tasks runs the packets and notifications of subscriptions
     * @param timer schedules the resending of refused messages
     * @param onSilence called with a session on which a SUBSCRIBE got no answer, so that it is dropped
     */
    Traffic(
            ConnectionSettings settings,
            ConnectionCounters counters,
            SerialQueue tasks,
            ScheduledExecutorService timer,
            BiConsumer<MqttSession, Throwable> onSilence) {
        this.settings = settings;
        this.counters = counters;
        this.subscriptions = new Subscriptions(settings, counters.receive(), tasks, onSilence);
        this.window = new SendWindow(settings.maxInflight(), counters.publish());
        this.queue = new PublishQueue(window, settings.timing().publishTimeout(), counters.publish(), timer);
        this.kept = new KeptMessages(window, counters.publish());
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    PublishQueue queue() {
        return queue;
    }

    KeptMessages kept() {
        return kept;
    }

    /** Returns the number of messages that were sent and have no outcome yet. */
    int inFlight() {
        return window.inFlight();
    }

    /**
     * Subscribes on a new connection.
     *
     * @return completes when all SUBSCRIBE packets are answered; fails if the connection ends first
     */
    CompletableFuture<Void> subscribe(MqttSession session) {
        return subscriptions.attach(session);
    }

    /** Publishes on this connection from now on. */
    void publish(int number, MqttSession session) {
        window.open(number, session);
    }

    void arrived(InboundMessage message) {
        counters.receive().received().increment();
        subscriptions.dispatch(message);
    }

    /** Handles the loss of the connection. Unacknowledged messages wait for the next one. */
    void drop(Throwable cause) {
        subscriptions.detach(cause);
        window.close();
    }

    /**
     * Fails all messages that are not yet published and all waiting subscriptions, because there will be no other
     * connection.
     */
    void end() {
        subscriptions.close();
        window.close();
        queue.close();
    }

    /**
     * Ends requests whose time limit has passed.
     *
     * @param present the status of the connection
     * @param onSilence called with the number of a connection on which no PUBACK arrives, so that it is dropped
     */
    void enforceTimeLimits(ConnectionStatus present, ObjIntConsumer<Throwable> onSilence) {
        queue.expire(() -> present.state() + " with " + settings, present.obstacle());
        Duration limit = settings.timing().connectionTimeout();
        window.silentFor(limit)
                .ifPresent(number -> onSilence.accept(
                        new IOException("No PUBACK from " + settings.endpoint() + " within connectionTimeout ("
                                + limit.toMillis() + " ms)"),
                        number));
        subscriptions.dropUnclaimed();
    }
}
