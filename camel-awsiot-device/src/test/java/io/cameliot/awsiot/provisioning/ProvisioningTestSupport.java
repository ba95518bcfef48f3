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
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** An account with a template and a claim, and a Camel context that provisions devices by them. */
abstract class ProvisioningTestSupport {

    static final String PROVISION = "direct:provision";

    @TempDir
    Path folder;

    final AwsIotEmulator aws;
    final ProvisioningTemplate template = ProvisioningTemplate.named("factory")
            .withThingName(parameters -> "sensor-" + parameters.get("SerialNumber"))
            .withDeviceConfiguration(Map.of("interval", "10s"));
    final CamelContext camel;
    final ProducerTemplate producer;
    final Queue<Exception> refusals = new ConcurrentLinkedQueue<>();
    Path identity;

    ProvisioningTestSupport() {
        this(Contexts.withoutJmx(), KeyType.EC);
    }

    /**
     * A test with a context or keys of its own.
     *
     * @param createdKeys the type of the keys that the service generates: RSA as in AWS, or EC where the type does not
     *     matter, because generating an RSA key takes half a second
     */
    ProvisioningTestSupport(CamelContext camel, KeyType createdKeys) {
        this.camel = camel;
        aws = AwsIotEmulator.builder().createdKeys(createdKeys).build();
        producer = camel.createProducerTemplate();
    }

    @BeforeEach
    void startAccount() {
        identity = folder.resolve("identity");
        aws.provisioning().createTemplate(template);
        aws.start();
        useClaim(aws.provisioning().issueClaim(template));
    }

    @AfterEach
    void showsWhatItsRowSays(TestInfo test) {
        Optional.ofNullable(test.getTestMethod().orElseThrow().getAnnotation(Shows.class))
                .ifPresent(row -> assertThat(refusals).anySatisfy(refusal -> assertThat(refusal)
                        .hasMessageMatching(
                                "(?s).*" + Pattern.quote(row.value()).replace("…", "\\E.*\\Q") + ".*")));
    }

    void useClaim(IssuedCertificate claim) {
        claim.writeTo(folder, "claim");
        aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
    }

    @AfterEach
    void stopAll() {
        camel.stop();
        aws.close();
        await("threads of the component").until(ProvisioningTestSupport::threads, Set::isEmpty);
    }

    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("AwsIot") || name.startsWith("MQTT "))
                .collect(Collectors.toSet());
    }

    /** The options of a connection, without identity. */
    String connection() {
        return "endpoint=" + aws.endpoint() + "&connectTo=" + aws.address(GatewayPort.MQTT_8883) + "&caFile="
                + folder.resolve("ca.pem");
    }

    String uri(String options) {
        return "awsiot-provisioning:factory?" + connection() + "&certificateFile=" + folder.resolve("claim.cert.pem")
                + "&privateKeyFile=" + folder.resolve("claim.key.pem") + "&identityDirectory=" + identity
                + "&retryMinDelay=50ms&retryMaxDelay=200ms" + options;
    }

    String telemetry(DeviceProvisioningResult result) {
        return "awsiot-device:readings?" + connection() + "&clientId=" + result.getThingName() + "&certificateFile="
                + result.getCertificateFile() + "&privateKeyFile=" + result.getPrivateKeyFile();
    }

    void start(RoutesBuilder... routes) throws Exception {
        for (RoutesBuilder route : routes) {
            camel.addRoutes(route);
        }
        camel.start();
    }

    RoutesBuilder provisioning(String options) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(PROVISION).routeId("provisioning").to(uri(options));
            }
        };
    }

    DeviceProvisioningResult provision(Object body, Map<String, Object> headers) {
        Exchange exchange = send(body, headers);
        if (exchange.getException() != null) {
            throw new AssertionError("Not provisioned", exchange.getException());
        }
        return exchange.getMessage().getBody(DeviceProvisioningResult.class);
    }

    DeviceProvisioningException refused(Object body) {
        return (DeviceProvisioningException) send(body, Map.of()).getException();
    }

    Exchange send(Object body, Map<String, Object> headers) {
        Exchange sent = producer.send(PROVISION, ExchangePattern.InOut, exchange -> {
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
        });
        return noted(sent);
    }

    CompletableFuture<Exchange> sendAsync(Object body) {
        return producer.asyncSend(PROVISION, exchange -> exchange.getMessage().setBody(body))
                .thenApply(this::noted);
    }

    private Exchange noted(Exchange sent) {
        Optional.ofNullable(sent.getException()).ifPresent(refusals::add);
        return sent;
    }

    static Map<String, String> serial(String number) {
        return Map.of(ProvisioningTemplate.SERIAL_NUMBER, number);
    }

    List<String> thingNames() {
        return aws.provisioning().things().stream().map(thing -> thing.name()).toList();
    }
}
