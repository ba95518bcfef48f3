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

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.crt.mqtt5.packets.UserProperty;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** AWS's own MQTT 5 client answers the requests of a route, and is answered by one. */
class AwsSdkRequestTest {

    private static final String HOST = "localhost";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(HOST));

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = new DefaultCamelContext();
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
        try (Sdk sdk = new Sdk("sdk-answerer")) {
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
        try (Sdk sdk = new Sdk("sdk-asker")) {
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
        return "awsiot-device:" + topic + "?endpoint=" + HOST + "&connectTo=" + aws.address(GatewayPort.MQTT_8883) + "&"
                + files.options() + options;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The SDK's client, connected. */
    private final class Sdk implements AutoCloseable, LifecycleEvents {

        private final BlockingQueue<PublishPacket> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> connected = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final Mqtt5Client client;

        Sdk(String clientId) throws Exception {
            IssuedCertificate identity = aws.deviceAuthority()
                    .certificate(clientId)
                    .keyType(KeyType.RSA)
                    .issue();
            try (AwsIotMqtt5ClientBuilder builder = AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory(
                    HOST, identity.chainPem(), identity.privateKeyPem(KeyFormat.PKCS1))) {
                client = builder.withPort((long) aws.port(GatewayPort.MQTT_8883))
                        .withCertificateAuthority(aws.serverAuthority().certificatePem())
                        .withConnectProperties(new ConnectPacketBuilder().withClientId(clientId))
                        .withLifeCycleEvents(this)
                        .withPublishEvents((receiver, message) -> messages.add(message.getPublishPacket()))
                        .build();
            }
            client.start();
            connected.get(20, TimeUnit.SECONDS);
        }

        void subscribe(String filter) throws Exception {
            client.subscribe(SubscribePacket.of(filter, QOS.AT_LEAST_ONCE)).get(20, TimeUnit.SECONDS);
        }

        void publish(PublishPacket packet) throws Exception {
            client.publish(packet).get(20, TimeUnit.SECONDS);
        }

        PublishPacket next() throws InterruptedException {
            PublishPacket next = messages.poll(20, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }

        @Override
        public void close() throws Exception {
            client.stop();
            stopped.get(20, TimeUnit.SECONDS);
            client.close();
        }

        @Override
        public void onAttemptingConnect(Mqtt5Client attempting, OnAttemptingConnectReturn event) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client connecting, OnConnectionSuccessReturn event) {
            connected.complete(null);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client failing, OnConnectionFailureReturn event) {
            connected.completeExceptionally(new IllegalStateException("Error " + event.getErrorCode()));
        }

        @Override
        public void onDisconnection(Mqtt5Client disconnected, OnDisconnectionReturn event) {}

        @Override
        public void onStopped(Mqtt5Client stopping, OnStoppedReturn event) {
            stopped.complete(null);
        }
    }
}
