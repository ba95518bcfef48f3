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

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route may carry as payload, on each way that a message can take. */
class PayloadTest {

    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final DeviceFiles files = device.files();

    @BeforeAll
    static void registerCredentials() {
        AWS.emulator().register(IamCredentials.permanent("AKIAIOSFODNN7EXAMPLE", SECRET_KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "wss", "https", "outbox"})
    void publishesScalarsTextAndFilesOnEveryWay(String way, @TempDir Path folder) throws Exception {
        start(way);
        Path file = Files.writeString(folder.resolve("payload.txt"), "content");
        List<Object> bodies = List.of(
                21,
                4_000_000_000L,
                2.5,
                new BigDecimal("1.50"),
                false,
                'ü',
                Thread.State.BLOCKED,
                new UUID(0, 1),
                Instant.EPOCH,
                new StringBuilder("built"),
                file,
                file.toFile());

        for (Object body : bodies) {
            assertThat(send(body).getException()).as("%s", body).isNull();
        }

        await().untilAsserted(() -> assertThat(aws.receivedPublishes("payloads"))
                .extracting(publish -> new String(publish.payload(), StandardCharsets.UTF_8))
                .containsExactly(
                        "21",
                        "4000000000",
                        "2.5",
                        "1.50",
                        "false",
                        "ü",
                        "BLOCKED",
                        "00000000-0000-0000-0000-000000000001",
                        "1970-01-01T00:00:00Z",
                        "built",
                        "content",
                        "content"));
    }

    @Test
    void publishesWhatTheSimpleLanguageCounts() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:random").setBody(simple("${random(20,25)}")).to("awsiot-device:payloads" + uri("mqtt"));
            }
        });
        camel.start();

        assertThat(camel.createProducerTemplate()
                        .send("direct:random", exchange -> {})
                        .getException())
                .isNull();

        assertThat(aws.receivedPublishes("payloads"))
                .extracting(ReceivedPublish::payload)
                .singleElement()
                .satisfies(payload ->
                        assertThat(new String(payload, StandardCharsets.UTF_8)).matches("2[0-4]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "https", "outbox"})
    void saysWhatToDoWithAMapOnEveryWay(String way) throws Exception {
        start(way);

        assertThat(send(Map.of("temperature", 21)).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The message body of type ")
                .hasMessageContaining("marshal().json()");
        assertThat(aws.receivedPublishes("payloads")).isEmpty();
    }

    @Test
    void takesATopicFromAHeaderThatHoldsBytes() throws Exception {
        start("mqtt");

        Exchange sent = camel.createProducerTemplate().send("direct:publish", exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn()
                    .setHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC, "from/kafka".getBytes(StandardCharsets.UTF_8));
        });

        assertThat(sent.getException()).isNull();
        assertThat(aws.receivedPublishes("from/kafka")).hasSize(1);
    }

    private void start(String way) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to("awsiot-device:payloads" + uri(way));
            }
        });
        camel.start();
    }

    private Exchange send(Object body) {
        return camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody(body));
    }

    private String uri(String way) {
        return "?endpoint=" + aws.endpoint() + "&connectTo=127.0.0.1:"
                + switch (way) {
                    case "wss" ->
                        aws.port(GatewayPort.MULTIPLEXED_443)
                                + "&protocol=wss&authentication=sigv4&accessKey=AKIAIOSFODNN7EXAMPLE&secretKey=RAW("
                                + SECRET_KEY + ")&caFile=" + files.authority();
                    case "https" -> aws.port(GatewayPort.HTTPS_8443) + "&protocol=https&" + files.options();
                    case "outbox" -> aws.port(GatewayPort.MQTT_8883) + "&outbox=memory&" + files.options();
                    default -> aws.port(GatewayPort.MQTT_8883) + "&" + files.options();
                };
    }
}
