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
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PayloadFormatIndicator;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HiveMQ's MQTT 5 client, which uses topic aliases by default and follows the settings in CONNACK. */
class HiveMqConformanceTest {
    private static final long TIMEOUT_SECONDS = 20;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void readsTheConnack() throws Exception {
        Mqtt5BlockingClient client = client("hive-connack").buildBlocking();

        Mqtt5ConnAck connack =
                client.connectWith().keepAlive(5).sessionExpiryInterval(86_400).send();
        client.disconnect();

        assertThat(connack.getServerKeepAlive()).hasValue(30);
        assertThat(connack.getSessionExpiryInterval()).isEqualTo(OptionalLong.of(3600));
        assertThat(connack.getRestrictions().getReceiveMaximum()).isEqualTo(100);
        assertThat(connack.getRestrictions().getMaximumPacketSize()).isEqualTo(149_504);
        assertThat(connack.getRestrictions().getTopicAliasMaximum()).isEqualTo(8);
        assertThat(connack.getRestrictions().getMaximumQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
        assertThat(connack.getRestrictions().isRetainAvailable()).isTrue();
        assertThat(connack.getRestrictions().isWildcardSubscriptionAvailable()).isTrue();
        assertThat(connack.getRestrictions().isSharedSubscriptionAvailable()).isTrue();
        assertThat(connack.getRestrictions().areSubscriptionIdentifiersAvailable())
                .isFalse();
    }

    @Test
    void usesTheAssignedClientId() throws Exception {
        Mqtt5BlockingClient client = client("").buildBlocking();

        Mqtt5ConnAck connack = client.connect();

        assertThat(aws.connectionsOf(
                        connack.getAssignedClientIdentifier().orElseThrow().toString()))
                .hasSize(1);
        client.disconnect();
    }

    @Test
    void exchangesEveryPropertyOfAMessageAndUsesAliases() throws Exception {
        Mqtt5BlockingClient client = client("hive-properties").buildBlocking();
        client.connect();
        Mqtt5UserProperties userProperties = Mqtt5UserProperties.builder()
                .add("b", "1")
                .add("a", "2")
                .add("b", "3")
                .build();
        try (Mqtt5Publishes messages = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith()
                    .topicFilter("hive/+")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();

            for (int i = 0; i < 3; i++) {
                client.publishWith()
                        .topic("hive/properties")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(new byte[] {(byte) i})
                        .contentType("text/plain")
                        .responseTopic("hive/answers")
                        .correlationData("id-1".getBytes(StandardCharsets.UTF_8))
                        .messageExpiryInterval(60)
                        .payloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8)
                        .userProperties(userProperties)
                        .send();
            }

            for (int i = 0; i < 3; i++) {
                Mqtt5Publish message =
                        messages.receive(TIMEOUT_SECONDS, TimeUnit.SECONDS).orElseThrow();
                assertThat(message.getTopic().toString()).isEqualTo("hive/properties");
                assertThat(message.getPayloadAsBytes()).containsExactly(i);
                assertThat(message.getContentType()).hasToString("Optional[text/plain]");
                assertThat(message.getResponseTopic()).hasToString("Optional[hive/answers]");
                assertThat(message.getCorrelationData())
                        .contains(ByteBuffer.wrap("id-1".getBytes(StandardCharsets.UTF_8)));
                assertThat(message.getMessageExpiryInterval().orElseThrow()).isBetween(40L, 60L);
                assertThat(message.getPayloadFormatIndicator()).contains(Mqtt5PayloadFormatIndicator.UTF_8);
                assertThat(message.getUserProperties()).isEqualTo(userProperties);
            }
        }
        client.disconnect();
        assertThat(aws.receivedPublishes("hive/properties"))
                .extracting(ReceivedPublish::sentTopic)
                .containsExactly("hive/properties", "", "");
    }

    @Test
    void receivesTheReasonCodeOfAForbiddenRequest() throws Exception {
        aws.policy(
                "hive-refused",
                DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, "secret").deny(Action.SUBSCRIBE, "secret"));
        aws.faults().inject(new Fault.RefuseConnection(0x97));
        Mqtt5BlockingClient client = client("hive-refused").buildBlocking();

        Mqtt5ConnAckException connack = catchThrowableOfType(Mqtt5ConnAckException.class, client::connect);
        client.connect();
        Mqtt5PubAckException puback = catchThrowableOfType(Mqtt5PubAckException.class, () -> client.publishWith()
                .topic("secret")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send());
        Mqtt5SubAckException suback = catchThrowableOfType(Mqtt5SubAckException.class, () -> client.subscribeWith()
                .topicFilter("secret")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send());
        client.disconnect();

        assertThat(connack.getMqttMessage().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.QUOTA_EXCEEDED);
        assertThat(puback.getMqttMessage().getReasonCode()).isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
        assertThat(suback.getMqttMessage().getReasonCodes()).containsExactly(Mqtt5SubAckReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void receivesTheReasonCodeWhenAnotherClientTakesOver() throws Exception {
        CompletableFuture<Throwable> disconnected = new CompletableFuture<>();
        Mqtt5BlockingClient older = client("hive-twin")
                .addDisconnectedListener(event -> disconnected.complete(event.getCause()))
                .buildBlocking();
        older.connect();

        Mqtt5BlockingClient newer = client("hive-twin").buildBlocking();
        newer.connect();

        Throwable cause = disconnected.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        newer.disconnect();
        assertThat(((Mqtt5DisconnectException) cause).getMqttMessage().getReasonCode())
                .isEqualTo(Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER);
    }

    @Test
    void resumesItsSession() throws Exception {
        Mqtt5BlockingClient client = client("hive-session").buildBlocking();
        client.connectWith().cleanStart(false).sessionExpiryInterval(60).send();
        client.subscribeWith()
                .topicFilter("hive/missed")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        client.disconnect();
        aws.publish("hive/missed", "missed", 1);

        try (Mqtt5Publishes messages = client.publishes(MqttGlobalPublishFilter.ALL)) {
            Mqtt5ConnAck connack = client.connectWith()
                    .cleanStart(false)
                    .sessionExpiryInterval(60)
                    .send();

            assertThat(connack.isSessionPresent()).isTrue();
            Optional<Mqtt5Publish> message = messages.receive(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            assertThat(message.map(Mqtt5Publish::getPayloadAsBytes))
                    .contains("missed".getBytes(StandardCharsets.UTF_8));
        }
        client.disconnect();
    }

    private Mqtt5ClientBuilder client(String clientId) throws Exception {
        IssuedCertificate identity = aws.issueDevice("hive-device");
        char[] password = "p".toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity.keyStore(password, "PKCS12"), password);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", aws.serverAuthority().certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverAddress(new InetSocketAddress(
                        InetAddress.getByAddress(
                                aws.endpoint(), InetAddress.getLoopbackAddress().getAddress()),
                        aws.port(GatewayPort.MQTT_8883)))
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(keys)
                        .trustManagerFactory(trust)
                        .build());
    }
}
