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

import static io.cameliot.awsiot.AwsIotDeviceConstants.CONTENT_TYPE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.CORRELATION_DATA;
import static io.cameliot.awsiot.AwsIotDeviceConstants.DUPLICATE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.MESSAGE_EXPIRY;
import static io.cameliot.awsiot.AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR;
import static io.cameliot.awsiot.AwsIotDeviceConstants.RESPONSE_TOPIC;
import static io.cameliot.awsiot.AwsIotDeviceConstants.USER_PROPERTIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.UserPropertyPair;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route makes of a message that has a response topic. */
class ReplyTest extends DeviceTestSupport {

    private static final String IN_OUT = "&exchangePattern=InOut";

    private final MockEndpoint routed = camel.getEndpoint("mock:routed", MockEndpoint.class);

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void answersWithWhatTheRouteHasMadeAtTheQosOfTheRequest(int qos) throws Exception {
        answerBy("answered", IN_OUT, exchange -> {
            exchange.getMessage().setBody("the reply");
            exchange.getMessage().setHeader(CONTENT_TYPE, "text/plain");
            exchange.getMessage().setHeader(MESSAGE_EXPIRY, 30);
            exchange.getMessage().setHeader(PAYLOAD_FORMAT_INDICATOR, "UTF8_DATA");
            exchange.getMessage().setHeader(USER_PROPERTIES, Map.of("status", 200));
        });

        aws.publish("answered", bytes("request"), qos, false, everyProperty("replies/" + qos));

        ReceivedPublish reply = repliesTo("replies/" + qos, 1).get(0);
        assertThat(reply.payload()).isEqualTo(bytes("the reply"));
        assertThat(reply.qos()).isEqualTo(qos);
        assertThat(reply.retained()).isFalse();
        PublishProperties properties = reply.properties();
        assertThat(properties.correlationData()).hasValue(bytes("id"));
        assertThat(properties.responseTopic()).isEmpty();
        assertThat(properties.contentType()).hasValue("text/plain");
        assertThat(properties.messageExpirySeconds()).hasValue(30);
        assertThat(properties.payloadFormatIndicator()).hasValue(1);
        assertThat(properties.userProperties()).containsExactly(new UserPropertyPair("status", "200"));
    }

    @Test
    void sendsNoPropertyOfTheRequestBackThatTheRouteHasNotSet() throws Exception {
        answerBy("bare", IN_OUT, exchange -> exchange.getMessage().setBody("the reply"));

        aws.publish("bare", bytes("request"), 1, false, everyProperty("replies/bare"));

        PublishProperties properties = repliesTo("replies/bare", 1).get(0).properties();
        assertThat(properties.correlationData()).hasValue(bytes("id"));
        assertThat(properties.responseTopic()).isEmpty();
        assertThat(properties.contentType()).isEmpty();
        assertThat(properties.messageExpirySeconds()).isEmpty();
        assertThat(properties.payloadFormatIndicator()).isEmpty();
        assertThat(properties.userProperties()).isEmpty();
    }

    @Test
    void answersTheRequesterWhateverTheRouteDoesToItsHeaders() throws Exception {
        answerBy("headers", IN_OUT, exchange -> {
            exchange.getMessage().setHeader(RESPONSE_TOPIC, "elsewhere");
            exchange.getMessage().setHeader(CORRELATION_DATA, "other");
        });

        request("headers", 1, "replies/headers", null);

        assertThat(repliesTo("replies/headers", 1).get(0).properties().correlationData())
                .isEmpty();
        assertThat(aws.receivedPublishes("elsewhere")).isEmpty();
    }

    @Test
    void answersNothingInOnlyAndNothingWithoutAResponseTopic() throws Exception {
        answerBy("silent", "", exchange -> {});
        answerBy("spoken", IN_OUT, exchange -> {});

        request("silent", 1, "replies/silent", "1");
        aws.publish("spoken", "no request", 1);
        request("spoken", 1, "replies/spoken", "2");

        assertThat(repliesTo("replies/spoken", 1)).hasSize(1);
        assertThat(aws.receivedPublishes()).hasSize(1);
    }

    @Test
    void worksInOutByMqtt311AsInOnly() throws Exception {
        routed.expectedMessageCount(1);
        answerBy("old", IN_OUT + "&mqttVersion=3.1.1", exchange -> assertThat(exchange.getPattern())
                .isEqualTo(ExchangePattern.InOut));

        request("old", 1, "replies/old", "1");

        routed.assertIsSatisfied(10_000);
        assertThat(aws.receivedPublishes()).isEmpty();
    }

    static Stream<String> hostileTopics() {
        return Stream.of(
                "$aws/things/door/shadow/update",
                "$aws/rules/billing/x",
                "$SYS/broker",
                "$share/group/a",
                "replies/+",
                "#",
                "1/2/3/4/5/6/7/8/9",
                "x".repeat(257));
    }

    @ParameterizedTest
    @MethodSource("hostileTopics")
    void publishesNothingToAResponseTopicThatNoStrangerMayName(String topic) throws Exception {
        routed.expectedMessageCount(2);
        answerBy("hostile", IN_OUT, exchange -> {});

        request("hostile", 1, topic, "1");
        request("hostile", 1, "replies/honest", "2");

        assertThat(repliesTo("replies/honest", 1)).hasSize(1);
        routed.assertIsSatisfied(10_000);
        assertThat(aws.receivedPublishes()).hasSize(1);
        assertThat(aws.connectionsOf("answerer-hostile")).anyMatch(ConnectionInfo::isOpen);
    }

