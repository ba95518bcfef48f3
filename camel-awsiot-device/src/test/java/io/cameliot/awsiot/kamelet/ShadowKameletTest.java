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
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kamelets for shadows, used by YAML routes. */
class ShadowKameletTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private static Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();
    private final String thing = "lamp-" + System.nanoTime();

    private CertificateFiles device;
    private Path authority;

    @BeforeEach
    void writeFiles() {
        device = aws.issueDevice("device").writeTo(folder, "device");
        authority = aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shadow", "shadow/name/config"})
    void sourceReceivesWhatTheShadowAsksForBeforeAndAfterItConnects(String shadow) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedMessageCount(2);
        received.setResultWaitTime(10_000);
        shadow(shadow).setDesired("{\"color\":\"blue\"}");
        load(
                """
                - route:
                    from:
                      uri: kamelet:awsiot-shadow-source
                      parameters:
                %s
                      steps:
                        - to:
                            uri: mock:received
                """,
                parameters(shadow, "mqtt", GatewayPort.MQTT_8883));
        await().until(() -> received.getReceivedCounter() == 1);

        shadow(shadow).setDesired("{\"color\":\"green\"}");

        received.assertIsSatisfied();
        assertThat(received.getReceivedExchanges())
                .extracting(exchange -> json(exchange).at("/state/color").asText())
                .containsExactly("blue", "green");
        assertThat(received.getReceivedExchanges())
                .extracting(exchange -> exchange.getMessage().getHeader("CamelAwsiotDeviceTopic"))
                .containsOnly("$aws/things/" + thing + "/" + shadow + "/update/delta");
    }

    @ParameterizedTest
    @CsvSource({
        "shadow, mqtt, MQTT_8883",
        "shadow/name/config, mqtt, MQTT_8883",
        "shadow, https, HTTPS_8443",
        "shadow/name/config, https, HTTPS_8443"
    })
    void sinkUpdatesTheShadowAndGoesOnWithTheAnswer(String shadow, String protocol, GatewayPort port) throws Exception {
        loadSink(shadow, protocol, port);

        Exchange updated = update("{\"state\":{\"reported\":{\"color\":\"blue\"}}}");

        assertThat(updated.getException()).isNull();
        assertThat(json(updated).get("version").asInt()).isEqualTo(1);
        assertThat(shadow(shadow).reported().get("color").asText()).isEqualTo("blue");
    }

    @Test
    void sinkFailsWhereTheUpdateIsRejected() throws Exception {
        loadSink("shadow", "mqtt", GatewayPort.MQTT_8883);

        Exchange rejected = update("{\"state\":{\"reported\":7}}");

        assertThat(rejected.getException(DeviceRequestRejectedException.class).getCode())
                .isEqualTo("400");
    }

    private ThingShadow shadow(String shadow) {
        return shadow.equals("shadow")
                ? aws.thing(thing).shadow()
                : aws.thing(thing).shadow(shadow.replace("shadow/name/", ""));
    }

    /** The sender's exchange is InOnly: the kamelet asks for the answer by itself. */
    private Exchange update(String body) {
        return camel.createProducerTemplate()
                .send("direct:update", exchange -> exchange.getIn().setBody(body));
    }

    private void loadSink(String shadow, String protocol, GatewayPort port) throws Exception {
        load(
                """
                - route:
                    from:
                      uri: direct:update
                      steps:
                        - to:
                            uri: kamelet:awsiot-shadow-sink
                            parameters:
                %s
                """,
                parameters(shadow, protocol, port));
    }

    private String parameters(String shadow, String protocol, GatewayPort port) {
        return """
                thingName: %s
                shadow: %s
                protocol: %s
                endpoint: %s
                connectTo: %s
                clientId: %s
                certificateFile: 'file:%s'
                privateKeyFile: 'file:%s'
                caFile: 'file:%s'
                """
                .formatted(
                        thing,
                        shadow,
                        protocol,
                        aws.endpoint(),
                        aws.address(port),
                        thing,
                        device.certificate(),
                        device.privateKey(),
                        authority)
                .indent(18)
                .stripTrailing();
    }

    private void load(String route, String parameters) throws Exception {
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.fromString("routes.yaml", route.formatted(parameters)));
        camel.start();
    }

    private static JsonNode json(Exchange exchange) {
        try {
            return new ObjectMapper().readTree(exchange.getMessage().getBody(byte[].class));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
