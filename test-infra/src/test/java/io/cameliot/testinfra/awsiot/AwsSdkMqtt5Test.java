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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.NegotiatedSettings;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.PublishResult;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.TopicAliasingOptions;
import software.amazon.awssdk.crt.mqtt5.TopicAliasingOptions.OutboundTopicAliasBehaviorType;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.DisconnectPacket;
import software.amazon.awssdk.crt.mqtt5.packets.DisconnectPacket.DisconnectReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket.PubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PayloadFormatIndicator;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.crt.mqtt5.packets.UserProperty;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** AWS's own MQTT 5 client with the emulator; {@link AwsSdkConformanceTest} tests the ways to connect. */
class AwsSdkMqtt5Test {
    private static final String HOST = "localhost";
    private static final long TIMEOUT_SECONDS = 20;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(HOST));

    private static IssuedCertificate identity;

    private final AwsIotEmulator aws = AWS.emulator();

    @BeforeAll
    static void issue() {
        identity = AWS.emulator().deviceAuthority().certificate("sdk-device").issue();
    }

    @Test
    void negotiatesWhatAwsGrants() throws Exception {
        try (Session session = new Session("sdk-settings", 7 * 24 * 3600)) {
            NegotiatedSettings settings = session.settings;

            assertThat(settings.getMaximumQOS()).isEqualTo(QOS.AT_LEAST_ONCE);
            assertThat(settings.getReceiveMaximumFromServer()).isEqualTo(100);
            assertThat(settings.getMaximumPacketSizeToServer()).isEqualTo(149_504);
            assertThat(settings.getTopicAliasMaximumToServer()).isEqualTo(8);
            assertThat(settings.getServerKeepAliveSeconds()).isEqualTo(1200);
            assertThat(settings.getSessionExpiryIntervalSeconds()).isEqualTo(3600);
            assertThat(settings.getRetainAvailable()).isTrue();
            assertThat(settings.getWildcardSubscriptionsAvailable()).isTrue();
            assertThat(settings.getSharedSubscriptionsAvailable()).isTrue();
            assertThat(settings.getSubscriptionIdentifiersAvailable()).isFalse();
            assertThat(settings.getRejoinedSession()).isFalse();
        }
    }

    @Test
    void exchangesEveryPropertyOfAMessage() throws Exception {
        List<UserProperty> userProperties =
                List.of(new UserProperty("b", "1"), new UserProperty("a", "2"), new UserProperty("b", "3"));
        try (Session session = new Session("sdk-properties", 0)) {
            await(session.client.subscribe(SubscribePacket.of("sdk/properties", QOS.AT_LEAST_ONCE)));

            await(session.client.publish(new PublishPacketBuilder("sdk/properties", QOS.AT_LEAST_ONCE, bytes("hello"))
                    .withContentType("text/plain")
                    .withResponseTopic("sdk/answers")
                    .withCorrelationData(bytes("id-1"))
                    .withMessageExpiryIntervalSeconds(60L)
                    .withPayloadFormat(PayloadFormatIndicator.UTF8)
                    .withUserProperties(userProperties)
                    .build()));

            PublishPacket message = session.messages.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            assertThat(message.getContentType()).isEqualTo("text/plain");
            assertThat(message.getResponseTopic()).isEqualTo("sdk/answers");
            assertThat(message.getCorrelationData()).isEqualTo(bytes("id-1"));
            assertThat(message.getMessageExpiryIntervalSeconds()).isBetween(40L, 60L);
            assertThat(message.getPayloadFormat()).isEqualTo(PayloadFormatIndicator.UTF8);
            assertThat(message.getUserProperties())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(userProperties);
        }
    }

    @Test
    void resolvesTheAliasesOfItsCache() throws Exception {
        try (Session session = new Session("sdk-aliases", 0)) {
            for (int i = 0; i < 20; i++) {
                await(session.client.publish(PublishPacket.of("sdk/alias/" + i % 10, QOS.AT_LEAST_ONCE, bytes("x"))));
                await(session.client.publish(PublishPacket.of("sdk/alias/" + i % 10, QOS.AT_LEAST_ONCE, bytes("x"))));
            }
        }
        for (int i = 0; i < 10; i++) {
            assertThat(aws.receivedPublishes("sdk/alias/" + i))
                    .hasSize(4)
                    .extracting(ReceivedPublish::sentTopic)
                    .contains("");
        }
    }

    @Test
    void doesNotExceedTheReceiveMaximum() throws Exception {
        try (Session session = new Session("sdk-window", 0)) {
            List<CompletableFuture<PublishResult>> results = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                results.add(session.client.publish(PublishPacket.of("sdk/window", QOS.AT_LEAST_ONCE, bytes("x"))));
            }
            for (CompletableFuture<PublishResult> result : results) {
                assertThat(await(result).getResultPubAck().getReasonCode()).isEqualTo(PubAckReasonCode.SUCCESS);
            }
        }
        assertThat(aws.connectionsOf("sdk-window")).hasSize(1);
    }

    @Test
    void receivesTheReasonOfARefusedMessage() throws Exception {
        aws.faults().inject(new Fault.RefusePublish(0x97));
        try (Session session = new Session("sdk-refused", 0)) {
            PublishPacket message = PublishPacket.of("sdk/refused", QOS.AT_LEAST_ONCE, bytes("x"));

            assertThat(await(session.client.publish(message)).getResultPubAck().getReasonCode())
                    .isEqualTo(PubAckReasonCode.QUOTA_EXCEEDED);
            assertThat(await(session.client.publish(message)).getResultPubAck().getReasonCode())
                    .isEqualTo(PubAckReasonCode.SUCCESS);
        }
    }

    @Test
    void receivesTheReasonWhenItsConnectionEnds() throws Exception {
        try (Session session = new Session("sdk-ended", 0)) {
            aws.disconnect("sdk-ended");

            assertThat(await(session.disconnect).getReasonCode()).isEqualTo(DisconnectReasonCode.ADMINISTRATIVE_ACTION);
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A connected client and its events. */
    private final class Session implements AutoCloseable, LifecycleEvents {
        private final BlockingQueue<PublishPacket> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<NegotiatedSettings> connected = new CompletableFuture<>();
        private final CompletableFuture<DisconnectPacket> disconnect = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final Mqtt5Client client;
        private final NegotiatedSettings settings;

        Session(String clientId, long sessionExpirySeconds) throws Exception {
            try (AwsIotMqtt5ClientBuilder builder = AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory(
                    HOST, identity.chainPem(), identity.privateKeyPem(KeyFormat.SEC1))) {
                client = builder.withPort((long) aws.port(GatewayPort.MQTT_8883))
                        .withCertificateAuthority(aws.serverAuthority().certificatePem())
                        .withConnectProperties(new ConnectPacketBuilder()
                                .withClientId(clientId)
                                .withSessionExpiryIntervalSeconds(sessionExpirySeconds))
                        .withTopicAliasingOptions(
                                new TopicAliasingOptions().withOutboundBehavior(OutboundTopicAliasBehaviorType.LRU))
                        .withLifeCycleEvents(this)
                        .withPublishEvents((receiver, message) -> messages.add(message.getPublishPacket()))
                        .build();
            }
            client.start();
            settings = await(connected);
        }

        @Override
        public void close() throws Exception {
            client.stop();
            await(stopped);
            client.close();
        }

        @Override
        public void onAttemptingConnect(Mqtt5Client attempting, OnAttemptingConnectReturn event) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client connecting, OnConnectionSuccessReturn event) {
            connected.complete(event.getNegotiatedSettings());
        }

        @Override
        public void onConnectionFailure(Mqtt5Client failing, OnConnectionFailureReturn event) {
            connected.completeExceptionally(new IllegalStateException("Error " + event.getErrorCode()));
        }

        @Override
        public void onDisconnection(Mqtt5Client disconnected, OnDisconnectionReturn event) {
            disconnect.complete(event.getDisconnectPacket());
        }

        @Override
        public void onStopped(Mqtt5Client stopping, OnStoppedReturn event) {
            stopped.complete(null);
        }
    }
}
