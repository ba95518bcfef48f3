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

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.testing.JmxText;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.log.CapturedLog;
import io.cameliot.testinfra.pki.KeyType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keys and ownership tokens stand in the files of the device and nowhere else. The hook of the template looks at them
 * while a provisioning is under way.
 */
class ProvisioningSecretsTest extends ProvisioningTestSupport {

    private static final Set<String> HEADERS = Set.of(
            AwsIotProvisioningConstants.THING_NAME,
            AwsIotProvisioningConstants.CERTIFICATE_ID,
            AwsIotProvisioningConstants.CERTIFICATE_FILE,
            AwsIotProvisioningConstants.PRIVATE_KEY_FILE);

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final Queue<String> shown = new ConcurrentLinkedQueue<>();

    ProvisioningSecretsTest() {
        super(new DefaultCamelContext(), KeyType.RSA);
    }

    @ParameterizedTest
    @EnumSource(KeyGeneration.class)
    void areShownNowhereDuringAndAfterAProvisioning(KeyGeneration where) throws Exception {
        lookOnAndDecide(Decision.allow());
        try (CapturedLog log = traced()) {
            start(provisioning("&keyGeneration=" + where), consuming("&keyGeneration=" + where));
            Exchange exchange = send(serial("17"), Map.of());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> camel.getEndpoint("mock:provisioned", MockEndpoint.class)
                                    .getReceivedCounter()
                            == 1);

            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeaders().keySet())
                    .as("headers")
                    .containsExactlyInAnyOrderElementsOf(HEADERS);
            shown.add(exchange.getMessage().getHeaders().toString());
            shown.add(exchange.getMessage().getBody(String.class));
            shown.add(exchange.getMessage()
                    .getBody(DeviceProvisioningResult.class)
                    .toString());
            shown.addAll(JmxText.of(camel));
            shown.add(log.text());
        }

        assertThat(secrets).as("two tokens, two keys, the claim's key").hasSizeGreaterThanOrEqualTo(8);
        assertThat(shown)
                .as("the log")
                .anyMatch(text -> text.contains("REGISTER leads to RECORD"))
                .as("JMX during the provisioning")
                .anyMatch(text -> text.startsWith("ActiveProvisionings="))
                .anyMatch(text -> text.contains("()="));
        assertShowsNoSecret();
        try (Stream<Path> files = Files.walk(identity)) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("the token is deleted with the provisioning")
                    .noneMatch(file -> text(file).contains("certificateOwnershipToken"));
        }
    }

    @ParameterizedTest
    @EnumSource(KeyGeneration.class)
    void areShownNowhereWhenAProvisioningFails(KeyGeneration where) throws Exception {
        lookOnAndDecide(Decision.deny());
        try (CapturedLog log = traced()) {
            start(provisioning("&keyGeneration=" + where));
            StringWriter failure = new StringWriter();
            refused(serial("17")).printStackTrace(new PrintWriter(failure));

            shown.add(failure.toString());
            shown.addAll(JmxText.of(camel));
            shown.add(log.text());
        }

        assertThat(secrets).as("a token, a key, the claim's key").hasSizeGreaterThanOrEqualTo(5);
        assertThat(shown).anyMatch(text -> text.contains("403 AccessDenied"));
        assertShowsNoSecret();
    }

    private void assertShowsNoSecret() {
        for (String secret : secrets) {
            assertThat(shown).noneMatch(text -> text.contains(secret));
        }
        assertThat(shown).noneMatch(text -> text.contains("PRIVATE KEY---"));
    }

    /** All that Camel, Netty and the component log of their own accord, and what Camel logs of an exchange when asked. */
    private CapturedLog traced() {
        camel.setTracing(true);
        camel.setMessageHistory(true);
        return CapturedLog.at(Map.of("io.cameliot", "trace", "io.netty", "trace", "org.apache.camel", "trace"));
    }

    private void lookOnAndDecide(Decision decision) {
        addKey(folder.resolve("claim.key.pem"));
        aws.provisioning()
                .createTemplate(template.withHookTimeout(Duration.ofSeconds(60)).withHook(request -> {
                    for (Path directory : List.of(identity, identity.resolve("consumer"))) {
                        Path description = directory.resolve("pending-identity.json");
                        if (Files.exists(description)) {
                            secrets.add(new ObjectMapper()
                                    .readTree(text(description))
                                    .path("certificateOwnershipToken")
                                    .asText());
                            addKey(directory.resolve("pending-private-key.pem"));
                        }
                    }
                    shown.addAll(JmxText.of(camel));
                    return decision;
                }));
    }

    /** The lines of a key: a part of it is a secret, too. */
    private void addKey(Path pem) {
        text(pem)
                .lines()
                .filter(line -> !line.startsWith("-----") && line.length() > 20)
                .forEach(secrets::add);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RouteBuilder consuming(String options) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("&parameter.SerialNumber=18" + options)
                                .replace(
                                        "identityDirectory=" + identity,
                                        "identityDirectory=" + identity.resolve("consumer")))
                        .to("mock:provisioned");
            }
        };
    }
}
