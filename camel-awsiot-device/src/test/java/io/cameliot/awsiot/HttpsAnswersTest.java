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

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.cameliot.awsiot.https.HttpPublishException;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS publish against the answers that AWS documents, played by WireMock over TLS. */
class HttpsAnswersTest {

    private static final String HOST = "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";
    static final String STORE_PASSWORD = "changeit";
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("CA");
    private static final Path FOLDER = temporaryFolder();
    private static final DeviceFiles DEVICE = DeviceFiles.write(FOLDER, AUTHORITY.issueDevice("device"), AUTHORITY);

    @RegisterExtension
    static final WireMockExtension AWS = WireMockExtension.newInstance()
            .options(options()
                    .httpDisabled(true)
                    .dynamicHttpsPort()
                    .keystorePath(keyStore(FOLDER, AUTHORITY.issueServer(HOST)))
                    .keystorePassword(STORE_PASSWORD)
                    .keyManagerPassword(STORE_PASSWORD)
                    .keystoreType("PKCS12"))
            .build();

    private final CamelContext camel = Contexts.withoutJmx();

    @BeforeEach
    void startRoute() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish")
                        .to("awsiot-device:a/b c/ü?protocol=https&endpoint=" + HOST + "&connectTo=127.0.0.1:"
                                + AWS.getHttpsPort() + "&publishTimeout=2s&" + DEVICE.options());
            }
        });
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
    }

    @Test
    void encodesTopicQueryAndProperties() {
        answer(ok());

        Exchange sent = publish(Map.of(
                AwsIotDeviceConstants.OVERRIDE_RETAINED,
                true,
                AwsIotDeviceConstants.CONTENT_TYPE,
                "application/json",
                AwsIotDeviceConstants.RESPONSE_TOPIC,
                "reply/to",
                AwsIotDeviceConstants.MESSAGE_EXPIRY,
                60,
                AwsIotDeviceConstants.USER_PROPERTIES,
                new LinkedHashMap<>(Map.of("deviceName", "alpha")),
                AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR,
                "UTF8_DATA",
                AwsIotDeviceConstants.CORRELATION_DATA,
                "42".getBytes(StandardCharsets.UTF_8)));

        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeader(AwsIotDeviceConstants.TRACE_ID)).isEqualTo("trace-1");
        AWS.verify(postRequestedFor(urlEqualTo("/topics/a%2Fb%20c%2F%C3%BC?qos=1&retain=true"
                        + "&contentType=application%2Fjson&responseTopic=reply%2Fto&messageExpiry=60"))
                .withHeader("Host", equalTo(HOST + ":8443"))
                .withHeader(
                        "x-amz-mqtt5-user-properties",
                        equalTo(Base64.getEncoder()
                                .encodeToString("[{\"deviceName\":\"alpha\"}]".getBytes(StandardCharsets.UTF_8))))
                .withHeader("x-amz-mqtt5-payload-format-indicator", equalTo("UTF8_DATA"))
                .withHeader("x-amz-mqtt5-correlation-data", equalTo("NDI=")));
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidRequestException",
        "401, UnauthorizedException",
        "403, ForbiddenException",
        "405, MethodNotAllowedException",
        "413, RequestEntityTooLargeException"
    })
    void failsAtOnceWithAwssMessage(int status, String errorType) {
        answer(aResponse()
                .withStatus(status)
                .withHeader("x-amzn-ErrorType", errorType + ":")
                .withBody("{\"message\":\"what AWS says\",\"traceId\":\"trace-2\"}"));

        Exchange sent = publish(Map.of());

        assertThat(sent.getException()).isInstanceOfSatisfying(HttpPublishException.class, failure -> {
            assertThat(failure.getStatusCode()).isEqualTo(status);
            assertThat(failure.getErrorType()).isEqualTo(errorType);
            assertThat(failure.getTraceId()).isEqualTo("trace-2");
            assertThat(failure.isRetryable()).isFalse();
            assertThat(failure).hasMessageContaining("what AWS says");
        });
        AWS.verify(1, postRequestedFor(urlMatching("/topics/.*")));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void triesAgainWhatCanPass(int status) {
        answerOnceThenOk(aResponse().withStatus(status).withBody("{\"message\":\"later\"}"));

        assertThat(publish(Map.of()).getException()).isNull();

        AWS.verify(2, postRequestedFor(urlMatching("/topics/.*")));
    }

    @Test
    void givesUpWithinThePublishTimeout() {
        answer(aResponse().withStatus(429).withBody("{\"message\":\"slow down\"}"));

        Exchange sent = publish(Map.of());

        assertThat(sent.getException())
                .isInstanceOf(HttpPublishException.class)
                .hasMessageContaining("slow down")
                .hasMessageContaining("publish rate");
        assertThat(AWS.getAllServeEvents()).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "0, 1"})
    void repeatsABrokenRequestAtQos1Only(int qos, int requests) {
        answerOnceThenOk(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        Exchange sent = publish(Map.of(AwsIotDeviceConstants.OVERRIDE_QOS, qos));

        if (qos == 1) {
            assertThat(sent.getException()).isNull();
        } else {
            assertThat(sent.getException())
                    .isInstanceOf(PublishException.class)
                    .hasMessageContaining("the HTTPS request failed");
        }
        AWS.verify(requests, postRequestedFor(urlMatching("/topics/.*")));
    }

    @Test
    void showsTheBeginningOfAnAnswerThatIsNotAwss() {
        answer(aResponse()
                .withStatus(403)
                .withBody("<html>blocked by the company's proxy" + " ".repeat(5000) + "</html>"));

        assertThat(publish(Map.of()).getException())
                .hasMessageContaining("blocked by the company's proxy")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"message\":null}", "{\"error\":1}", "[\"message\"]", "403", "blocked"})
    void showsAnAnswerWithoutAMessageAsItIs(String body) {
        answer(aResponse().withStatus(403).withBody(body));

        assertThat(publish(Map.of()).getException()).hasMessageContaining("HTTP 403: " + body);
    }

    @Test
    void readsAnAnswerThatIsNotAwssInItsCharacterSet() {
        answer(aResponse()
                .withStatus(403)
                .withHeader("Content-Type", "text/plain; charset=ISO-8859-1")
                .withBody("für Geräte gesperrt".getBytes(StandardCharsets.ISO_8859_1)));

        assertThat(publish(Map.of()).getException()).hasMessageContaining("für Geräte gesperrt");
    }

    static Stream<ResponseDefinitionBuilder> answersThatAreNotAwss() {
        return Stream.of(
                aResponse()
                        .withStatus(200)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html>blocked</html>"),
                aResponse().withStatus(200),
                aResponse().withStatus(200).withBody("OK"),
                aResponse().withStatus(200).withBody("{}"),
                aResponse().withStatus(200).withBody("{\"message\":\"OK\"}"),
                aResponse().withStatus(200).withBody("{\"traceId\":\"t\"}"),
                aResponse().withStatus(200).withBody("{\"message\":null,\"traceId\":\"t\"}"),
                aResponse().withStatus(200).withBody("[{\"message\":\"OK\",\"traceId\":\"t\"}]"),
                aResponse().withStatus(200).withBody("{\"message\":\"OK\",\"traceId\":\"tr"),
                aResponse().withStatus(200).withBody("{\"message\":\"OK\",\"traceId\":\"t\"}<html>"),
                aResponse().withStatus(201).withBody("{\"message\":\"OK\",\"traceId\":\"t\"}"),
                aResponse().withStatus(202),
                aResponse().withStatus(204),
                aResponse().withStatus(302).withHeader("Location", "https://portal.example/login"),
                aResponse().withStatus(307).withHeader("Location", "/login"),
                aResponse().withStatus(408));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNotAwss")
    void acknowledgesNothingButAwssOwnAnswer(ResponseDefinitionBuilder foreign) {
        answerOnceThenOk(foreign);

        Exchange sent = publish(Map.of());

        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeader(AwsIotDeviceConstants.TRACE_ID)).isEqualTo("trace-1");
        AWS.verify(2, postRequestedFor(urlMatching("/topics/.*")));
    }

    @Test
    void failsWithWhatWasAnsweredInAwssPlace() {
        answer(aResponse().withStatus(200).withBody("<html>\u001B[31mblocked\r\nby policy" + " ".repeat(5000)));

        assertThat(publish(Map.of()).getException())
                .isInstanceOfSatisfying(HttpPublishException.class, failure -> assertThat(failure.getStatusCode())
                        .isEqualTo(200))
                .hasMessageContaining("<html>\\u001b[31mblocked\\r\\nby policy")
                .hasMessageContaining("not AWS IoT Core's answer")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700).doesNotContain("\u001B", "\n"));
        assertThat(AWS.getAllServeEvents()).hasSizeGreaterThan(1);
    }

    @Test
    void namesWhereARedirectLeads() {
        answer(aResponse().withStatus(302).withHeader("Location", "https://portal.example/login"));

        assertThat(publish(Map.of()).getException()).hasMessageContaining("https://portal.example/login");
    }

    /** Something on the way may have executed the request and spoilt the answer. */
    @ParameterizedTest
    @CsvSource({"200, 1", "204, 1", "302, 2", "503, 2"})
    void repeatsAtQos0OnlyWhatWasNotExecuted(int status, int requests) {
        answerOnceThenOk(aResponse().withStatus(status));

        publish(Map.of(AwsIotDeviceConstants.OVERRIDE_QOS, 0));

        AWS.verify(requests, postRequestedFor(urlMatching("/topics/.*")));
    }

    @Test
    void failsWithinThePublishTimeoutWhileAnAnswerTricklesIn() {
        answer(ok().withChunkedDribbleDelay(40, 20_000));
        long begin = System.nanoTime();

        assertThat(publish(Map.of()).getException())
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("publishTimeout (2000 ms)");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void failsWhatIsUnderWayWhenItStops() throws Exception {
        answer(aResponse().withStatus(503));
        CompletableFuture<Exchange> sent = camel.createProducerTemplate()
                .asyncSend("direct:publish", exchange -> exchange.getIn().setBody("x"));
        await().until(() -> !AWS.getAllServeEvents().isEmpty());

        camel.getComponent("awsiot-device").stop();

        assertThat(sent.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(PublishException.class);
    }

    @Test
    void endsWithinThePublishTimeoutWhenNoAnswerComes() {
        answer(ok().withFixedDelay(60_000));

        assertThat(publish(Map.of(AwsIotDeviceConstants.OVERRIDE_QOS, 0)).getException())
                .isInstanceOf(PublishException.class);
    }

    @Test
    void keepsItsConnection() {
        answer(ok());

        for (int i = 0; i < 5; i++) {
            assertThat(publish(Map.of()).getException()).isNull();
        }

        assertThat(AWS.getAllServeEvents()).hasSize(5);
        assertThat(AWS.getAllServeEvents())
                .allSatisfy(event ->
                        assertThat(event.getRequest().getHeader("Connection")).isNotEqualToIgnoringCase("close"));
    }

    private static ResponseDefinitionBuilder ok() {
        return aResponse().withStatus(200).withBody("{\"message\":\"OK\",\"traceId\":\"trace-1\"}");
    }

    private static void answer(ResponseDefinitionBuilder response) {
        AWS.stubFor(post(urlMatching("/topics/.*")).willReturn(response));
    }

    private static void answerOnceThenOk(ResponseDefinitionBuilder first) {
        AWS.stubFor(post(urlMatching("/topics/.*"))
                .inScenario("retry")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("mended")
                .willReturn(first));
        AWS.stubFor(post(urlMatching("/topics/.*"))
                .inScenario("retry")
                .whenScenarioStateIs("mended")
                .willReturn(ok()));
    }

    private Exchange publish(Map<String, Object> headers) {
        return camel.createProducerTemplate().send("direct:publish", exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn().setHeaders(new LinkedHashMap<>(headers));
        });
    }

    static Path temporaryFolder() {
        try {
            Path folder = Files.createTempDirectory("https-answers");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String keyStore(Path folder, IssuedCertificate server) {
        Path file = folder.resolve("server.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            server.keyStore(STORE_PASSWORD.toCharArray(), "PKCS12").store(out, STORE_PASSWORD.toCharArray());
            return file.toString();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
