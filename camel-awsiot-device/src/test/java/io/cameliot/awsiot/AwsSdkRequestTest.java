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
import static io.cameliot.awsiot.AwsIotDeviceConstants.USER_PROPERTIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.UserProperty;

/** AWS's own MQTT 5 client answers the requests of a route, and is answered by one. */
class AwsSdkRequestTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(AwsSdkClient.HOST));

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();
    private DeviceFiles files;

    @BeforeEach
    void writeFiles() {
        files = DeviceFiles.write(folder, aws.issueDevice("device"), aws.serverAuthority());
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
    }

    @Test
    void answersTheRequestOfARoute() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(uri("sdk/question", "&request=always"));
            }
        });
        camel.start();
        try (AwsSdkClient sdk = new AwsSdkClient(aws, "sdk-answerer")) {
            sdk.subscribe("sdk/question");
            CompletableFuture<Exchange> asked = camel.createProducerTemplate().asyncSend("direct:ask", exchange -> {
                exchange.setPattern(ExchangePattern.InOut);
                exchange.getIn().setBody("how warm?");
            });

            PublishPacket request = sdk.next();
            sdk.publish(new PublishPacketBuilder(request.getResponseTopic(), QOS.AT_LEAST_ONCE, bytes("21"))
                    .withCorrelationData(request.getCorrelationData())
                    .withContentType("text/plain")
                    .withUserProperties(List.of(new UserProperty("unit", "C")))
                    .build());

            assertThat(request.getPayload()).isEqualTo(bytes("how warm?"));
            Exchange answered = asked.get(20, TimeUnit.SECONDS);
            assertThat(answered.getException()).isNull();
            assertThat(answered.getMessage().getBody()).isEqualTo(bytes("21"));
            assertThat(answered.getMessage().getHeaders())
                    .containsEntry(CONTENT_TYPE, "text/plain")
                    .containsEntry(USER_PROPERTIES, Map.of("unit", "C"));
        }
    }

    @Test
    void isAnsweredByARoute() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("camel/question", "&exchangePattern=InOut"))
                        .setBody(simple("${body}: 22"))
                        .setHeader(CONTENT_TYPE, constant("text/plain"));
            }
        });
        camel.start();
        try (AwsSdkClient sdk = new AwsSdkClient(aws, "sdk-asker")) {
            sdk.subscribe("sdk/answers");

            sdk.publish(new PublishPacketBuilder("camel/question", QOS.AT_LEAST_ONCE, bytes("how warm"))
                    .withResponseTopic("sdk/answers")
                    .withCorrelationData(new byte[] {0, -1, 7})
                    .build());

            PublishPacket reply = sdk.next();
            assertThat(reply.getPayload()).isEqualTo(bytes("how warm: 22"));
            assertThat(reply.getCorrelationData()).isEqualTo(new byte[] {0, -1, 7});
            assertThat(reply.getContentType()).isEqualTo("text/plain");
            assertThat(reply.getQOS()).isEqualTo(QOS.AT_LEAST_ONCE);
        }
    }

    private String uri(String topic, String options) {
        return "awsiot-device:" + topic + "?endpoint=" + AwsSdkClient.HOST + "&connectTo="
                + aws.address(GatewayPort.MQTT_8883) + "&" + files.options() + options;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
