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

import io.cameliot.awsiot.receive.SubscriptionStatus;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With a server whose CONNACK declares wildcards and shared subscriptions unavailable. */
class UnavailableFiltersTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension(AwsIotEmulator.builder()
            .mqtt5(Mqtt5Settings.DEFAULT.withoutWildcardSubscriptions().withoutSharedSubscriptions()));

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();

    @AfterEach
    void endOutage() {
        aws.start();
    }

    /** All filters are there when it connects, so that it subscribes to them together. */
    @Test
    void holdUpNeitherMessagesNorTheOtherSubscriptionsOfTheConnection() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceived("one");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("wild/+")).to("mock:unused");
                from(uri("plain")).to(received);
                from(uri("$share/group/shared")).to("mock:unused");
                from("direct:out").to(uri("out"));
            }
        });
        aws.stop();
        camel.start();
        CompletableFuture<Exchange> published = camel.createProducerTemplate()
                .asyncSend("direct:out", exchange -> exchange.getIn().setBody("early"));
        aws.start();

        assertThat(published.get().getException()).isNull();
        assertThat(aws.receivedPublishes("out")).hasSize(1);
        AwsIotDeviceConnectionView connection = camel.hasService(AwsIotDeviceConnectionView.class);
        await().untilAsserted(() -> assertThat(connection.subscriptions())
                .filteredOn(SubscriptionStatus::refused)
                .extracting(SubscriptionStatus::topicFilter)
                .containsExactly("wild/+", "$share/group/shared"));
        aws.publish("plain", "one", 1);
        received.assertIsSatisfied(10_000);
        assertThat(aws.receivedSubscribes())
                .flatExtracting(ReceivedSubscribe::subscriptions)
                .extracting(ReceivedSubscribe.Subscription::topicFilter)
                .containsOnly("plain");
    }

    private String uri(String topic) {
        return "awsiot-device:" + topic + device.options()
                + "&clientId=plain&awaitConnection=never&publishTimeout=20s&reconnectMinDelay=50ms&reconnectMaxDelay=10s";
    }
}
