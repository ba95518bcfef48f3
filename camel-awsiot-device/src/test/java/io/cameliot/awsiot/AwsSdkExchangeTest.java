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

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider.StaticCredentialsProviderBuilder;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.QualityOfService;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;

/** The AWS IoT Device SDK and our routes hear each other, on each row that the SDK has. */
class AwsSdkExchangeTest {

    private static final String HOST = "localhost";
    private static final String REGION = "eu-west-1";
    private static final IamCredentials CREDENTIALS = IamCredentials.permanent("AKIDSDK", "aSecretOfTheSdk");

    private static final KeyPair TOKEN_KEYS = KeyType.RSA.generate();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().region(REGION).customDomain(HOST));

    @TempDir
    private static Path folder;

    private static IssuedCertificate identity;
    private static DeviceFiles files;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();

    /** A row of the protocol matrix, for both sides. */
    enum Row {
        MQTT_X509(GatewayPort.MQTT_8883, "port=8883"),
        MQTT_X509_443(GatewayPort.MULTIPLEXED_443, "port=443"),
        MQTT_CUSTOM(GatewayPort.MULTIPLEXED_443, "authentication=custom"),
        WSS_CUSTOM(GatewayPort.MULTIPLEXED_443, "protocol=wss&authentication=custom"),
        WSS_SIGV4(GatewayPort.MULTIPLEXED_443, "protocol=wss&authentication=sigv4&region=" + REGION);

        final GatewayPort port;
        final String options;

        Row(GatewayPort port, String options) {
            this.port = port;
            this.options = options;
        }
    }

    @BeforeAll
    static void register() {
        AwsIotEmulator emulator = AWS.emulator();
        identity = emulator.deviceAuthority()
                .certificate("sdk-device")
                .keyType(KeyType.RSA)
                .issue();
        files = DeviceFiles.write(folder, emulator.issueDevice("camel-device"), emulator.serverAuthority());
        emulator.register(CREDENTIALS);
        emulator.register(CustomAuthorizer.signed("authorizer", "TokenKey", TOKEN_KEYS.getPublic()));
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
    }

    @ParameterizedTest
    @EnumSource(Row.class)
    void exchangesMessagesInBothDirections(Row row) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceived("from the SDK");
        String uri = uri(row);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:to-camel" + uri).to(received);
                from("direct:publish").to("awsiot-device:to-sdk" + uri);
            }
        });
        camel.start();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (StaticCredentialsProvider credentials = credentials();
                AwsIotMqttConnectionBuilder builder = sdk(row, credentials)) {
            builder.withEndpoint(HOST)
                    .withCertificateAuthority(aws.serverAuthority().certificatePem())
                    .withClientId("sdk-" + row)
                    .withCleanSession(true)
                    .withPort(aws.port(row.port));
            try (MqttClientConnection connection = builder.build()) {
                await(connection.connect());
                await(connection.subscribe(
                        "to-sdk",
                        QualityOfService.AT_LEAST_ONCE,
                        message -> heard.add(new String(message.getPayload(), StandardCharsets.UTF_8))));

                camel.createProducerTemplate().sendBody("direct:publish", "from Camel");
                await(connection.publish(new MqttMessage(
                        "to-camel",
                        "from the SDK".getBytes(StandardCharsets.UTF_8),
                        QualityOfService.AT_LEAST_ONCE,
                        false)));

                assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("from Camel");
                received.assertIsSatisfied(10_000);
                await(connection.disconnect());
            }
        }
    }

    private String uri(Row row) throws Exception {
        String who =
                switch (row) {
                    case MQTT_X509, MQTT_X509_443 -> files.options();
                    case MQTT_CUSTOM, WSS_CUSTOM ->
                        "caFile=" + files.authority()
                                + "&authorizerName=authorizer&tokenKeyName=TokenKey&token=token&tokenSignature=RAW("
                                + tokenSignature() + ")";
                    case WSS_SIGV4 ->
                        "caFile=" + files.authority() + "&accessKey=" + CREDENTIALS.accessKeyId() + "&secretKey=RAW("
                                + CREDENTIALS.secretAccessKey() + ")";
                };
        return "?endpoint=" + HOST + "&connectTo=" + aws.address(row.port) + "&" + row.options + "&" + who;
    }

    private static AwsIotMqttConnectionBuilder sdk(Row row, StaticCredentialsProvider credentials) throws Exception {
        return switch (row) {
            case MQTT_X509, MQTT_X509_443 ->
                AwsIotMqttConnectionBuilder.newMtlsBuilder(
                        identity.chainPem(), identity.privateKeyPem(KeyFormat.PKCS1));
            case MQTT_CUSTOM -> withAuthorizer(AwsIotMqttConnectionBuilder.newDefaultBuilder());
            // Left to itself, this builder signs the upgrade of every WebSocket.
            case WSS_CUSTOM ->
                withAuthorizer(AwsIotMqttConnectionBuilder.newDefaultBuilder()
                        .withWebsockets(true)
                        .withWebsocketHandshakeTransform(upgrade -> upgrade.complete(upgrade.getHttpRequest())));
            case WSS_SIGV4 ->
                AwsIotMqttConnectionBuilder.newDefaultBuilder()
                        .withWebsockets(true)
                        .withWebsocketSigningRegion(REGION)
                        .withWebsocketCredentialsProvider(credentials);
        };
    }

    private static AwsIotMqttConnectionBuilder withAuthorizer(AwsIotMqttConnectionBuilder builder) throws Exception {
        return builder.withCustomAuthorizer("user", "authorizer", tokenSignature(), null, "TokenKey", "token");
    }

    private static String tokenSignature() throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(TOKEN_KEYS.getPrivate());
        signature.update("token".getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    private static StaticCredentialsProvider credentials() {
        return new StaticCredentialsProviderBuilder()
                .withAccessKeyId(CREDENTIALS.accessKeyId().getBytes(StandardCharsets.UTF_8))
                .withSecretAccessKey(CREDENTIALS.secretAccessKey().getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
