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

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.Principal.Authentication;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider.StaticCredentialsProviderBuilder;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.QualityOfService;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.NegotiatedSettings;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder.MqttConnectCustomAuthConfig;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder.WebsocketSigv4Config;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;

/**
 * AWS's own client, the AWS IoT Device SDK for Java v2, with the emulator: all its ways to connect, with MQTT 5 and
 * MQTT 3.1.1.
 */
class AwsSdkConformanceTest {
    private static final String HOST = "localhost";
    private static final String REGION = "eu-west-1";
    private static final IamCredentials CREDENTIALS = IamCredentials.permanent("AKIDSDK", "a secret of the SDK");
    private static final String AUTHORIZER = "sdk-authorizer";
    private static final String TOKEN_KEY = "TokenKey";
    private static final String TOKEN = "token value";
    private static final KeyPair TOKEN_KEYS = KeyType.RSA.generate();
    private static final long TIMEOUT_SECONDS = 20;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().region(REGION).customDomain(HOST));

    private static IssuedCertificate identity;

    private final AwsIotEmulator aws = AWS.emulator();

    /** The rows of the protocol matrix that the SDK supports. */
    enum Row {
        CERTIFICATE_8883(GatewayPort.MQTT_8883, Authentication.X509, false),
        CERTIFICATE_443(GatewayPort.MULTIPLEXED_443, Authentication.X509, false),
        CUSTOM_443(GatewayPort.MULTIPLEXED_443, Authentication.CUSTOM, false),
        WEB_SOCKET_SIGV4(GatewayPort.MULTIPLEXED_443, Authentication.SIGV4, true),
        WEB_SOCKET_CUSTOM(GatewayPort.MULTIPLEXED_443, Authentication.CUSTOM, true);

        final GatewayPort port;
        final Authentication authentication;
        final boolean webSocket;

        Row(GatewayPort port, Authentication authentication, boolean webSocket) {
            this.port = port;
            this.authentication = authentication;
            this.webSocket = webSocket;
        }
    }

    @BeforeAll
    static void register() {
        identity = AWS.emulator()
                .deviceAuthority()
                .certificate("sdk-device")
                .keyType(KeyType.RSA)
                .issue();
        AWS.emulator().register(CREDENTIALS);
        AWS.emulator().register(CustomAuthorizer.signed(AUTHORIZER, TOKEN_KEY, TOKEN_KEYS.getPublic()));
    }

    @ParameterizedTest
    @EnumSource(Row.class)
    void exchangesMessagesWithMqtt5(Row row) throws Exception {
        String clientId = "sdk5-" + row;
        Events events = new Events();
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (StaticCredentialsProvider credentials = credentials();
                AwsIotMqtt5ClientBuilder builder = mqtt5Builder(row, credentials)) {
            builder.withPort((long) aws.port(row.port))
                    .withCertificateAuthority(aws.serverAuthority().certificatePem())
                    .withConnectProperties(new ConnectPacketBuilder().withClientId(clientId))
                    .withLifeCycleEvents(events)
                    .withPublishEvents((client, message) ->
                            received.add(text(message.getPublishPacket().getPayload())));
            try (Mqtt5Client client = builder.build()) {
                client.start();
                NegotiatedSettings settings = await(events.connected);
                await(client.subscribe(SubscribePacket.of("sdk/" + row, QOS.AT_LEAST_ONCE)));
                await(client.publish(
                        PublishPacket.of("sdk/" + row, QOS.AT_LEAST_ONCE, "hello".getBytes(StandardCharsets.UTF_8))));

                assertThat(received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");
                assertThat(settings.getMaximumQOS()).isEqualTo(QOS.AT_LEAST_ONCE);
                assertThat(settings.getReceiveMaximumFromServer()).isEqualTo(100);
                assertThat(settings.getSubscriptionIdentifiersAvailable()).isFalse();
                client.stop();
                await(events.stopped);
            }
        }
        assertCameIn(clientId, row, "5");
    }

    @ParameterizedTest
    @EnumSource(Row.class)
    void exchangesMessagesWithMqtt311(Row row) throws Exception {
        String clientId = "sdk3-" + row;
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (StaticCredentialsProvider credentials = credentials();
                AwsIotMqttConnectionBuilder builder = mqtt311Builder(row, credentials)) {
            builder.withEndpoint(HOST)
                    .withCertificateAuthority(aws.serverAuthority().certificatePem())
                    .withClientId(clientId)
                    .withCleanSession(true)
                    .withPort(aws.port(row.port));
            try (MqttClientConnection connection = builder.build()) {
                await(connection.connect());
                await(connection.subscribe(
                        "sdk/" + row,
                        QualityOfService.AT_LEAST_ONCE,
                        message -> received.add(text(message.getPayload()))));
                await(connection.publish(new MqttMessage(
                        "sdk/" + row,
                        "hello".getBytes(StandardCharsets.UTF_8),
                        QualityOfService.AT_LEAST_ONCE,
                        false)));

                assertThat(received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");
                await(connection.disconnect());
            }
        }
        assertCameIn(clientId, row, "3.1.1");
    }

    private void assertCameIn(String clientId, Row row, String mqttVersion) {
        ConnectionInfo connection = aws.connectionsOf(clientId).get(0);
        assertThat(connection.port()).isEqualTo(row.port);
        assertThat(connection.principal().authentication()).isEqualTo(row.authentication);
        assertThat(connection.webSocket()).isEqualTo(row.webSocket);
        assertThat(connection.mqttVersion()).isEqualTo(mqttVersion);
        assertThat(connection.serverName()).isEqualTo(HOST);
    }

    private AwsIotMqtt5ClientBuilder mqtt5Builder(Row row, StaticCredentialsProvider credentials) throws Exception {
        return switch (row) {
            case CERTIFICATE_8883, CERTIFICATE_443 ->
                AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory(
                        HOST, identity.chainPem(), identity.privateKeyPem(KeyFormat.PKCS1));
            case CUSTOM_443 -> AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithCustomAuth(HOST, customAuth());
            case WEB_SOCKET_CUSTOM ->
                AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithCustomAuth(HOST, customAuth());
            case WEB_SOCKET_SIGV4 -> {
                WebsocketSigv4Config config = new WebsocketSigv4Config();
                config.region = REGION;
                config.credentialsProvider = credentials;
                yield AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithSigv4Auth(HOST, config);
            }
        };
    }

    private static MqttConnectCustomAuthConfig customAuth() throws Exception {
        MqttConnectCustomAuthConfig config = new MqttConnectCustomAuthConfig();
        config.authorizerName = AUTHORIZER;
        config.username = "sdk-user";
        config.tokenKeyName = TOKEN_KEY;
        config.tokenValue = TOKEN;
        config.tokenSignature = HttpsPublishTest.sign(TOKEN, TOKEN_KEYS);
        return config;
    }

    private AwsIotMqttConnectionBuilder mqtt311Builder(Row row, StaticCredentialsProvider credentials)
            throws Exception {
        return switch (row) {
            case CERTIFICATE_8883, CERTIFICATE_443 ->
                AwsIotMqttConnectionBuilder.newMtlsBuilder(
                        identity.chainPem(), identity.privateKeyPem(KeyFormat.PKCS1));
            case CUSTOM_443 -> withCustomAuthorizer(AwsIotMqttConnectionBuilder.newDefaultBuilder());
            // By default this builder signs the upgrade of every WebSocket.
            case WEB_SOCKET_CUSTOM ->
                withCustomAuthorizer(AwsIotMqttConnectionBuilder.newDefaultBuilder()
                        .withWebsockets(true)
                        .withWebsocketHandshakeTransform(upgrade -> upgrade.complete(upgrade.getHttpRequest())));
            case WEB_SOCKET_SIGV4 ->
                AwsIotMqttConnectionBuilder.newDefaultBuilder()
                        .withWebsockets(true)
                        .withWebsocketSigningRegion(REGION)
                        .withWebsocketCredentialsProvider(credentials);
        };
    }

    private static AwsIotMqttConnectionBuilder withCustomAuthorizer(AwsIotMqttConnectionBuilder builder)
            throws Exception {
        return builder.withCustomAuthorizer(
                "sdk-user", AUTHORIZER, HttpsPublishTest.sign(TOKEN, TOKEN_KEYS), null, TOKEN_KEY, TOKEN);
    }

    private static StaticCredentialsProvider credentials() {
        return new StaticCredentialsProviderBuilder()
                .withAccessKeyId(CREDENTIALS.accessKeyId().getBytes(StandardCharsets.UTF_8))
                .withSecretAccessKey(CREDENTIALS.secretAccessKey().getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static final class Events implements LifecycleEvents {
        private final CompletableFuture<NegotiatedSettings> connected = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();

        @Override
        public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn event) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn event) {
            connected.complete(event.getNegotiatedSettings());
        }

        @Override
        public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn event) {
            connected.completeExceptionally(new IllegalStateException("Error " + event.getErrorCode() + ", CONNACK "
                    + (event.getConnAckPacket() == null
                            ? "none"
                            : event.getConnAckPacket().getReasonCode())));
        }

        @Override
        public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn event) {}

        @Override
        public void onStopped(Mqtt5Client client, OnStoppedReturn event) {
            stopped.complete(null);
        }
    }
}
