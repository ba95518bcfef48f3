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

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.log.CapturedLog;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server refuses ends in typed exceptions that say why and what to do. */
class ReasonCodesTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final String options = device.options();

    @ParameterizedTest
    @CsvSource({"0x87, iot:Publish", "0x90, check the topic", "0x99, UTF-8"})
    void failsAnExchangeAtOnceWithTheReasonCode(String hex, String advice) throws Exception {
        int code = Integer.decode(hex);
        startProducer("&publishTimeout=60s");
        InjectedFault refusal = aws.faults().inject(new Fault.RefusePublish("refused", code), Faults.ALWAYS);

        Exchange sent = send();

        assertThat(sent.getException())
                .isInstanceOfSatisfying(PublishException.class, e -> assertThat(e.getReasonCode())
                        .isEqualTo(code))
                .hasMessageContaining(hex)
                .hasMessageContaining(advice);
        assertThat(refusal.triggered()).isEqualTo(1);
        refusal.remove();
        assertThat(send().getException()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x91, 0x97})
    void sendsAgainAsNewWhatCanPass(int code) throws Exception {
        startProducer("&publishTimeout=60s");
        InjectedFault refusal = aws.faults().inject(new Fault.RefusePublish("refused", code), 2);

        assertThat(send().getException()).isNull();

        assertThat(refusal.triggered()).isEqualTo(2);
        assertThat(aws.receivedPublishes("refused"))
                .singleElement()
                .extracting(ReceivedPublish::duplicate)
                .isEqualTo(false);
    }

    @Test
    void saysWhyAMessageThatCanPassWasNotTakenInTime() throws Exception {
        startProducer("&publishTimeout=2s");
        aws.faults().inject(new Fault.RefusePublish("refused", 0x97), Faults.ALWAYS);

        assertThat(send().getException())
                .isInstanceOfSatisfying(PublishException.class, e -> assertThat(e.getReasonCode())
                        .isEqualTo(0x97))
                .hasMessageContaining("not taken within publishTimeout")
                .hasMessageContaining("0x97 (quota exceeded)");
    }

    @ParameterizedTest
    @CsvSource({"0x80, internal error", "0x86, authorizer", "0x87, iot:Connect for client id", "0x97, too many"})
    void doesNotStartWithTheReasonOfARefusedConnect(String hex, String advice) {
        int code = Integer.decode(hex);
        aws.faults().inject(new Fault.RefuseConnection(code), Faults.ALWAYS);

        assertThatThrownBy(() -> startProducer(""))
                .hasStackTraceContaining(advice)
                .satisfies(e -> assertThat(cause(e, MqttConnackException.class).getReasonCode())
                        .isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({
        "0x80, iot:Receive",
        "0x87, iot:Subscribe on topicfilter/refused",
        "0x8F, check the topic filter",
        "0x97, 50"
    })
    void doesNotStartWithTheReasonOfARefusedSubscription(String hex, String advice) throws Exception {
        int code = Integer.decode(hex);
        aws.faults().inject(new Fault.RefuseSubscription("refused", code), Faults.ALWAYS);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:refused" + options).to("mock:received");
            }
        });

        assertThatThrownBy(camel::start).hasStackTraceContaining(advice).satisfies(e -> assertThat(
                        cause(e, SubscriptionRefusedException.class).getReasonCode())
                .isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({
        "0x80, true, internal error",
        "0x8F, true, check the topic filter",
        "0x91, false, packet identifier was in use",
        "0x80, false, internal error",
        "0x87, false, not authorized"
    })
    void saysThatASubscriptionDoesNotEndAndDropsWhatStillArrives(String hex, boolean cleanSession, String advice)
            throws Exception {
        String session = "&clientId=stopping-" + hex + "&cleanSession=" + cleanSession;
        MockEndpoint stopped = camel.getEndpoint("mock:stopped", MockEndpoint.class);
        MockEndpoint other = camel.getEndpoint("mock:other", MockEndpoint.class);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:refused" + options + session)
                        .routeId("stopped")
                        .to(stopped);
                from("awsiot-device:kept" + options + session).to(other);
            }
        });
        camel.start();
        InjectedFault refusal =
                aws.faults().inject(new Fault.RefuseUnsubscribe("refused", Integer.decode(hex)), Faults.ALWAYS);

        String log;
        try (CapturedLog captured = CapturedLog.at(Map.of("io.cameliot", "warn"))) {
            camel.getRouteController().stopRoute("stopped");
            // More than the server may send without a PUBACK.
            for (int i = 0; i < 110; i++) {
                aws.publish("refused", "unwanted", 1);
            }
            other.expectedBodiesReceived("wanted");
            aws.publish("kept", "wanted", 1);
            other.assertIsSatisfied(10_000);
            log = captured.text();
        }

        assertThat(log.lines())
                .singleElement(as(InstanceOfAssertFactories.STRING))
                .contains(hex, advice, "'refused'");
        // The server keeps no order between subscriptions.
        await().until(() -> camel.hasService(AwsIotDeviceConnectionView.class).getDropped() == 110);
        assertThat(stopped.getReceivedCounter()).isZero();

        refusal.remove();
        stopped.expectedBodiesReceived("wanted again");
        camel.getRouteController().startRoute("stopped");
        aws.publish("refused", "wanted again", 1);
        stopped.assertIsSatisfied(10_000);
    }

    @Test
    void knowsATakeoverAtTheFirstTimeAndDoesNotFight() throws Exception {
        startProducer("&clientId=wanted&reconnectMinDelay=10ms&reconnectMaxDelay=20s");

        aws.disconnect("wanted", 0x8E);

        AwsIotDeviceConnectionView view = camel.hasService(AwsIotDeviceConnectionView.class);
        await().until(() -> "WAITING".equals(view.getConnectionState()));
        assertThat(view.getLastError()).contains("0x8E", "another client has connected with client id wanted");
        await().during(Duration.ofSeconds(2)).until(() -> "WAITING".equals(view.getConnectionState()));
        assertThat(aws.connectionsOf("wanted")).hasSize(1);
    }

    private void startProducer(String more) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to("awsiot-device:refused" + options + more);
            }
        });
        camel.start();
    }

    private Exchange send() {
        return camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody("x"));
    }

    private static <T extends Throwable> T cause(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        while (!type.isInstance(cause)) {
            cause = cause.getCause();
        }
        return type.cast(cause);
    }
}
