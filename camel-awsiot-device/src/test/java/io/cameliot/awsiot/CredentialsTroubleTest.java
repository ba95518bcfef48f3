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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Whatever a credentials provider does, an exchange ends, in time and with the reason. */
@Timeout(60)
class CredentialsTroubleTest {

    private static final AwsBasicCredentials GOOD =
            AwsBasicCredentials.create("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final DeviceFiles files = device.files();

    @BeforeAll
    static void registerCredentials() {
        AWS.emulator().register(IamCredentials.permanent(GOOD.accessKeyId(), GOOD.secretAccessKey()));
    }

    static Stream<Throwable> troubles() {
        return Stream.of(
                new NoClassDefFoundError("com/example/Missing"),
                new StackOverflowError(),
                new AssertionError("broken provider"),
                new IllegalStateException("no session"),
                new NullPointerException());
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void failsAnHttpsPublishAtItsFirstTry(Throwable trouble) throws Exception {
        start("https", () -> raise(trouble));

        assertThat(publish().getException())
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("No AWS credentials from option credentialsProvider: ")
                .hasRootCause(trouble);
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void failsAnHttpsPublishAtALaterTry(Throwable trouble) throws Exception {
        aws.faults().inject(new Fault.AnswerHttp(503, Map.of(), "{\"message\":\"later\"}"));
        Iterator<Supplier<AwsCredentials>> tries = List.<Supplier<AwsCredentials>>of(() -> GOOD, () -> raise(trouble))
                .iterator();
        start("https", () -> tries.next().get());

        assertThat(publish().getException())
                .isInstanceOf(PublishException.class)
                .hasRootCause(trouble);
        assertThat(tries).isExhausted();
    }

    @Test
    void failsAnHttpsPublishInTimeWhileItsProviderHangs() throws Exception {
        start("https", () -> {
            hang();
            return GOOD;
        });

        // The caller is not held up, either.
        CompletableFuture<Exchange> sent = camel.createProducerTemplate()
                .asyncSend("direct:publish", exchange -> exchange.getIn().setBody("x"));

        assertThat(sent.get(20, TimeUnit.SECONDS).getException())
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("publishTimeout (2000 ms)");
    }

    @Test
    void connectsOverWebSocketAfterItsProviderHung() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        start("wss&awaitConnection=never&connectionTimeout=1s&reconnectMinDelay=50ms&reconnectMaxDelay=100ms", () -> {
            if (asked.incrementAndGet() == 1) {
                hang();
            }
            return GOOD;
        });

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(publish().getException()).isNull());
    }

    static Stream<Optional<AwsCredentials>> nothings() {
        return Stream.of(
                Optional.empty(),
                Optional.of(new Blank(null, "s")),
                Optional.of(new Blank("a", null)),
                Optional.of(new Blank(" ", "s")));
    }

    @ParameterizedTest
    @MethodSource("nothings")
    void namesTheOptionWhoseProviderReturnsNothing(Optional<AwsCredentials> nothing) throws Exception {
        start("https", () -> nothing.orElse(null));

        assertThat(publish().getException())
                .hasMessageContaining("No AWS credentials from option credentialsProvider: it returned ");
    }

    @ParameterizedTest
    @MethodSource("nothings")
    void namesTheOptionOverWebSocketToo(Optional<AwsCredentials> nothing) {
        assertThatThrownBy(() -> start("wss", () -> nothing.orElse(null)))
                .hasStackTraceContaining("No AWS credentials from option credentialsProvider: it returned ");
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void failsTheStartOverWebSocketWithTheReason(Throwable trouble) {
        assertThatThrownBy(() -> start("wss", () -> raise(trouble)))
                .hasStackTraceContaining("No AWS credentials from option credentialsProvider: ")
                .hasRootCause(trouble);
    }

    private void start(String protocol, AwsCredentialsProvider provider) throws Exception {
        camel.getRegistry().bind("provider", AwsCredentialsProvider.class, provider);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish")
                        .to("awsiot-device:a?endpoint=" + aws.endpoint() + "&connectTo=127.0.0.1:"
                                + aws.port(GatewayPort.MULTIPLEXED_443) + "&protocol=" + protocol
                                + "&authentication=sigv4&credentialsProvider=#provider&publishTimeout=2s&caFile="
                                + files.authority());
            }
        });
        camel.start();
    }

    private Exchange publish() {
        return camel.createProducerTemplate()
                .send("direct:publish", exchange -> exchange.getIn().setBody("x"));
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AwsCredentials raise(Throwable trouble) {
        if (trouble instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) trouble;
    }

    /** What the SDK's own classes would not let pass. */
    private record Blank(String accessKeyId, String secretAccessKey) implements AwsCredentials {}
}
