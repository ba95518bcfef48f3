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
package io.cameliot.awsiot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.provisioning.CertificateState;
import io.cameliot.testinfra.awsiot.provisioning.ProvisionedThing;
import io.cameliot.testinfra.pki.KeyType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisioningRouteTest extends ProvisioningTestSupport {

    ProvisioningRouteTest() {
        super(Contexts.withoutJmx(), KeyType.RSA);
    }

    @ParameterizedTest
    @CsvSource({"keyGeneration=device,EC", "keyAlgorithm=RSA,RSA", "keyGeneration=service,RSA"})
    void provisionsADeviceThatThenPublishes(String options, String algorithm) throws Exception {
        start(provisioning("&" + options));

        DeviceProvisioningResult result = provision(serial("17"), Map.of());

        assertThat(result.getThingName()).isEqualTo("sensor-17");
        assertThat(result.getDeviceConfiguration()).containsExactly(Map.entry("interval", "10s"));
        assertThat(aws.provisioning().things())
                .extracting(ProvisionedThing::certificateId)
                .containsExactly(result.getCertificateId());
        assertThat(aws.provisioning().certificates().orphans()).isEmpty();
        assertThat(certificate(result).getPublicKey())
                .isInstanceOf(algorithm.equals("EC") ? ECPublicKey.class : RSAPublicKey.class);
        producer.sendBody(telemetry(result), "21.5");
        assertThat(aws.receivedPublishes("readings")).hasSize(1);
    }

    @Test
    void putsTheResultIntoBodyAndHeaders() throws Exception {
        start(provisioning(""));

        Exchange exchange = send("{\"SerialNumber\": 17, \"Site\": \"north\"}", Map.of());

        assertThat(aws.provisioning().things().get(0).parameters())
                .containsOnly(Map.entry("SerialNumber", "17"), Map.entry("Site", "north"));
        DeviceProvisioningResult result = exchange.getMessage().getBody(DeviceProvisioningResult.class);
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(AwsIotProvisioningConstants.THING_NAME, "sensor-17")
                .containsEntry(AwsIotProvisioningConstants.CERTIFICATE_ID, result.getCertificateId())
                .containsEntry(AwsIotProvisioningConstants.CERTIFICATE_FILE, identity.resolve("certificate.pem") + "")
                .containsEntry(AwsIotProvisioningConstants.PRIVATE_KEY_FILE, identity.resolve("private-key.pem") + "");
        assertThat(exchange.getMessage().getBody(Map.class))
                .containsEntry("thingName", "sensor-17")
                .containsEntry("deviceConfiguration", Map.of("interval", "10s"));
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(exchange.getMessage().getBody(String.class)))
                .isEqualTo(json.readTree(exchange.getMessage().getBody(byte[].class)))
                .isEqualTo(json.valueToTree(result));
    }

    @ParameterizedTest
    @CsvSource({"'', sensor-18", "'{\"SerialNumber\": \"19\"}', sensor-19"})
    void namesTheDeviceByTheHeaderUnlessTheBodyDoes(String body, String thingName) throws Exception {
        start(provisioning("&parameter.SerialNumber=gateway-1"));

        DeviceProvisioningResult result = provision(body, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, "18"));

        assertThat(result.getThingName()).isEqualTo(thingName);
    }

    @Test
    void takesAnIdentityThatIsThereWithoutAWord() throws Exception {
        start(provisioning(""));
        DeviceProvisioningResult first = provision(serial("17"), Map.of());
        Files.delete(folder.resolve("claim.key.pem"));
        int connects = aws.receivedConnects().size();

        DeviceProvisioningResult second = provision(serial("17"), Map.of());

        assertThat(second.toMap()).isEqualTo(first.toMap());
        assertThat(aws.receivedConnects()).hasSize(connects);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void provisionsAnewWhenAskedTo(boolean byHeader) throws Exception {
        start(provisioning(byHeader ? "" : "&reprovision=true"));
        DeviceProvisioningResult first = provision(serial("17"), Map.of());

        DeviceProvisioningResult second =
                provision(serial("17"), byHeader ? Map.of(AwsIotProvisioningConstants.REPROVISION, true) : Map.of());

        assertThat(second.getCertificateId()).isNotEqualTo(first.getCertificateId());
        assertThat(certificate(second)).isNotNull();
        producer.sendBody(telemetry(second), "21.5");
        assertThat(aws.receivedPublishes("readings")).hasSize(1);
    }

    @Test
    void provisionsWhenTheRouteStartsAndOnlyOnce() throws Exception {
        start(consuming("&parameter.SerialNumber=17"));

        MockEndpoint provisioned = camel.getEndpoint("mock:provisioned", MockEndpoint.class);
        await().until(() -> provisioned.getReceivedCounter() == 1);
        assertThat(thingNames()).containsExactly("sensor-17");

        int connects = aws.receivedConnects().size();
        camel.getRouteController().stopRoute("consuming");
        camel.getRouteController().startRoute("consuming");
        await().until(() -> provisioned.getReceivedCounter() == 2);
        assertThat(aws.receivedConnects()).as("the second start sends nothing").hasSize(connects);
    }

    @Test
    void triesAgainWhenTheRouteCouldNotProvision() throws Exception {
        aws.provisioning().deleteTemplate("factory");
        start(consuming("&parameter.SerialNumber=17&bridgeErrorHandler=true"));
        await().until(() -> aws.provisioning().certificates().orphans().size() == 1);

        aws.provisioning().createTemplate(template);

        MockEndpoint provisioned = camel.getEndpoint("mock:provisioned", MockEndpoint.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> provisioned.getExchanges().stream()
                .anyMatch(exchange -> exchange.getMessage().getBody() instanceof DeviceProvisioningResult));
        assertThat(aws.provisioning().certificates().orphans())
                .as("the certificate of the first attempt is used")
                .isEmpty();
    }

    /** The answer to the registration is lost after it has taken effect. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triesTheNewCertificateWhenTheAnswerIsLost(boolean withConnection) throws Exception {
        String topic = "$aws/provisioning-templates/factory/provision/json";
        aws.faults()
                .inject(
                        withConnection
                                ? new Fault.DropAfterRequest(topic)
                                : new Fault.WithholdMessage(topic + "/accepted"));
        start(provisioning("&requestTimeout=2s"));

        DeviceProvisioningResult result = provision(serial("17"), Map.of());

        assertThat(thingNames()).containsExactly("sensor-17");
        assertThat(aws.provisioning().certificates().orphans()).isEmpty();
        assertThat(aws.provisioning()
                        .certificates()
                        .find(result.getCertificateId())
                        .orElseThrow()
                        .state())
                .isEqualTo(CertificateState.ACTIVE);
    }

    @Test
    void leavesOneOrphanWhenTheAnswerWithTheCertificateIsLost() throws Exception {
        aws.faults().inject(new Fault.DropAfterRequest("$aws/certificates/create-from-csr/json"));
        start(provisioning(""));

        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");

        assertThat(aws.provisioning().certificates().orphans()).hasSize(1);
    }

    @Test
    void asksForAnotherCertificateWhenTheTokenHasExpired() throws Exception {
        aws.provisioning().deleteTemplate("factory");
        start(provisioning(""));
        assertThat(refused(serial("17")).getStatus()).isEqualTo(404);
        aws.provisioning().createTemplate(template);
        aws.advanceClock(Duration.ofHours(1));

        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");

        assertThat(aws.provisioning().certificates().orphans())
                .extracting(orphan -> orphan.state())
                .containsExactly(CertificateState.EXPIRED);
    }

    @Test
    @Shows("Cancelled, because the route is stopped")
    void endsAtOnceWhenTheRouteStops() throws Exception {
        aws.faults().inject(new Fault.WithholdMessage("$aws/certificates/create-from-csr/json/accepted"));
        start(provisioning(""));
        var waiting = sendAsync(serial("17"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !aws.provisioning().certificates().orphans().isEmpty());

        camel.getRouteController().stopRoute("provisioning");

        assertThat(waiting.get().getException(DeviceProvisioningException.class))
                .satisfies(refused -> assertThat(refused.isRetryable()).isTrue())
                .hasMessageContaining("stopped")
                .hasCauseInstanceOf(CancellationException.class);
        await().untilAsserted(() -> assertThat(aws.connections()).isEmpty());
    }

    @Test
    void provisionsNoFurtherDeviceOfAMessageWhenTheRouteStops() throws Exception {
        List<String> devices = IntStream.range(0, 20).mapToObj(String::valueOf).toList();
        devices.forEach(device ->
                aws.faults().inject(new Fault.WithholdMessage("$aws/certificates/create-from-csr/json/accepted")));
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from(PROVISION)
                        .routeId("fleet")
                        .split(body())
                        .setHeader(AwsIotProvisioningConstants.SERIAL_NUMBER, body())
                        .setBody(constant(""))
                        .to(uri(""));
            }
        });
        var fleet = sendAsync(devices);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !aws.provisioning().certificates().orphans().isEmpty());

        camel.getRouteController().stopRoute("fleet");

        assertThat(fleet.get().getException())
                .hasStackTraceContaining("the route is stopped")
                .hasRootCauseInstanceOf(CancellationException.class);
        assertThat(aws.receivedConnects()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "awsiot-provisioning:a b?endpoint=x.test&identityDirectory=i | name of the provisioning template",
                "awsiot-provisioning:t?identityDirectory=i | endpoint",
                "awsiot-provisioning:t?endpoint=x.test | identityDirectory",
                "awsiot-provisioning:t?endpoint=x.test&identityDirectory= | Option identityDirectory is missing",
                "awsiot-provisioning:../t?endpoint=x.test&identityDirectory=i | name of the provisioning template",
                "awsiot-provisioning:t?endpoint=x.test&identityDirectory=i | claim certificate",
                "awsiot-provisioning:t?endpoint=x.test&identityDirectory=i&port=99 | port",
                "awsiot-provisioning:t?endpoint=x.test&identityDirectory=i&keyAlgorithm=DSA | keyAlgorithm",
                "awsiot-provisioning:t?endpoint=x.test&identityDirectory=i&maxConcurrentProvisionings=0 | maxConcurrentProvisionings",
                "awsiot-provisioning:t?endpoint=x.test&identityDirectory=i&clientId=$x | clientId"
            })
    void refusesABadOptionWhereTheUriStands(String uri, String named) {
        assertThatThrownBy(() -> camel.getEndpoint(uri)).hasStackTraceContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "no JSON", "{\"a\":{\"b\":1}}", "{\"a\":null}"})
    void refusesABodyThatHoldsNoParameters(String body) throws Exception {
        start(provisioning(""));

        assertThat(send(body, Map.of()).getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(aws.receivedConnects()).isEmpty();
    }

    @Test
    void refusesASerialNumberThatIsAnotherPath() throws Exception {
        start(provisioning(""));

        assertThat(send(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, "../../etc"))
                        .getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(AwsIotProvisioningConstants.SERIAL_NUMBER);
    }

    @Test
    void refusesAHeaderThatIsNeitherTrueNorFalse() throws Exception {
        start(provisioning(""));

        assertThat(send(serial("17"), Map.of(AwsIotProvisioningConstants.REPROVISION, "yes"))
                        .getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Header CamelAwsiotProvisioningReprovision=yes of type java.lang.String is not true or false");
        assertThat(thingNames()).isEmpty();
    }

    @Test
    void refusesASerialNumberThatMakesTheClientIdTooLong() throws Exception {
        start(provisioning("&clientId=" + "c".repeat(100)));

        assertThat(send(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, "1".repeat(28)))
                        .getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clientId");
        assertThat(provision(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, "1".repeat(27)))
                        .getThingName())
                .endsWith("1");
    }

    /** Camel would decode what stands after file: in an option. */
    @Test
    void keepsTheIdentityInADirectoryOfAnyName() throws Exception {
        identity = folder.resolve("a b%20c+d#\u00fc/e");
        camel.getComponent("awsiot-provisioning", AwsIotProvisioningComponent.class)
                .getConfiguration()
                .setIdentityDirectory(identity.toString());
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from(PROVISION).to(uri("").replace("&identityDirectory=" + identity, ""));
            }
        });

        assertThat(Path.of(provision(serial("17"), Map.of()).getCertificateFile()))
                .isEqualTo(identity.resolve("certificate.pem"))
                .isRegularFile();
        assertThat(identity.resolve("private-key.pem")).isRegularFile();
    }

    private RoutesBuilder consuming(String options) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(options)).routeId("consuming").to("mock:provisioned");
            }
        };
    }

    private static X509Certificate certificate(DeviceProvisioningResult result) throws Exception {
        byte[] pem = Files.readString(Path.of(result.getCertificateFile())).getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }
}
