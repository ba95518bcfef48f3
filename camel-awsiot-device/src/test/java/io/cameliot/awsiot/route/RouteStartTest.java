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
package io.cameliot.awsiot.route;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.machine.ConnectionState;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.settings.Timing;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import io.cameliot.common.mqtt.MqttConnackException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A route that starts while its connection, which another route keeps up, waits an hour for its next attempt. */
class RouteStartTest {

    private final UnconnectedDevice device = new UnconnectedDevice(
            UnconnectedDevice.settings(
                    "waiting",
                    Duration.ZERO,
                    new Timing(
                            Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofHours(2))),
            new MqttConnackException(0x87, "The server refused the CONNECT"));

    private final DeviceConnection connection = device.connection();

    @BeforeEach
    void waitForTheNextAttempt() {
        connection.keepConnected();
        await().until(() -> connection.status().state() == ConnectionState.WAITING);
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void failsWithTheReasonWhyThereIsNoConnection() {
        assertThatThrownBy(() -> RouteStart.awaitConnected(connection))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No connection with client id waiting")
                .hasMessageContaining("within 5500 ms: The server refused the CONNECT")
                .hasCauseInstanceOf(MqttConnackException.class);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void failsWithTheReasonWhyItsSubscriptionIsNotGranted() throws Exception {
        CompletableFuture<Void> granted = connection.subscribe("some/topic", 1, new Deaf());

        assertThatThrownBy(() -> RouteStart.awaitGranted(granted, "some/topic", connection))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No subscription to topic filter 'some/topic' for client id waiting")
                .hasMessageContaining("within 5500 ms: The server refused the CONNECT")
                .hasCauseInstanceOf(MqttConnackException.class);
    }

    private static final class Deaf implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {}

        @Override
        public void subscriptionRefused(IOException reason) {}

        @Override
        public void subscriptionGranted() {}
    }
}
