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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue of a consumer, with messages of real connections. */
class InboundQueueTest extends DeviceTestSupport {

    private final List<Runnable> routeTasks = new ArrayList<>();
    private final List<String> routed = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsTheMessagesOfAConnectionWhenADerivedOneOfAnEarlierConnectionIsLate(boolean settlesLater)
            throws Exception {
        String client = "late-" + settlesLater;
        camel.start();
        AwsIotDeviceEndpoint endpoint = camel.getEndpoint(
                uri(client, client, "&cleanSession=false&reconnectMinDelay=50ms&reconnectMaxDelay=100ms"),
                AwsIotDeviceEndpoint.class);
        DeviceConnection connection =
                endpoint.getComponent().links().acquire(endpoint.connectionSettings(), DeviceConnection.class);
        BlockingQueue<InboundDelivery> arrived = new LinkedBlockingQueue<>();
        connection.connected().get(30, TimeUnit.SECONDS);
        connection.subscribe(client, 1, handler(arrived)).get(30, TimeUnit.SECONDS);
        aws.publish(client, "event", 1);
        arrived.poll(30, TimeUnit.SECONDS);
        // The first connection had no session to continue.
        aws.disconnect(client);
        InboundDelivery first = arrived.poll(30, TimeUnit.SECONDS);
        aws.disconnect(client);
        InboundDelivery again = arrived.poll(30, TimeUnit.SECONDS);
        assertThat(again.message().session()).isNotSameAs(first.message().session());

        InboundQueue queue = new InboundQueue(false, settlesLater, 1, routeTasks::add, (delivery, held) -> {
            routed.add(new String(delivery.message().payload(), StandardCharsets.UTF_8));
            return InboundQueue.DONE;
        });
        queue.offer(again);
        queue.offer(InboundDelivery.of(first.message().derived(client, bytes("state"))));
        routeTasks.forEach(Runnable::run);

        assertThat(routed).containsExactly("event", "state");
        await().untilAsserted(() -> assertThat(aws.connectionsOf(client))
                .filteredOn(ConnectionInfo::isOpen)
                .allSatisfy(open -> assertThat(open.traffic().inFlight()).isZero()));
        endpoint.getComponent().links().release(connection).get(30, TimeUnit.SECONDS);
    }

    private static MessageHandler handler(BlockingQueue<InboundDelivery> arrived) {
        return new MessageHandler() {
            @Override
            public void messageArrived(InboundDelivery delivery) {
                arrived.add(delivery);
            }

            @Override
            public void subscriptionRefused(IOException reason) {
                throw new AssertionError(reason);
            }

            @Override
            public void subscriptionGranted() {
                // The test waits for messages.
            }
        };
    }
}
