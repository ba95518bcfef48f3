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

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe;
import io.cameliot.testinfra.awsiot.gateway.ReceivedUnsubscribe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Camel context with devices of the emulator, which another client id makes another device. */
abstract class DeviceTestSupport {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    final AwsIotEmulator aws = AWS.emulator();
    final CamelContext camel = device.camel();

    @AfterEach
    void clearFaults() {
        aws.faults().clear();
    }

    String uri(String topic, String clientId, String options) {
        return "awsiot-device:" + topic + device.options() + "&clientId=" + clientId + options;
    }

    AwsIotDeviceConnectionView connectionOf(String clientId) {
        return camel.getCamelContextExtension().getServices().stream()
                .filter(AwsIotDeviceConnectionView.class::isInstance)
                .map(AwsIotDeviceConnectionView.class::cast)
                .filter(connection -> connection.getClientId().equals(clientId))
                .findFirst()
                .orElseThrow();
    }

    /** A message with response topic and correlation data, from outside. */
    void request(String topic, int qos, String responseTopic, String correlationData) {
        aws.publish(topic, bytes("request"), qos, false, properties(responseTopic, correlationData));
    }

    /** Topic filters, in the order in which the server was asked for them. */
    List<String> subscribesOf(String clientId) {
        return aws.receivedSubscribes().stream()
                .filter(subscribe -> subscribe.clientId().equals(clientId))
                .flatMap(subscribe -> subscribe.subscriptions().stream())
                .map(ReceivedSubscribe.Subscription::topicFilter)
                .toList();
    }

    List<String> unsubscribesOf(String clientId) {
        return aws.receivedUnsubscribes().stream()
                .filter(unsubscribe -> unsubscribe.clientId().equals(clientId))
                .map(ReceivedUnsubscribe::topicFilters)
                .flatMap(List::stream)
                .toList();
    }

    /** What someone outside says to a request. */
    void answer(ReceivedPublish request, String body) {
        aws.publish(
                request.properties().responseTopic().orElseThrow(),
                bytes(body),
                request.qos(),
                false,
                new PublishProperties(
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        request.properties().correlationData(),
                        List.of()));
    }

    /**
     * Lets Camel's shutdown timeout elapse for another route, with an exchange in flight.
     *
     * @param release lets the exchange finish
     */
    void letTheStopOfAnotherRouteTimeOut(CountDownLatch release) throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:other").routeId("other").process(exchange -> {
                    inFlight.countDown();
                    release.await(60, TimeUnit.SECONDS);
                });
            }
        });
        camel.createProducerTemplate().asyncSendBody("direct:other", "");
        assertThat(inFlight.await(10, TimeUnit.SECONDS)).isTrue();

        camel.getRouteController().stopRoute("other", 100, TimeUnit.MILLISECONDS);

        assertThat(camel.getShutdownStrategy().hasTimeoutOccurred()).isTrue();
    }

    static PublishProperties properties(String responseTopic, String correlationData) {
        return new PublishProperties(
                OptionalInt.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(responseTopic),
                Optional.ofNullable(correlationData).map(DeviceTestSupport::bytes),
                List.of());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
