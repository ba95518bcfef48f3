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
package io.cameliot.awsiot.kamelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kamelets of the jar, used by YAML routes. */
class AwsIotDeviceKameletTest {

    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfi+YEXAMPLEKEY";
    private static final String PASSWORD = "p+ss & w?rd%=#1";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private static Path folder;

    private static CertificateFiles device;
    private static Path authority;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();

    @BeforeAll
    static void registerIdentities() {
        AwsIotEmulator aws = AWS.emulator();
        aws.register(IamCredentials.permanent(ACCESS_KEY, SECRET_KEY));
        aws.register(CustomAuthorizer.unsigned("login", "token").acceptPassword("user", PASSWORD));
        device = aws.issueDevice("device").writeTo(folder, "device");
        authority = aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    /** One of each authentication, with secrets that hold what means something in a URI. */
    enum Identity {
        X509(GatewayPort.MQTT_8883) {
            @Override
            Map<String, String> parameters() {
                return Map.of(
                        "certificateFile", "file:" + device.certificate(),
                        "privateKeyFile", "file:" + device.privateKey());
            }
        },
        SIGV4(GatewayPort.MULTIPLEXED_443) {
            @Override
            Map<String, String> parameters() {
                return Map.of(
                        "protocol",
                        "wss",
                        "authentication",
                        "sigv4",
                        "accessKey",
                        ACCESS_KEY,
                        "secretKey",
                        "RAW(" + SECRET_KEY + ")");
            }
        },
        CUSTOM(GatewayPort.MULTIPLEXED_443) {
            @Override
            Map<String, String> parameters() {
                return Map.of(
                        "authentication", "custom",
                        "authorizerName", "login",
                        "authorizerUsername", "user",
                        "authorizerPassword", "RAW(" + PASSWORD + ")");
            }
        };

        private final GatewayPort port;

        Identity(GatewayPort port) {
            this.port = port;
        }

        abstract Map<String, String> parameters();
    }

    @ParameterizedTest
    @EnumSource(Identity.class)
    void sinkPublishesWhatSourceReceives(Identity identity) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceived("23.5");
        received.expectedHeaderReceived("CamelAwsiotDeviceTopic", "factory/1/readings");
        source(parameters(identity, Map.of("topic", "factory/#", "clientId", "receiver")));
        sink(parameters(identity, Map.of("topic", "factory/1/readings", "clientId", "sender")));
        camel.start();

        camel.createProducerTemplate().sendBody("direct:publish", "23.5");

        received.assertIsSatisfied(10_000);
        assertThat(aws.receivedPublishes("factory/1/readings"))
                .last()
                .satisfies(publish -> assertThat(publish.clientId()).contains("sender"));
    }

    @Test
    void sinkPublishesOverHttps() throws Exception {
        Map<String, String> parameters =
                parameters(Identity.X509, Map.of("topic", "over/https", "protocol", "https", "qos", "0"));
        parameters.put("connectTo", aws.address(GatewayPort.HTTPS_8443));
        sink(parameters);
        camel.start();

        camel.createProducerTemplate().sendBody("direct:publish", "23.5");

        assertThat(aws.receivedPublishes("over/https"))
                .singleElement()
                .satisfies(publish -> assertThat(publish.payload()).isEqualTo("23.5".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void sourcesShareTheMessagesOfASharedSubscription() throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceivedInAnyOrder("1", "2", "3", "4");
        source(parameters(Identity.X509, Map.of("topic", "$share/readers/shared/#", "clientId", "reader-1")));
        source(parameters(Identity.X509, Map.of("topic", "$share/readers/shared/#", "clientId", "reader-2")));
        camel.start();

        for (int i = 1; i <= 4; i++) {
            aws.publish("shared/" + i, Integer.toString(i), 1);
        }

        received.assertIsSatisfied(10_000);
    }

    @Test
    void saysWhichRequiredPropertyIsMissing() throws Exception {
        source(Map.of("topic", "factory/#"));

        assertThatThrownBy(camel::start)
                .hasStackTraceContaining("the following mandatory parameters must be provided: endpoint");
    }

    private Map<String, String> parameters(Identity identity, Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(identity.parameters());
        all.put("endpoint", aws.endpoint());
        all.put("connectTo", aws.address(identity.port));
        all.put("caFile", "file:" + authority);
        all.putAll(parameters);
        return all;
    }

    private void source(Map<String, String> parameters) throws Exception {
        load(
                """
                - route:
                    from:
                      uri: kamelet:awsiot-device-source
                      parameters:
                %s
                      steps:
                        - convertBodyTo:
                            type: String
                        - to:
                            uri: mock:received
                """
                        .formatted(yaml(parameters)));
    }

    private void sink(Map<String, String> parameters) throws Exception {
        load(
                """
                - route:
                    from:
                      uri: direct:publish
                      steps:
                        - to:
                            uri: kamelet:awsiot-device-sink
                            parameters:
                %s
                """
                        .formatted(yaml(parameters)));
    }

    private void load(String routes) throws Exception {
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.fromString("routes-" + camel.getRoutesSize() + ".yaml", routes));
    }

    private static String yaml(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> " ".repeat(18) + parameter.getKey() + ": '" + parameter.getValue() + "'")
                .collect(Collectors.joining("\n"));
    }
}
