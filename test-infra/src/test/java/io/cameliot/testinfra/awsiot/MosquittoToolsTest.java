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
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Eclipse Mosquitto's command line clients; skipped if they are not installed (package mosquitto-clients). */
class MosquittoToolsTest {
    private static final String HOST = "localhost";
    private static final long TIMEOUT_SECONDS = 20;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(HOST));

    @TempDir
    Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final List<Process> started = new ArrayList<>();
    private CertificateFiles device;
    private Path authority;

    /**
     * A running or finished tool.
     *
     * @param output the file with its output
     */
    private record Tool(Process process, Path output) {}

    @BeforeAll
    static void findTools() {
        assumeTrue(tool("mosquitto_pub").isPresent() && tool("mosquitto_sub").isPresent(), "mosquitto-clients");
    }

    @BeforeEach
    void writeCertificates() {
        authority = aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
        device = aws.issueDevice("mosquitto").writeTo(folder, "device");
    }

    @AfterEach
    void endWhatWasStarted() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void exchangeEveryPropertyOfAMessage() throws Exception {
        Tool subscriber = start(
                "mosquitto_sub",
                "5",
                "mosquitto-sub",
                "-t",
                "mosquitto/+",
                "-q",
                "1",
                "-C",
                "1",
                "-F",
                "%t|%C|%R|%D|%F|%P|%p");
        awaitSubscription("mosquitto-sub", "mosquitto/+");

        Tool publisher = start(
                "mosquitto_pub",
                "5",
                "mosquitto-pub",
                "-t",
                "mosquitto/rich",
                "-q",
                "1",
                "-m",
                "hello",
                "-D",
                "publish",
                "content-type",
                "text/plain",
                "-D",
                "publish",
                "response-topic",
                "mosquitto-answers",
                "-D",
                "publish",
                "correlation-data",
                "id-1",
                "-D",
                "publish",
                "payload-format-indicator",
                "1",
                "-D",
                "publish",
                "message-expiry-interval",
                "60",
                "-D",
                "publish",
                "user-property",
                "b",
                "1",
                "-D",
                "publish",
                "user-property",
                "a",
                "2",
                "-D",
                "publish",
                "user-property",
                "b",
                "3");

        assertThat(output(publisher)).isEmpty();
        assertThat(output(subscriber))
                .isEqualTo("mosquitto/rich|text/plain|mosquitto-answers|id-1|1|b:1 a:2 b:3|hello\n");
        assertThat(aws.receivedPublishes("mosquitto/rich"))
                .extracting(ReceivedPublish::properties)
                .extracting(PublishProperties::messageExpirySeconds)
                .hasToString("[OptionalLong[60]]");
    }

    @Test
    void publishWithATopicAlias() throws Exception {
        Tool publisher = start(
                "mosquitto_pub",
                "5",
                "mosquitto-alias",
                "-t",
                "mosquitto/aliased",
                "-q",
                "1",
                "-m",
                "x",
                "--repeat",
                "3",
                "-D",
                "publish",
                "topic-alias",
                "5");

        assertThat(output(publisher)).isEmpty();
        assertThat(aws.receivedPublishes("mosquitto/aliased"))
                .hasSize(3)
                .allSatisfy(publish -> assertThat(publish.topicAlias()).hasValue(5));
    }

    @Test
    void exchangeMessagesBetweenMqttVersions() throws Exception {
        Tool older = start("mosquitto_sub", "311", "mosquitto-311", "-t", "mosquitto/cross", "-q", "1", "-C", "1");
        awaitSubscription("mosquitto-311", "mosquitto/cross");

        output(start(
                "mosquitto_pub",
                "5",
                "mosquitto-cross",
                "-t",
                "mosquitto/cross",
                "-q",
                "1",
                "-m",
                "hello",
                "-D",
                "publish",
                "content-type",
                "text/plain"));

        assertThat(output(older)).isEqualTo("hello\n");
    }

    @Test
    void printTheReasonOfARefusedMessage() throws Exception {
        aws.faults().inject(new Fault.RefusePublish(0x97));

        assertThat(output(start(
                        "mosquitto_pub", "5", "mosquitto-refused", "-t", "mosquitto/refused", "-q", "1", "-m", "x")))
                .contains("Quota exceeded");
    }

    @Test
    void printThatSubscriptionIdentifiersAreNotSupported() throws Exception {
        Tool subscriber = start(
                "mosquitto_sub",
                "5",
                "mosquitto-identifier",
                "-d",
                "-t",
                "mosquitto/a",
                "-q",
                "1",
                "-C",
                "1",
                "-D",
                "subscribe",
                "subscription-identifier",
                "1");

        await().atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(subscriber.output()).content().contains("(161)"));
    }

    private void awaitSubscription(String clientId, String filter) {
        await().atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS).until(() -> aws.connectionsOf(clientId).stream()
                .anyMatch(connection -> connection.topicFilters().contains(filter)));
    }

    private Tool start(String tool, String version, String clientId, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                tool(tool).orElseThrow().toString(),
                "-V",
                version,
                "-i",
                clientId,
                "-h",
                HOST,
                "-p",
                Integer.toString(aws.port(GatewayPort.MQTT_8883)),
                "--cafile",
                authority.toString(),
                "--cert",
                device.certificate().toString(),
                "--key",
                device.privateKey().toString()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(clientId).toFile())
                .start();
        started.add(process);
        return new Tool(process, folder.resolve(clientId));
    }

    private static String output(Tool tool) throws IOException, InterruptedException {
        assertThat(tool.process().waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .as("the tool ends")
                .isTrue();
        return Files.readString(tool.output());
    }

    private static Optional<Path> tool(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
