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

import static io.cameliot.awsiot.AwsIotDeviceConstants.CLIENT_TOKEN;
import static io.cameliot.awsiot.AwsIotDeviceConstants.CONTENT_TYPE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.ERROR_CODE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.awsiot.service.ReservedRequest;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request that a service of AWS IoT Core answers, through a route; this test is the service. */
class ServiceRequestTest extends DeviceTestSupport {

    private static final String FAST = "&reconnectMinDelay=100ms&reconnectMaxDelay=200ms";

    /**
     * A request, and what its service says to it.
     *
     * @param token whether the answer repeats a client token, so that any number can wait at a time
     * @param error of an answer that rejects it
     */
    private record Row(ReservedRequest request, String topic, boolean token, String error, String code) {

        String accepted() {
            return answer("accepted");
        }

        String rejected() {
            return answer("rejected");
        }

        private String answer(String kind) {
            return topic.contains("/response/")
                    ? topic.replace("/response/", "/response/" + kind + "/")
                    : topic + "/" + kind;
        }

        @Override
        public String toString() {
            return request.name();
        }
    }

    static Stream<Row> rows() {
        String conflict = "{\"code\":409,\"message\":\"Version conflict\"}";
        String mismatch =
                "{\"code\":\"VersionMismatch\",\"message\":\"m\",\"executionState\":{\"status\":\"CANCELED\"}}";
        String terminal = "{\"executionId\":\"E\",\"error\":\"TerminalStateReached\",\"errorMessage\":\"m\"}";
        String ownership =
                "{\"statusCode\":400,\"errorCode\":\"InvalidCertificateOwnershipToken\",\"errorMessage\":\"m\"}";
        String report = "{\"reportId\":1,\"statusDetails\":{\"ErrorCode\":\"InvalidPayload\",\"ErrorMessage\":\"m\"}}";
        return Stream.of(
                new Row(ReservedRequest.SHADOW_GET, "$aws/things/T/shadow/get", true, conflict, "409"),
                new Row(ReservedRequest.SHADOW_UPDATE, "$aws/things/T/shadow/update", true, conflict, "409"),
                new Row(ReservedRequest.SHADOW_DELETE, "$aws/things/T/shadow/delete", true, conflict, "409"),
                new Row(ReservedRequest.NAMED_SHADOW_GET, "$aws/things/T/shadow/name/N/get", true, conflict, "409"),
                new Row(
                        ReservedRequest.NAMED_SHADOW_UPDATE,
                        "$aws/things/T/shadow/name/N/update",
                        true,
                        conflict,
                        "409"),
                new Row(
                        ReservedRequest.NAMED_SHADOW_DELETE,
                        "$aws/things/T/shadow/name/N/delete",
                        true,
                        conflict,
                        "409"),
                new Row(ReservedRequest.PENDING_JOBS, "$aws/things/T/jobs/get", true, mismatch, "VersionMismatch"),
                new Row(
                        ReservedRequest.START_NEXT_JOB,
                        "$aws/things/T/jobs/start-next",
                        true,
                        mismatch,
                        "VersionMismatch"),
                new Row(
                        ReservedRequest.DESCRIBE_JOB,
                        "$aws/things/T/jobs/$next/get",
                        true,
                        mismatch,
                        "VersionMismatch"),
                new Row(ReservedRequest.UPDATE_JOB, "$aws/things/T/jobs/J/update", true, mismatch, "VersionMismatch"),
                new Row(
                        ReservedRequest.COMMAND_RESPONSE,
                        "$aws/commands/things/T/executions/E/response/json",
                        false,
                        terminal,
                        "TerminalStateReached"),
                new Row(
                        ReservedRequest.CLIENT_COMMAND_RESPONSE,
                        "$aws/commands/clients/C/executions/E/response/json",
                        false,
                        terminal,
                        "TerminalStateReached"),
                new Row(
                        ReservedRequest.CREATE_KEYS_AND_CERTIFICATE,
                        "$aws/certificates/create/json",
                        false,
                        ownership,
                        "InvalidCertificateOwnershipToken"),
                new Row(
                        ReservedRequest.CREATE_CERTIFICATE_FROM_CSR,
                        "$aws/certificates/create-from-csr/json",
                        false,
                        ownership,
                        "InvalidCertificateOwnershipToken"),
                new Row(
                        ReservedRequest.REGISTER_THING,
                        "$aws/provisioning-templates/P/provision/json",
                        false,
                        ownership,
                        "InvalidCertificateOwnershipToken"),
                new Row(
                        ReservedRequest.REPORT_METRICS,
                        "$aws/things/T/defender/metrics/json",
                        false,
                        report,
                        "InvalidPayload"));
    }

