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
import static io.cameliot.awsiot.AwsIotDeviceConstants.MESSAGE_EXPIRY;
import static io.cameliot.awsiot.AwsIotDeviceConstants.OVERRIDE_QOS;
import static io.cameliot.awsiot.AwsIotDeviceConstants.OVERRIDE_RETAINED;
import static io.cameliot.awsiot.AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR;
import static io.cameliot.awsiot.AwsIotDeviceConstants.RECONNECT;
import static io.cameliot.awsiot.AwsIotDeviceConstants.RESPONSE_TOPIC;
import static io.cameliot.awsiot.AwsIotDeviceConstants.USER_PROPERTIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.message.MessagePropertyHeaders;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.UserPropertyPair;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The properties of messages as headers, both ways. */
class Mqtt5MessagesTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final DeviceFiles files = device.files();

    @Test
    void sendsHeadersAsPropertiesAndMakesHeadersOfThemAgain() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedMessageCount(1);
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("one", "1");
        pairs.put("CamelAwsiotDeviceOverrideTopic", "elsewhere");
        pairs.put("many", List.of("b", "a", "b"));
        start("", "");

        Exchange sent = send(Map.of(
                CONTENT_TYPE, "text/plain",
                RESPONSE_TOPIC, "answers/1",
                CORRELATION_DATA, "42",
                MESSAGE_EXPIRY, 3_600,
                USER_PROPERTIES, pairs,
                PAYLOAD_FORMAT_INDICATOR, "UTF8_DATA"));

        assertThat(sent.getException()).isNull();
        assertThat(aws.receivedPublishes("properties"))
                .singleElement()
                .extracting(publish -> publish.properties().userProperties())
                .isEqualTo(List.of(
                        new UserPropertyPair("one", "1"),
                        new UserPropertyPair("CamelAwsiotDeviceOverrideTopic", "elsewhere"),
                        new UserPropertyPair("many", "b"),
                        new UserPropertyPair("many", "a"),
                        new UserPropertyPair("many", "b")));
        received.assertIsSatisfied(10_000);
        Map<String, Object> headers = received.getExchanges().get(0).getIn().getHeaders();
        assertThat(headers)
                .containsEntry(CONTENT_TYPE, "text/plain")
                .containsEntry(RESPONSE_TOPIC, "answers/1")
                .containsEntry(CORRELATION_DATA, "42".getBytes(StandardCharsets.UTF_8))
                .containsEntry(USER_PROPERTIES, pairs)
                .containsEntry(PAYLOAD_FORMAT_INDICATOR, "UTF8_DATA")
                .doesNotContainKeys("one", "many", "CamelAwsiotDeviceOverrideTopic");
        assertThat((Long) headers.get(MESSAGE_EXPIRY)).isBetween(3_500L, 3_600L);
    }

    @Test
    void setsNoHeaderOfAPropertyThatAMessageHasNot() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedMessageCount(2);
        start("", "");

        send(Map.of());
        aws.publish("properties", new byte[0], 1, false, PublishProperties.NONE.withPayloadFormatIndicator(0));

        received.assertIsSatisfied(10_000);
        assertThat(received.getExchanges().get(0).getIn().getHeaders())
                .doesNotContainKeys(MessagePropertyHeaders.NAMES.toArray(String[]::new));
        assertThat(received.getExchanges().get(1).getIn().getHeaders())
                .containsEntry(PAYLOAD_FORMAT_INDICATOR, "UNSPECIFIED_BYTES")
                .doesNotContainKeys(CONTENT_TYPE, USER_PROPERTIES, MESSAGE_EXPIRY);
    }

    @Test
    void sendsNoPropertiesByMqtt311() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedMessageCount(1);
        start("", "&mqttVersion=3.1.1");

        Exchange sent = send(Map.of(CONTENT_TYPE, "text/plain", MESSAGE_EXPIRY, 1, USER_PROPERTIES, Map.of("a", "b")));

        assertThat(sent.getException()).isNull();
        received.assertIsSatisfied(10_000);
        assertThat(received.getExchanges().get(0).getIn().getHeaders())
                .doesNotContainKeys(MessagePropertyHeaders.NAMES.toArray(String[]::new));
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                Arguments.of(RESPONSE_TOPIC, "answers/+", "has a wildcard"),
                Arguments.of(RESPONSE_TOPIC, "answers/#", "has a wildcard"),
                Arguments.of(RESPONSE_TOPIC, "", "is empty"),
                Arguments.of(MESSAGE_EXPIRY, -1, "=-1 is not between 0 and 4294967295 seconds"),
                Arguments.of(MESSAGE_EXPIRY, 4_294_967_296L, "is not between"),
                Arguments.of(MESSAGE_EXPIRY, Duration.ofMillis(-1), "=-1 is not between"),
                Arguments.of(MESSAGE_EXPIRY, 1.5, "=1.5 of type java.lang.Double is not a whole number of seconds"),
                Arguments.of(MESSAGE_EXPIRY, List.of(60), "is not a whole number of seconds or a java.time.Duration"),
                Arguments.of(OVERRIDE_QOS, "fast", "=fast of type java.lang.String is not a whole number"),
                Arguments.of(OVERRIDE_QOS, Map.of(), "is not a whole number"),
                Arguments.of(OVERRIDE_QOS, 2, "=2 is not possible"),
                Arguments.of(OVERRIDE_QOS, 0x1_0000_0001L, "=4294967297 is not possible"),
                Arguments.of(OVERRIDE_RETAINED, "yes", "=yes of type java.lang.String is not true or false"),
                Arguments.of(OVERRIDE_RETAINED, Map.of(), "is not true or false"),
                Arguments.of(RECONNECT, "yes", "is not true or false"),
                Arguments.of(USER_PROPERTIES, "{\"a\":\"b\"}", "is not a Map of names and values"),
                Arguments.of(USER_PROPERTIES, List.of("a", "b"), "is not a Map of names and values"),
                Arguments.of(PAYLOAD_FORMAT_INDICATOR, "UTF-8", "=UTF-8 is not one of [UTF8_DATA, UNSPECIFIED_BYTES]"),
                Arguments.of(PAYLOAD_FORMAT_INDICATOR, "1", "is not one of"),
                Arguments.of(CONTENT_TYPE, "x".repeat(65_536), "65536 bytes: MQTT allows 65535"),
                Arguments.of(CORRELATION_DATA, new byte[65_536], "65536 bytes: MQTT allows 65535"),
                Arguments.of(USER_PROPERTIES, Map.of("a", List.of("b", "ü".repeat(40_000))), "80000 bytes"),
                Arguments.of(USER_PROPERTIES, Map.of("a", List.of("b", "c\u0000")), "control character"));
    }

    @ParameterizedTest
    @MethodSource("badHeaders")
    void refusesAHeaderByNameBeforeAnythingIsSent(String header, Object value, String reason) throws Exception {
        start("", "");

        Exchange sent = send(Map.of(header, value));

        assertThat(sent.getException()).hasMessageContaining(header).hasMessageContaining(reason);
        assertThat(aws.receivedPublishes("properties")).isEmpty();
        assertThat(send(Map.of()).getException()).isNull();
    }

    @Test
    void takesADurationAsMessageExpiryInSeconds() throws Exception {
        start("", "");

        Exchange sent = send(Map.of(MESSAGE_EXPIRY, Duration.ofMinutes(5)));

        assertThat(sent.getException()).isNull();
        assertThat(aws.receivedPublishes("properties"))
                .singleElement()
                .extracting(publish -> publish.properties().messageExpirySeconds())
                .isEqualTo(OptionalLong.of(300));
    }

    @Test
    void sendsAWillWithItsProperties() throws Exception {
        start(
                "&clientId=will",
                "&willTopic=gone&willPayload=bye&willContentType=text/plain&willMessageExpiry=90s"
                        + "&willResponseTopic=answers&willCorrelationData=last&willUserProperty.site=north");

        ReceivedConnect.Will will = aws.receivedConnects().stream()
                .filter(connect -> connect.clientId().equals("will"))
                .findFirst()
                .orElseThrow()
                .will()
                .orElseThrow();
        assertThat(will.properties().contentType()).hasValue("text/plain");
        assertThat(will.properties().messageExpirySeconds()).isEqualTo(OptionalLong.of(90));
        assertThat(will.properties().payloadFormatIndicator()).isEqualTo(OptionalInt.of(1));
        assertThat(will.properties().responseTopic()).hasValue("answers");
        assertThat(will.properties().correlationData()).hasValue("last".getBytes(StandardCharsets.UTF_8));
        assertThat(will.properties().userProperties()).containsExactly(new UserPropertyPair("site", "north"));
    }

    private Exchange send(Map<String, Object> headers) {
        return camel.createProducerTemplate().send("direct:publish", exchange -> {
            exchange.getIn().setBody("hello");
            exchange.getIn().setHeaders(new LinkedHashMap<>(headers));
        });
    }

    private void start(String client, String more) throws Exception {
        String uri = "awsiot-device:properties?endpoint=" + aws.endpoint() + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883) + "&" + files.options() + client + more;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("mock:received");
                from("direct:publish").to(uri);
            }
        });
        camel.start();
    }
}