    @Test
    void answersNothingWhereTheRouteFailsAndOnceWhereItThenSucceeds() throws Exception {
        routed.expectedMessageCount(1);
        answerBy("failing", IN_OUT + "&maxRedeliveries=1&redeliveryDelay=10ms", exchange -> {
            if (exchange.getMessage().getHeader(DUPLICATE, Boolean.class)) {
                exchange.getMessage().setBody("at last");
            } else {
                throw new IllegalStateException("not yet");
            }
        });
        answerBy("broken", IN_OUT + "&maxRedeliveries=1&redeliveryDelay=10ms", exchange -> {
            throw new IllegalStateException("never");
        });

        request("broken", 1, "replies/broken", "1");
        request("failing", 1, "replies/failing", "2");

        assertThat(repliesTo("replies/failing", 1).get(0).payload()).isEqualTo(bytes("at last"));
        await().until(() -> connectionOf("answerer-broken").getRedelivered(), redelivered -> redelivered == 1);
        request("failing", 0, "replies/failing", "3");
        assertThat(aws.receivedPublishes("replies/broken")).isEmpty();
    }

    @Test
    void treatsABodyThatCannotBeSentAsAFailureOfTheRoute() throws Exception {
        MockEndpoint failed = camel.getEndpoint("mock:failed", MockEndpoint.class);
        failed.expectedMessageCount(1);
        handFailuresTo("mock:failed");
        answerBy(
                "unsendable",
                IN_OUT + "&maxRedeliveries=0&exceptionHandler=#failures",
                exchange -> exchange.getMessage().setBody(Map.of("a", 1)));

        request("unsendable", 1, "replies/unsendable", "1");

        failed.assertIsSatisfied(10_000);
        assertThat(aws.receivedPublishes()).isEmpty();
    }

    @Test
    void doesNotRouteAgainWhatTheServerTakesNoReplyTo() throws Exception {
        MockEndpoint failed = camel.getEndpoint("mock:failed", MockEndpoint.class);
        failed.expectedMessageCount(1);
        routed.expectedMessageCount(2);
        handFailuresTo("mock:failed");
        aws.faults().inject(new Fault.RefusePublish("replies/forbidden", 0x87));
        answerBy("forbidden", IN_OUT + "&redeliveryDelay=10ms&exceptionHandler=#failures", exchange -> {});

        request("forbidden", 1, "replies/forbidden", "1");
        request("forbidden", 1, "replies/allowed", "2");

        repliesTo("replies/allowed", 1);
        failed.assertIsSatisfied(10_000);
        routed.assertIsSatisfied(10_000);
    }

    /** The route has one thread. The server keeps back every PUBACK until all replies are there. */
    @Test
    void goesOnWithTheNextRequestWhileTheServerHasNotAcknowledgedTheReply() throws Exception {
        aws.faults().inject(new Fault.Withhold(Fault.Answer.PUBACK), 10, "answerer-many"::equals);
        answerBy("many", IN_OUT, exchange -> {});

        for (int i = 0; i < 10; i++) {
            request("many", 1, "replies/many", "" + i);
        }

        assertThat(repliesTo("replies/many", 10))
                .extracting(
                        reply -> new String(reply.properties().correlationData().orElseThrow(), StandardCharsets.UTF_8))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    /** Unacknowledged, the request comes once more with the session of the next connection. */
    @Test
    void acknowledgesTheRequestAfterTheServerHasTheReply() throws Exception {
        aws.faults().inject(new Fault.Withhold(Fault.Answer.PUBACK), 1, "answerer-late"::equals);
        answerBy(
                "late", IN_OUT + "&cleanSession=false&reconnectMinDelay=100ms&reconnectMaxDelay=100ms", exchange -> {});
        request("late", 1, "replies/late", "1");
        repliesTo("replies/late", 1);

        aws.disconnect("answerer-late");

        // The reply itself, again; and the one to the request that was not acknowledged.
        repliesTo("replies/late", 3);
        assertThat(routed.getExchanges()).hasSize(2);
    }

    @Test
    void answersWhatHasArrivedWhenItsRouteStops() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        answerBy("stopping", IN_OUT, exchange -> {
            arrived.countDown();
            stopping.await(10, TimeUnit.SECONDS);
        });
        request("stopping", 1, "replies/stopping", "1");
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

        Thread stop = new Thread(camel::stop);
        stop.start();
        await().until(() -> camel.isStopping());
        stopping.countDown();
        stop.join(20_000);

        assertThat(aws.receivedPublishes("replies/stopping")).hasSize(1);
    }

    private void handFailuresTo(String uri) {
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, ReplyTest.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                camel.createProducerTemplate().sendBody(uri, exception);
            }
        });
    }

    private void answerBy(String topic, String options, Processor route) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(topic, "answerer-" + topic, options)).to(routed).process(route);
            }
        });
        camel.start();
    }

    private List<ReceivedPublish> repliesTo(String topic, int count) {
        return await().until(() -> aws.receivedPublishes(topic), replies -> replies.size() >= count);
    }

    private static PublishProperties everyProperty(String responseTopic) {
        return new PublishProperties(
                OptionalInt.of(1),
                OptionalLong.of(3_600),
                Optional.of("application/cbor"),
                Optional.of(responseTopic),
                Optional.of(bytes("id")),
                List.of(new UserPropertyPair("a", "b")));
    }
}