    /** The emulator's own services know what is asked for, and say nothing. */
    @BeforeEach
    void letTheEmulatorAnswerNothing() {
        aws.faults().inject(new Fault.WithholdMessage("$aws/#"), Faults.ALWAYS);
    }

    @Test
    void hasARowForEachRequest() {
        assertThat(rows().map(Row::request)).containsExactlyInAnyOrder(ReservedRequest.values());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void goesOnWithTheAnswerThatAccepts(Row row) throws Exception {
        askBy(row, "");
        CompletableFuture<Exchange> asked = ask(Map.of("own", 1, CONTENT_TYPE, "text/x", ERROR_CODE, "old"));
        ReceivedPublish request = request(row, 1);
        String answer = answer(row.accepted(), request, "{\"answer\":\"yes\"}");

        Exchange answered = asked.get(10, TimeUnit.SECONDS);

        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo(answer);
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(TOPIC, row.accepted())
                .containsEntry("own", 1)
                .doesNotContainKeys(ERROR_CODE, CONTENT_TYPE);
        assertThat(answered.getMessage().getHeader(CLIENT_TOKEN)).isEqualTo(token(request));
        assertThat(request.qos()).isEqualTo(1);
        assertThat(request.retained()).isFalse();
        assertThat(request.properties().contentType()).isEmpty();
        assertThat(token(request) != null).isEqualTo(row.token());
        assertThat(subscribesOf(clientId(row)))
                .containsExactlyElementsOf(ReservedRequest.of(row.topic()).filters());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void failsWithTheAnswerThatRejects(Row row) throws Exception {
        askBy(row, "");
        CompletableFuture<Exchange> asked = ask(Map.of());
        String answer = answer(row.rejected(), request(row, 1), row.error());

        DeviceRequestRejectedException rejected =
                asked.get(10, TimeUnit.SECONDS).getException(DeviceRequestRejectedException.class);

        assertThat(rejected)
                .hasMessageContaining(row.topic())
                .hasMessageContaining(row.code())
                .hasMessageContaining(rejected.getServiceMessage());
        assertThat(rejected.getTopic()).isEqualTo(row.topic());
        assertThat(rejected.getCode()).isEqualTo(row.code());
        assertThat(rejected.getServiceMessage()).isNotEmpty();
        assertThat(rejected.isRetryable()).isFalse();
        assertThat(rejected.getBody()).isEqualTo(bytes(answer));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void goesOnWithTheAnswerThatRejectsWhereTheRouteWantsIt(Row row) throws Exception {
        askBy(row, "&rejectedAsException=false");
        CompletableFuture<Exchange> asked = ask(Map.of());
        String answer = answer(row.rejected(), request(row, 1), row.error());

        Exchange answered = asked.get(10, TimeUnit.SECONDS);

        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo(answer);
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(TOPIC, row.rejected())
                .containsEntry(ERROR_CODE, row.code());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void failsAfterRequestTimeoutAndDropsTheLateAnswer(Row row) throws Exception {
        askBy(row, "&requestTimeout=300ms");

        Exchange unanswered = ask(Map.of()).get(10, TimeUnit.SECONDS);

        assertThat(unanswered.getException())
                .isInstanceOf(ExchangeTimedOutException.class)
                .hasMessageContaining(row.topic())
                .hasMessageContaining("requestTimeout (300 ms)");
        answer(row.accepted(), request(row, 1), "{\"answer\":\"too late\"}");
        await().until(() -> connectionOf(clientId(row)).getDropped(), dropped -> dropped == 1);
        assertThat(aws.connectionsOf(clientId(row))).singleElement().matches(connection -> connection.isOpen());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void failsAtOnceWhenTheConnectionEndsAndAsksAgainOnTheNextOne(Row row) throws Exception {
        askBy(row, FAST);
        CompletableFuture<Exchange> asked = ask(Map.of());
        request(row, 1);
        // Else the message itself goes out again on the next connection.
        await().until(() -> connectionOf(clientId(row)).getInFlight() == 0);

        aws.disconnect(clientId(row));

        assertThat(asked.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(AnswerLostException.class)
                .hasMessageContaining(row.topic())
                .hasMessageContaining("can be sent again");
        CompletableFuture<Exchange> again = ask(Map.of());
        answer(row.accepted(), request(row, 2), "{\"answer\":\"heard\"}");
        assertThat(again.get(10, TimeUnit.SECONDS).getMessage().getBody(String.class))
                .contains("heard");
        List<String> filters = ReservedRequest.of(row.topic()).filters();
        assertThat(subscribesOf(clientId(row))).containsSubsequence(filters).hasSize(2 * filters.size());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givesEachOfTwoAtATimeItsOwnAnswer(Row row) throws Exception {
        askBy(row, "");
        CompletableFuture<Exchange> first = ask(Map.of());
        ReceivedPublish firstRequest = request(row, 1);
        CompletableFuture<Exchange> second = ask(Map.of());

        if (row.token()) {
            answer(row.accepted(), request(row, 2), "{\"answer\":\"second\"}");
            assertThat(body(second)).contains("second");
            assertThat(first).isNotDone();
            answer(row.accepted(), firstRequest, "{\"answer\":\"first\"}");
            assertThat(body(first)).contains("first");
        } else {
            await().during(Duration.ofMillis(300))
                    .until(() -> aws.receivedPublishes(row.topic()).size() == 1);
            answer(row.accepted(), firstRequest, "{\"answer\":\"first\"}");
            assertThat(body(first)).contains("first");
            answer(row.accepted(), request(row, 2), "{\"answer\":\"second\"}");
            assertThat(body(second)).contains("second");
        }
        assertThat(aws.connectionsOf(clientId(row))).hasSize(1);
        assertThat(subscribesOf(clientId(row)))
                .hasSameSizeAs(ReservedRequest.of(row.topic()).filters());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void publishesNothingWhileTheServerRefusesToLetItHearTheAnswer(Row row) throws Exception {
        String filter = ReservedRequest.of(row.topic()).filters().get(0);
        aws.faults().inject(new Fault.RefuseSubscription(filter, 0x87));
        askBy(row, FAST);

        Exchange refused = ask(Map.of()).get(10, TimeUnit.SECONDS);

        assertThat(refused.getException())
                .isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining(filter)
                .hasMessageContaining("iot:Subscribe on topicfilter/" + filter);
        assertThat(aws.receivedPublishes(row.topic())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void publishesPlainlyWhatIsInOnlyOrNotToWait(Row row) throws Exception {
        askBy(row, "&request=never");
        Exchange never = camel.createProducerTemplate()
                .send("direct:ask", ExchangePattern.InOut, exchange -> exchange.getIn()
                        .setBody("{\"any\": 1}"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:tell").to(uri(row.topic(), clientId(row), ""));
            }
        });
        Exchange inOnly = camel.createProducerTemplate()
                .send("direct:tell", ExchangePattern.InOnly, exchange -> exchange.getIn()
                        .setBody("{\"any\": 2}"));

        assertThat(never.getException()).isNull();
        assertThat(inOnly.getException()).isNull();
        assertThat(aws.receivedPublishes(row.topic()))
                .extracting(published -> new String(published.payload()))
                .containsExactly("{\"any\": 1}", "{\"any\": 2}");
        assertThat(subscribesOf(clientId(row))).isEmpty();
    }

    /** Another one for each test. */
    private String clientId(Row row) {
        return row + "-" + System.identityHashCode(this);
    }

    private void askBy(Row row, String options) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(uri(row.topic(), clientId(row), options));
            }
        });
        camel.start();
    }

    private CompletableFuture<Exchange> ask(Map<String, Object> headers) {
        return camel.createProducerTemplate().asyncSend("direct:ask", exchange -> {
            exchange.setPattern(ExchangePattern.InOut);
            exchange.getIn().setBody("{\"header\":{\"report_id\":1}}");
            exchange.getIn().setHeaders(new HashMap<>(headers));
        });
    }

    private ReceivedPublish request(Row row, int number) {
        return await().until(() -> aws.receivedPublishes(row.topic()), requests -> requests.size() >= number)
                .get(number - 1);
    }

    /** Answers as the service does: with the token of the request, if it has one. */
    private String answer(String topic, ReceivedPublish request, String body) throws IOException {
        String token = token(request);
        String answer = token == null ? body : body.replaceFirst("}$", ",\"clientToken\":\"" + token + "\"}");
        aws.publish(topic, answer, 1);
        return answer;
    }

    private static String token(ReceivedPublish request) throws IOException {
        JsonNode token = new ObjectMapper().readTree(request.payload()).get("clientToken");
        return token == null ? null : token.textValue();
    }

    private static String body(CompletableFuture<Exchange> asked) throws Exception {
        Exchange answered = asked.get(10, TimeUnit.SECONDS);
        assertThat(answered.getException()).isNull();
        return answered.getMessage().getBody(String.class);
    }
}
