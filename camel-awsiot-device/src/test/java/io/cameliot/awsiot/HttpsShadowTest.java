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
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.requestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeTimedOutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Requests to the Device Shadow service by its REST API, which WireMock plays over TLS. */
class HttpsShadowTest {

    private static final String HOST = "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("CA");
    private static final Path FOLDER = HttpsAnswersTest.temporaryFolder();
    private static final DeviceFiles DEVICE = DeviceFiles.write(FOLDER, AUTHORITY.issueDevice("device"), AUTHORITY);

    @RegisterExtension
    static final WireMockExtension AWS = WireMockExtension.newInstance()
            .options(options()
                    .httpDisabled(true)
                    .dynamicHttpsPort()
                    .keystorePath(HttpsAnswersTest.keyStore(FOLDER, AUTHORITY.issueServer(HOST)))
                    .keystorePassword(HttpsAnswersTest.STORE_PASSWORD)
                    .keyManagerPassword(HttpsAnswersTest.STORE_PASSWORD)
                    .keystoreType("PKCS12"))
            .build();

    private final CamelContext camel = Contexts.withoutJmx();

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$aws/things/T/shadow/get|''|GET|/things/T/shadow",
                "$aws/things/T/shadow/delete|''|DELETE|/things/T/shadow",
                "$aws/things/T/shadow/update|{\"state\":{\"reported\":{\"n\":1.0}}}|POST|/things/T/shadow",
                "$aws/things/T/shadow/name/N/get|{\"clientToken\":\"t\"}|GET|/things/T/shadow?name=N",
                "$aws/things/T/shadow/name/N/delete|''|DELETE|/things/T/shadow?name=N",
                "$aws/things/a b:ü/shadow/name/c_1 d/update|{\"state\":{}}|POST|/things/a%20b%3A%C3%BC/shadow?name=c_1%20d"
            })
    void goesOnWithTheAnswer(String topic, String body, String method, String url) throws Exception {
        answer(aResponse()
                .withStatus(200)
                .withHeader("x-amzn-RequestId", "id-1")
                .withBody("{\"version\":7}"));

        Exchange answered = ask(topic, body, "");

        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo("{\"version\":7}");
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(AwsIotDeviceConstants.HTTP_RESPONSE_CODE, 200)
                .containsEntry(AwsIotDeviceConstants.TRACE_ID, "id-1")
                .doesNotContainKeys(AwsIotDeviceConstants.ERROR_CODE, AwsIotDeviceConstants.CONTENT_TYPE);
        var request = requestedFor(method, urlEqualTo(url)).withHeader("Host", equalTo(HOST + ":8443"));
        AWS.verify(method.equals("POST") ? request.withRequestBody(equalTo(body)) : request);
    }

    @Test
    void signsTheRequest() throws Exception {
        answer(aResponse().withStatus(200).withBody("{}"));

        ask(
                "$aws/things/T/shadow/name/N/get",
                "",
                "&authentication=sigv4&accessKey=AKIDEXAMPLE&secretKey=RAW(secret)&region=eu-west-1");

        AWS.verify(requestedFor("GET", urlEqualTo("/things/T/shadow?name=N"))
                .withHeader("Authorization", matching("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/.*")));
    }

    @ParameterizedTest
    @CsvSource({
        "400, false",
        "403, false",
        "404, false",
        "409, false",
        "413, false",
        "429, true",
        "500, true",
        "503, true"
    })
    void failsWithTheAnswerThatRejects(int status, boolean retryable) throws Exception {
        answer(aResponse().withStatus(status).withBody("{\"message\":\"what AWS says\",\"traceId\":\"t\"}"));

        Exchange failed = ask("$aws/things/T/shadow/update", "{\"state\":{}}", "");
        Exchange answered = ask("$aws/things/T/shadow/update", "{\"state\":{}}", "&rejectedAsException=false");

        DeviceRequestRejectedException rejected = failed.getException(DeviceRequestRejectedException.class);
        assertThat(rejected).hasMessageContaining("what AWS says");
        assertThat(rejected.getCode()).isEqualTo("" + status);
        assertThat(rejected.isRetryable()).isEqualTo(retryable);
        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(AwsIotDeviceConstants.ERROR_CODE, "" + status)
                .containsEntry(AwsIotDeviceConstants.HTTP_RESPONSE_CODE, status);
    }

    @ParameterizedTest
    @CsvSource({"200, <html>log in</html>", "200, []", "302, ''", "204, ''"})
    void takesNoAnswerForAwssThatIsNot(int status, String body) throws Exception {
        answer(aResponse().withStatus(status).withBody(body));

        assertThat(ask("$aws/things/T/shadow/get", "", "").getException())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not AWS IoT Core's")
                .hasMessageContaining("option proxy");
    }

    @ParameterizedTest
    @CsvSource({"get, ''", "update, '{\"state\":{}}'"})
    void asksAgainWhereThatDoesNoHarm(String request, String body) throws Exception {
        breakOnce();

        Exchange answered = ask("$aws/things/T/shadow/" + request, body, "");

        assertThat(answered.getException()).isNull();
        AWS.verify(2, requestedFor(request.equals("get") ? "GET" : "POST", anyUrl()));
    }

    @ParameterizedTest
    @CsvSource({"delete, ''", "update, '{\"state\":{},\"version\":3}'"})
    void saysThatTheAnswerWasLostWhereItMay(String request, String body) throws Exception {
        breakOnce();

        assertThat(ask("$aws/things/T/shadow/" + request, body, "").getException())
                .isInstanceOf(AnswerLostException.class)
                .hasMessageContaining("shadow/" + request);
    }

    @Test
    void failsAfterRequestTimeout() throws Exception {
        answer(aResponse().withStatus(200).withBody("{}").withFixedDelay(5000));

        assertThat(ask("$aws/things/T/shadow/get", "", "&requestTimeout=300ms").getException())
                .isInstanceOf(ExchangeTimedOutException.class)
                .hasMessageContaining("requestTimeout (300 ms)");
    }

    @Test
    void saysAtTheTimeoutWhyTheLastAttemptFailed() throws Exception {
        answer(aResponse().withFault(Fault.EMPTY_RESPONSE));

        assertThat(ask("$aws/things/T/shadow/get", "", "&requestTimeout=4s").getException())
                .isInstanceOf(ExchangeTimedOutException.class)
                .hasMessageContaining("requestTimeout (4000 ms)")
                .hasMessageContaining("The server closed the connection");
    }

    /** What was not sent was not carried out. */
    @ParameterizedTest
    @CsvSource({"get, ''", "delete, ''", "update, '{\"state\":{},\"version\":3}'"})
    void sendsOnceWhatItCouldNotSendBefore(String request, String body) throws Exception {
        answer(aResponse().withStatus(200).withBody("{}"));
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", AWS.getHttpsPort()).start()) {
            proxy.applyToNext(2, new NetworkFault.Reset());

            Exchange answered = ask("$aws/things/T/shadow/" + request, body, "", proxy.port());

            assertThat(answered.getException()).isNull();
            assertThat(proxy.struck()).isEqualTo(2);
        }
        AWS.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void interruptsACredentialsProviderThatHangsAtTheTimeout() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AwsCredentialsProvider hanging = () -> {
            try {
                new CountDownLatch(1).await();
                return null;
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw new IllegalStateException(e);
            }
        };
        camel.getRegistry().bind("provider", AwsCredentialsProvider.class, hanging);

        Exchange failed = ask(
                "$aws/things/T/shadow/get",
                "",
                "&authentication=sigv4&credentialsProvider=#provider&region=eu-west-1&requestTimeout=300ms");

        assertThat(failed.getException()).isInstanceOf(ExchangeTimedOutException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"clientToken\":7}", "{\"state\":"})
    void refusesWhatTheServiceWouldBeforeAnythingIsSent(String body) throws Exception {
        answer(aResponse().withStatus(200).withBody("{}"));

        assertThat(ask("$aws/things/T/shadow/update", body, "").getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not sent");
        AWS.verify(0, requestedFor("POST", anyUrl()));
    }

    @ParameterizedTest
    @CsvSource({
        "$aws/things/T/jobs/start-next, '', protocol=mqtt",
        "$aws/certificates/create/json, '', protocol=mqtt",
        "$aws/things/T/shadow/get, &authentication=custom&authorizerName=a&tokenKeyName=k&token=t, authentication=custom"
    })
    void saysWhatHttpsCannot(String topic, String options, String reason) throws Exception {
        assertThat(ask(topic, "", options).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(topic)
                .hasMessageContaining(reason);
    }

    private void breakOnce() {
        AWS.stubFor(any(anyUrl())
                .inScenario("broken")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE))
                .willSetStateTo("whole"));
        AWS.stubFor(any(anyUrl())
                .inScenario("broken")
                .whenScenarioStateIs("whole")
                .willReturn(aResponse().withStatus(200).withBody("{}")));
    }

    private void answer(ResponseDefinitionBuilder answer) {
        AWS.stubFor(any(anyUrl()).willReturn(answer));
    }

    private Exchange ask(String topic, String body, String options) throws Exception {
        return ask(topic, body, options, AWS.getHttpsPort());
    }

    private Exchange ask(String topic, String body, String options, int port) throws Exception {
        boolean x509 = !options.contains("authentication=");
        String uri = "awsiot-device:" + topic + "?protocol=https&endpoint=" + HOST + "&connectTo=127.0.0.1:" + port
                + (x509 ? "&" + DEVICE.options() : "&caFile=" + DEVICE.authority()) + options;
        camel.start();
        return camel.createProducerTemplate().request(uri, exchange -> {
            exchange.getIn().setBody(body);
            exchange.getIn()
                    .setHeaders(new HashMap<>(Map.of(
                            AwsIotDeviceConstants.CONTENT_TYPE, "text/x", AwsIotDeviceConstants.ERROR_CODE, "old")));
        });
    }
}
