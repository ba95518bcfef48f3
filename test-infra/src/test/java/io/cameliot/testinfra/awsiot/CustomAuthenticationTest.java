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
import io.cameliot.testinfra.awsiot.auth.Principal.Authentication;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.KeyType;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Custom authentication on MQTT, port 443 with ALPN {@code mqtt}. */
class CustomAuthenticationTest {
    private static final KeyPair KEYS = KeyType.RSA.generate();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void acceptsASignedTokenWithoutAClientCertificate() throws Exception {
        aws.register(CustomAuthorizer.signed("signed", "token", KEYS.getPublic()));

        MqttConnAckMessage answer = connect(
                MqttVersion.MQTT_3_1_1,
                "?x-amz-customauthorizer-name=signed&token=value&x-amz-customauthorizer-signature="
                        + URLEncoder.encode(HttpsPublishTest.sign("value", KEYS), StandardCharsets.UTF_8),
                null);

        assertThat(answer.variableHeader().connectReturnCode()).isEqualTo(MqttConnectReturnCode.CONNECTION_ACCEPTED);
        assertThat(aws.connectionsOf("custom")).last().satisfies(connection -> {
            assertThat(connection.principal().authentication()).isEqualTo(Authentication.CUSTOM);
            assertThat(connection.applicationProtocols()).containsExactly("mqtt");
            assertThat(connection.userName()).contains("");
        });
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1, CONNECTION_REFUSED_NOT_AUTHORIZED", "MQTT_5, CONNECTION_REFUSED_NOT_AUTHORIZED_5"})
    void refusesAWrongPassword(MqttVersion version, MqttConnectReturnCode code) throws Exception {
        aws.register(CustomAuthorizer.unsigned("password", "token").acceptPassword("user", "secret"));
        aws.defaultAuthorizer("password");

        assertThat(connect(version, "user", "secret").variableHeader().connectReturnCode())
                .isEqualTo(MqttConnectReturnCode.CONNECTION_ACCEPTED);
        assertThat(connect(version, "user", "guess").variableHeader().connectReturnCode())
                .isEqualTo(code);
        assertThat(connect(version, "user?x-amz-customauthorizer-name=unknown", "secret")
                        .variableHeader()
                        .connectReturnCode())
                .isEqualTo(code);
        assertThat(connect(version, "user?token=%", "secret").variableHeader().connectReturnCode())
                .isEqualTo(code);
    }

    private MqttConnAckMessage connect(MqttVersion version, String userName, String password) throws IOException {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate());
        try (MqttWire wire = new MqttWire(
                client.connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.endpoint(), "mqtt"))) {
            var connect = MqttWire.connect(version, "custom").username(userName);
            if (password != null) {
                connect.password(password.getBytes(StandardCharsets.UTF_8));
            }
            return wire.send(connect.build()).expect(MqttConnAckMessage.class, MqttMessageType.CONNACK);
        }
    }
}
