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
import io.cameliot.common.fleet.RunConnection;
import io.cameliot.common.text.FailureText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A connection whose outcomes are reported as registration events. */
final class MqttDpsConnection implements DpsConnection, RunConnection.Listener {

    private final RunConnection connection;
    private final Consumer<RegistrationEvent> events;

    MqttDpsConnection(MqttThreads threads, Duration requestTimeout, Consumer<RegistrationEvent> events) {
        this.connection = new RunConnection(threads.io(), threads.connector(), requestTimeout, this);
        this.events = events;
    }

    void open(Supplier<RunConnection.Dial> dial) {
        connection.open(dial);
    }

    @Override
    public void subscribe() {
        connection.subscribe(List.of(DpsTopics.RESPONSE_FILTER));
    }

    @Override
    public void publish(String topic, byte[] body) {
        connection.publish(topic, body);
    }

    @Override
    public CompletableFuture<Void> close() {
        return connection.close();
    }

    @Override
    public void connected() {
        events.accept(new Connected());
    }

    @Override
    public void connectFailed(Throwable failure) {
        events.accept(ConnectFailures.explain(failure));
    }

    @Override
    public void subscribed(List<Integer> granted) {
        events.accept(new Subscribed(granted.get(0)));
    }

    @Override
    public void arrived(String topic, byte[] payload) {
        events.accept(new Answered(topic, payload));
    }

    @Override
    public void lost(Throwable cause) {
        events.accept(new ConnectionLost(FailureText.of(cause), cause));
    }
}
