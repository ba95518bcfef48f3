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

import io.cameliot.awsiot.link.machine.ConnectionEvent;
import io.cameliot.awsiot.publish.KeptMessages;
import io.cameliot.awsiot.publish.PublishQueue;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.publish.PublishSession;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.receive.SubscriptionStatus;
import io.cameliot.awsiot.receive.Subscriptions;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.session.MqttSession;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Keeps up the connection of one identity. After a loss it reconnects with backoff, subscribes again and resends
 * unacknowledged messages. Before its first connection it makes single attempts, so that a route's start fails with the
 * reason, unless {@link #keepConnected()} was called.
 *
 * <p>This class is what the rest of the component uses. It tells the {@link ActionPerformer} what is wanted.
 *
 * <p>All methods return at once.
 */
public final class DeviceConnection implements DeviceLink {

    private final ConnectionSettings settings;
    private final MqttThreads threads;
    private final String clientId;
    private final ConnectionCounters counters;
    private final Waiters waiters = new Waiters();
    private final ActionPerformer performer;
    private final Traffic traffic;

    /**
     * Creates a connection, without connecting it.
     *
     * @param predecessor the link that had the client identifier before; its end and AWS's limit of CONNECTs hold up the
     *     first attempt
     */
    public DeviceConnection(
            ConnectionSettings settings,
            SessionConnector connector,
            MqttThreads threads,
            ConnectionCounters counters,
            Predecessor predecessor) {
        this.settings = settings;
        this.counters = counters;
        this.threads = threads;
        this.clientId = settings.clientId() != null ? settings.clientId() : "camel-" + UUID.randomUUID();
        this.performer = new ActionPerformer(settings, clientId, connector, threads, counters, waiters, predecessor);
        this.traffic = performer.traffic();
    }

    @Override
    public ConnectionSettings settings() {
        return settings;
    }

    /** Returns the client identifier: the option's value, or a generated one where the option is not set. */
    public String clientId() {
        return clientId;
    }

    @Override
    public ConnectionCounters counters() {
        return counters;
    }

    /** Returns the number of messages that were sent and wait for their PUBACK. */
    public int inFlight() {
        return traffic.inFlight();
    }

    /** Returns the number of messages that wait for a connection or for room in the send window. */
    public int waiting() {
        return traffic.queue().waiting();
    }

    public List<SubscriptionStatus> subscriptions() {
        return traffic.subscriptions().status();
    }

    /** Returns a snapshot of the connection, without waiting. */
    public ConnectionStatus status() {
        return performer.status();
    }

    /** Returns what the server granted to the current connection; null without a connection. */
    public GrantedSession granted() {
        MqttSession current = performer.session();
        return current == null ? null : GrantedSession.of(current);
    }

    /**
     * Connects, unless a connection exists or an attempt is under way.
     *
     * @return completes when connected; fails with the reason if the current or next attempt fails
     */
    @Override
    public CompletableFuture<Void> connected() {
        return waiters.add(waiter -> performer.on(new ConnectionEvent.Awaited(waiter)));
    }

    @Override
    public void keepConnected() {
        performer.on(new ConnectionEvent.Wanted());
    }

    /**
     * Makes the connection anew, with the certificates and credentials as they now are. Messages wait for it; those without
     * an acknowledgement are sent again. The present connection stays as it is if the files are unusable.
     *
     * @return completes when connected; fails if the files are unusable, or with the reason why the next attempt failed,
     *     after which others follow
     */
    @Override
    public CompletableFuture<Void> reconnect() {
        return CompletableFuture.runAsync(settings::renew, threads.io())
                .thenCompose(nothing -> waiters.add(waiter -> {
                    performer.on(new ConnectionEvent.ReconnectAsked());
                    performer.on(new ConnectionEvent.Awaited(waiter));
                }));
    }

    /** Sends a message now, or as soon as there is a connection. See {@link PublishQueue#submit}. */
    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        return traffic.queue().submit(request);
    }

    /** Sends a message now or later, but not after its sender no longer needs it. See {@link PublishQueue#submitUntil}. */
    public CompletableFuture<PublishReceipt> publishUntil(CompletableFuture<?> end, PublishRequest request) {
        return traffic.queue().submitUntil(end, request);
    }

    /**
     * Sets the consumer that receives each new connection to send stored messages on. See {@link
     * KeptMessages#setKeeper}.
     */
    public void setForwarder(Consumer<PublishSession> forwarder) {
        traffic.kept().setKeeper(forwarder);
    }

    /** Removes the consumer, unless another one has replaced it. */
    public void removeForwarder(Consumer<PublishSession> forwarder) {
        traffic.kept().removeKeeper(forwarder);
    }

    /**
     * Subscribes a handler to a topic filter, now and after each reconnect.
     *
     * @return completes when the server grants the subscription; fails with {@link SubscriptionRefusedException}, or
     *     when the connection ends
     * @throws IOException if the handler is not registered, now or on a later connection. See {@link Subscriptions#add}
     */
    public CompletableFuture<Void> subscribe(String filter, int qos, MessageHandler handler) throws IOException {
        return traffic.subscriptions().add(filter, qos, handler);
    }

    public CompletableFuture<Void> unsubscribe(String filter, MessageHandler handler) {
        return traffic.subscriptions().remove(filter, handler);
    }

    /** Removes a handler but keeps its subscription in the server's session. See {@link Subscriptions#leave}. */
    public void leave(String filter, MessageHandler handler) {
        traffic.subscriptions().leave(filter, handler);
    }

    /** Registers a handler for messages that match the filter and that have no other handler, until it is removed. */
    public void receiveUnsolicited(String filter, MessageHandler handler) {
        traffic.subscriptions().addUnsolicited(filter, handler);
    }

    /** Holds messages of a kept session for routes that are about to start. See {@link Subscriptions#awaitRoutes}. */
    public void awaitRoutes() {
        traffic.subscriptions().awaitRoutes();
    }

    public void routesStarted() {
        traffic.subscriptions().routesStarted();
    }

    public void stopUnsolicited(MessageHandler handler) {
        traffic.subscriptions().removeUnsolicited(handler);
    }

    @Override
    public Throwable obstacle() {
        return status().obstacle();
    }

    @Override
    public OptionalLong lastConnect() {
        return performer.lastConnect();
    }

    /**
     * Disconnects for good and fails the messages that are not yet published.
     *
     * @return completes within a few seconds, never exceptionally
     */
    @Override
    public CompletableFuture<Void> close() {
        performer.on(new ConnectionEvent.Closed());
        return performer.closed();
    }
}
