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
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A running device takes up a certificate and key that were put in the place of its own. */
@Timeout(90)
class CertificateRenewalTest {

    private static final int MESSAGES = 2_000;
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration LONG_DELAY = Duration.ofMinutes(2);

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = DeviceContext.withJmx(AWS);

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final String clientId = "sensor-" + TESTS.incrementAndGet();
    private DeviceFiles files;

    @BeforeEach
    void writeFiles() {
        files = DeviceFiles.write(folder, aws.issueDevice("sensor"), aws.serverAuthority());
    }

    @Test
    void connectsWithTheFilesAsTheyAreAtEachConnection() throws Exception {
        start(mqtt("&reconnectMinDelay=50ms&reconnectMaxDelay=100ms"));
        X509Certificate renewed = replaceFiles();

        aws.disconnect(clientId);

        await().untilAsserted(() -> assertThat(certificateIds()).hasSize(2).endsWith(id(renewed)));
    }

    @ParameterizedTest
    @CsvSource({"5,none", "5,memory", "3.1.1,none", "3.1.1,memory"})
    void losesNoMessageWhenARouteAsksForANewConnection(String version, String outbox) throws Exception {
        Set<String> received = ConcurrentHashMap.newKeySet();
        String session = "&cleanSession=false&willTopic=will&willPayload=gone&mqttVersion=" + version;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(mqtt(session))
                        .process(exchange -> received.add(exchange.getMessage().getBody(String.class)));
            }
        });
        start(mqtt(session + "&outbox=" + outbox));

        List<CompletableFuture<Exchange>> sent = new ArrayList<>();
        IntStream.range(0, MESSAGES / 2).forEach(i -> sent.add(publish(i)));
        X509Certificate renewed = replaceFiles();
        CompletableFuture<Exchange> reconnect = reconnect();
        IntStream.range(MESSAGES / 2, MESSAGES).forEach(i -> sent.add(publish(i)));

        assertThat(reconnect.get(30, TimeUnit.SECONDS).getException()).isNull();
        for (CompletableFuture<Exchange> exchange : sent) {
            assertThat(exchange.get(30, TimeUnit.SECONDS).getException()).isNull();
        }
        await().untilAsserted(
                        () -> assertThat(texts(aws.receivedPublishes("a"))).hasSize(MESSAGES));
        await().untilAsserted(() -> assertThat(received).hasSize(MESSAGES));
        assertThat(certificateIds()).hasSize(2).endsWith(id(renewed));
        assertThat(aws.connectionsOf(clientId).get(0).disconnect())
                .as("DISCONNECT of the first connection, without which the last will is published")
                .isPresent();
        assertThat(aws.connectionsOf(clientId).get(1).sessionPresent()).isTrue();
    }

    /** What the server has not acknowledged at that moment is sent again, marked. */
    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void sendsAgainWhatWasOnItsWay(String version) throws Exception {
        aws.faults().inject(new Fault.Withhold(Fault.Answer.PUBACK));
        start(mqtt("&mqttVersion=" + version));
        CompletableFuture<Exchange> sent = publish(1);
        await().until(() -> aws.receivedPublishes("a").size() == 1);

        assertThat(reconnect().get(20, TimeUnit.SECONDS).getException()).isNull();

        assertThat(sent.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(aws.receivedPublishes("a"))
                .extracting(published -> published.packet().duplicate())
                .containsExactly(false, true);
    }

    @Test
    void leavesTheConnectionAsItIsWhereTheFilesDoNotFitTogether() throws Exception {
        start(mqtt(""));
        Files.writeString(files.certificate(), aws.issueDevice("sensor").chainPem());

        Exchange asked = reconnect().get(20, TimeUnit.SECONDS);

        assertThat(asked.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("privateKeyFile");
        assertThat(publish(1).get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(aws.connectionsOf(clientId)).singleElement().matches(ConnectionInfo::isOpen);
    }

    @Test
    void saysThatTheServerDoesNotAcceptTheNewCertificateAndTakesTheNextOne() throws Exception {
        start(mqtt("&reconnectMinDelay=50ms&reconnectMaxDelay=100ms"));
        write(TestCertificateAuthority.create("unknown").issueDevice("sensor"));

        assertThat(reconnect().get(20, TimeUnit.SECONDS).getException()).isInstanceOf(IOException.class);
        X509Certificate good = replaceFiles();

        await().untilAsserted(() -> assertThat(certificateIds()).endsWith(id(good)));
        assertThat(publish(1).get(20, TimeUnit.SECONDS).getException()).isNull();
    }

    @Test
    void cutsShortTheDelayBeforeAReconnect() throws Exception {
        start(mqtt("&reconnectMinDelay=" + LONG_DELAY.toSeconds() + "s&reconnectMaxDelay=" + LONG_DELAY.toSeconds()
                + "s"));
        aws.disconnect(clientId);
        await().until(() -> connection().getConnectionState().equals("WAITING"));

        assertThat(reconnect().get(20, TimeUnit.SECONDS).getException()).isNull();
    }

    @Test
    void isAskedForByJmx() throws Exception {
        start(mqtt(""));
        X509Certificate renewed = replaceFiles();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = server.queryNames(
                        new ObjectName("org.apache.camel:context=" + camel.getManagementName()
                                + ",type=services,name=AwsIotDeviceConnectionView*"),
                        null)
                .iterator()
                .next();

        server.invoke(name, "reconnect", null, null);

        assertThat(certificateIds()).hasSize(2).endsWith(id(renewed));
        assertThat(server.getAttribute(name, "Reconnects")).isEqualTo(1L);
    }

    @Test
    void usesNewConnectionsForHttps() throws Exception {
        start("awsiot-device:a?endpoint=" + aws.endpoint() + "&connectTo=" + aws.address(GatewayPort.HTTPS_8443)
                + "&protocol=https&" + files.options());
        IssuedCertificate first = write(aws.issueDevice("sensor"));
        assertThat(publish(1).get(20, TimeUnit.SECONDS).getException()).isNull();
        replaceFiles();
        aws.deactivate(first.certificate());

        assertThat(reconnect().get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(publish(2).get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(aws.receivedRequests())
                .filteredOn(request -> request.path().equals("/topics/a") && request.status() == 200)
                .extracting(ReceivedRequest::connectionId)
                .doesNotHaveDuplicates();
    }

    @Test
    void publishesToTheTopicOfTheNextEndpointAfterAReconnectByADynamicUri() throws Exception {
        String options = mqtt("").substring(mqtt("").indexOf('?'));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:renew")
                        .setHeader(AwsIotDeviceConstants.RECONNECT, constant(true))
                        .toD("awsiot-device:renewed/${header.device}" + options)
                        .to("awsiot-device:renewals" + options);
            }
        });
        camel.start();

        Exchange sent = AsyncSender.send(
                        camel, "direct:renew", exchange -> exchange.getIn().setHeader("device", "1"))
                .get(20, TimeUnit.SECONDS);

        assertThat(sent.getException()).isNull();
        assertThat(aws.connectionsOf(clientId)).hasSize(2);
        assertThat(aws.receivedPublishes("renewals")).hasSize(1);
        assertThat(aws.receivedPublishes("renewed/1")).isEmpty();
    }

    @Test
    void publishesWhereTheHeaderIsFalseAndRemovesTheHeader() throws Exception {
        start(mqtt(""));

        Exchange sent = send(exchange -> {
                    exchange.getIn().setBody("1");
                    exchange.getIn().setHeader(AwsIotDeviceConstants.RECONNECT, "false");
                })
                .get(20, TimeUnit.SECONDS);

        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeaders()).doesNotContainKey(AwsIotDeviceConstants.RECONNECT);
        assertThat(aws.receivedPublishes("a")).hasSize(1);
        assertThat(aws.connectionsOf(clientId)).hasSize(1);
    }

    private static Set<String> texts(List<ReceivedPublish> published) {
        return published.stream()
                .map(message -> new String(message.payload(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private List<String> certificateIds() {
        return aws.connectionsOf(clientId).stream()
                .map(connection -> connection.principal().identifier())
                .toList();
    }

    private static String id(X509Certificate certificate) {
        return DeviceCertificates.certificateId(certificate);
    }

    private X509Certificate replaceFiles() throws IOException {
        return write(aws.issueDevice("sensor")).certificate();
    }

    private IssuedCertificate write(IssuedCertificate issued) throws IOException {
        Files.writeString(files.certificate(), issued.chainPem());
        Files.writeString(files.privateKey(), issued.privateKeyPem(KeyFormat.PKCS8));
        return issued;
    }

    private String mqtt(String options) {
        return "awsiot-device:a?endpoint=" + aws.endpoint() + "&connectTo=" + aws.address(GatewayPort.MQTT_8883)
                + "&clientId=" + clientId + "&" + files.options() + options;
    }

    private AwsIotDeviceConnectionView connection() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }

    private void start(String uri) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to(uri);
            }
        });
        camel.start();
    }

    private CompletableFuture<Exchange> publish(int number) {
        return send(exchange -> exchange.getIn().setBody(String.valueOf(number)));
    }

    private CompletableFuture<Exchange> reconnect() {
        return send(exchange -> exchange.getIn().setHeader(AwsIotDeviceConstants.RECONNECT, true));
    }

    private CompletableFuture<Exchange> send(Processor message) {
        return AsyncSender.send(camel, "direct:publish", message);
    }
}
