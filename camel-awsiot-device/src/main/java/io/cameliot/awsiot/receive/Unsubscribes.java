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
package io.cameliot.awsiot.receive;

import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.session.MqttSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends subscriptions on successive connections. If there is no connection, or it is lost before the UNSUBACK, and the
 * server keeps the session, the next connection ends the subscription.
 */
final class Unsubscribes {

    private static final Logger LOG = LoggerFactory.getLogger(Unsubscribes.class);

    private final ConnectionSettings settings;
    private final SerialQueue tasks;
    private final Object deciding;
    private final Predicate<String> isSubscribed;
    private MqttSession session; // guarded by deciding; null without a connection
    private volatile UnwantedFilters unwanted = UnwantedFilters.NONE; // written under deciding

    /**
     * @param tasks sends packets
     * @param deciding the lock under which subscriptions change
     * @param isSubscribed returns whether a topic filter has a subscription
     */
    Unsubscribes(ConnectionSettings settings, SerialQueue tasks, Object deciding, Predicate<String> isSubscribed) {
        this.settings = settings;
        this.tasks = tasks;
        this.deciding = deciding;
        this.isSubscribed = isSubscribed;
    }

    /** Returns whether the server sends messages of a topic only because it still has a subscription. */
    boolean isUnwanted(String topic) {
        return unwanted.matches(topic);
    }

    /** Forgets a filter, because it has a handler again. The lock is held. */
    void wanted(String filter) {
        unwanted = unwanted.withoutWanted(filter);
    }

    /**
     * Ends the subscription to a filter whose last handler was removed. The lock is held, and the caller starts the tasks.
     *
     * @return completes when the server has answered, or at once if nothing was sent
     */
    CompletableFuture<Void> end(String filter) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        MqttSession current = session;
        if (current != null) {
            tasks.add(() -> send(current, List.of(filter)).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    confirmed.complete(null);
                } else {
                    confirmed.completeExceptionally(failure);
                }
            }));
        } else {
            remember(List.of(filter));
            confirmed.complete(null);
        }
        return confirmed;
    }

    /**
     * Uses a new connection. The lock is held.
     *
     * @return the filters of the UNSUBSCRIBE packets to {@link #send} first
     */
    List<List<String>> attach(MqttSession connected) {
        session = connected;
        unwanted = connected.isSessionPresent() ? unwanted : UnwantedFilters.NONE;
        return unwanted.packets();
    }

    /** Handles the end of the connection. The lock is held. */
    void detach() {
        session = null;
    }

    /** Handles the end of the last connection. The lock is held. */
    void close() {
        session = null;
        if (!unwanted.pending().isEmpty()) {
            LOG.warn(
                    "The connection with {} closes before the server was told that the subscriptions to {} have ended: its"
                            + " session may keep messages for the next connection",
                    settings,
                    unwanted.pending());
        }
    }

    private void remember(List<String> filters) {
        if (!settings.session().clean()) {
            filters.stream().filter(isSubscribed.negate()).forEach(filter -> unwanted = unwanted.withPending(filter));
        }
    }

    /** Sends one UNSUBSCRIBE. */
    CompletableFuture<Void> send(MqttSession on, List<String> filters) {
        return on.unsubscribe(filters, settings.timing().connectionTimeout())
                .whenComplete((codes, failure) -> {
                    if (failure != null) {
                        unanswered(on, filters);
                    }
                })
                .thenAccept(codes -> {
                    for (int i = 0; i < filters.size(); i++) {
                        answered(filters.get(i), codes.get(i));
                    }
                });
    }

    /** Sends the UNSUBSCRIBE on the next connection, which may have begun already. */
    private void unanswered(MqttSession on, List<String> filters) {
        synchronized (deciding) {
            MqttSession next = session == on ? null : session;
            if (next == null || next.isSessionPresent()) {
                remember(filters);
            }
            if (next != null && next.isSessionPresent()) {
                tasks.add(() -> send(next, filters));
            }
        }
        tasks.start();
    }

    private void answered(String filter, int reasonCode) {
        synchronized (deciding) {
            if (isSubscribed.test(filter)) {
                return;
            }
            if (!MqttReasonCode.isFailure(reasonCode)) {
                unwanted = unwanted.withEnded(filter);
                return;
            }
            unwanted = unwanted.withRefused(filter);
        }
        LOG.warn(
                "The server refused to end the subscription to topic filter '{}' of {}, with reason code {}. {}, messages that"
                        + " arrive for it are acknowledged and dropped",
                filter,
                settings,
                AwsReasons.with(MqttReasonCode.text(reasonCode), AwsReasons.unsubscribe(reasonCode)),
                settings.session().clean()
                        ? "As long as this connection lasts"
                        : "As long as the server keeps the session");
    }
}
