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
package io.cameliot.azure.dps.transport;

import io.cameliot.azure.dps.registration.RegistrationEvent;
import io.cameliot.azure.dps.registration.RegistrationEvent.Answered;
import io.cameliot.azure.dps.registration.RegistrationEvent.Connected;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectionLost;
import io.cameliot.azure.dps.registration.RegistrationEvent.Subscribed;
import io.cameliot.azure.dps.wire.DpsTopics;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.MqttSessionListener;
import io.cameliot.common.transport.TlsTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A connection over an {@link MqttSession}, whose outcomes it reports as registration events. */
final class MqttDpsConnection implements DpsConnection, MqttSessionListener {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final int QOS = 1;

    private final MqttThreads threads;
    private final Duration requestTimeout;
    private final Consumer<RegistrationEvent> events;
    private final CompletableFuture<MqttSession> session = new CompletableFuture<>();

    MqttDpsConnection(MqttThreads threads, Duration requestTimeout, Consumer<RegistrationEvent> events) {
        this.threads = threads;
        this.requestTimeout = requestTimeout;
        this.events = events;
    }

    /** The MQTT CONNECT request and the TLS target of an attempt to connect. */
    record Dial(MqttConnectRequest request, TlsTarget target) {}

    void open(Supplier<Dial> dial) {
        session.whenComplete((connected, failure) ->
                events.accept(failure == null ? new Connected() : ConnectFailures.explain(failure)));
        try {
            threads.io().execute(() -> dial(dial));
        } catch (RejectedExecutionException e) {
            session.completeExceptionally(e);
        }
    }

    private void dial(Supplier<Dial> dial) {
        if (session.isDone()) {
            return;
        }
        try {
            Dial to = dial.get();
            CompletableFuture<MqttSession> attempt =
                    MqttSession.connect(to.request(), to.target(), threads.connector(), this);
            attempt.whenComplete((connected, failure) -> {
                if (failure != null) {
                    session.completeExceptionally(failure);
                } else if (!session.complete(connected)) {
                    connected.abort();
                }
            });
            session.whenComplete((connected, failure) -> attempt.cancel(false));
        } catch (Throwable e) {
            // Errors too, such as those of a key store's provider. Otherwise the registration would receive no event.
            session.completeExceptionally(e);
        }
    }

    @Override
    public void subscribe() {
        session.thenAccept(connected -> connected
                .subscribe(List.of(DpsTopics.RESPONSE_FILTER), QOS, requestTimeout)
                .whenComplete((granted, failure) -> {
                    if (failure == null) {
                        events.accept(new Subscribed(granted.get(0)));
                    } else {
                        lost(failure);
                    }
                }));
    }

    @Override
    public void publish(String topic, byte[] body) {
        ApplicationMessage message = new ApplicationMessage(topic, body, QOS, false, MessageProperties.NONE);
        session.thenAccept(connected -> connected.publish(message, false, failure -> {
            if (failure != null) {
                lost(failure);
            }
        }));
    }

    @Override
    public CompletableFuture<Void> close() {
        session.cancel(false);
        return session.thenCompose(connected -> connected.disconnect(CLOSE_TIMEOUT))
                .handle((closed, failure) -> null);
    }

    @Override
    public void messageArrived(InboundMessage message) {
        message.acknowledge();
        events.accept(new Answered(message.topic(), message.payload()));
    }

    @Override
    public void connectionLost(MqttSession lostSession, IOException cause) {
        lost(cause);
    }

    private void lost(Throwable cause) {
        events.accept(new ConnectionLost(cause.getMessage(), cause));
    }
}
