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
import io.cameliot.awsiot.link.machine.ConnectionState;
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

/** What goes over the connections of one identity, one after the other, in both directions. */
final class Traffic {

    private final ConnectionSettings settings;
    private final ConnectionCounters counters;
    private final Subscriptions subscriptions;
    private final SendWindow window;
    private final PublishQueue queue;
    private final KeptMessages kept;

    /**
     * @param tasks sends and tells what subscriptions have to send and to tell
     * @param timer has refused messages sent again
     * @param onSilence told when a connection did not answer a SUBSCRIBE, so that it is not worth keeping
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

    /** Messages that were sent and are not done. */
    int inFlight() {
        return window.inFlight();
    }

    /**
     * Subscribes on a new connection.
     *
     * @return completes when all is answered; fails if the connection ends before
     */
    CompletableFuture<Void> subscribe(MqttSession session) {
        return subscriptions.attach(session);
    }

    /** Publishes on a connection, from now on. */
    void publish(int number, MqttSession session) {
        window.open(number, session);
    }

    void arrived(InboundMessage message) {
        counters.receive().received().increment();
        subscriptions.dispatch(message);
    }

    /** The connection is lost: what was not acknowledged waits for the next one. */
    void drop(Throwable cause) {
        subscriptions.detach(cause);
        window.close();
    }

    /** There will be no other connection: fails all that is still to be published, and all that waits for a subscription. */
    void end() {
        subscriptions.close();
        window.close();
        queue.close();
    }

    /**
     * Ends what has taken too long.
     *
     * @param present what the connection is doing
     * @param onSilence told the number of a connection on which PUBACKs do not come, so that it is not worth keeping
     */
    void enforceTimeLimits(ConnectionStatus present, ObjIntConsumer<Throwable> onSilence) {
        queue.expire(
                present.state() + " with " + settings,
                present.state() == ConnectionState.CONNECTED ? null : present.lastError());
        Duration limit = settings.timing().connectionTimeout();
        window.silentFor(limit)
                .ifPresent(number -> onSilence.accept(
                        new IOException("No PUBACK from " + settings.endpoint() + " within connectionTimeout ("
                                + limit.toMillis() + " ms)"),
                        number));
        subscriptions.dropUnclaimed();
    }
}
