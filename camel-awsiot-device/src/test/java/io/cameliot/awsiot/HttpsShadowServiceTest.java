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

import static io.cameliot.awsiot.AwsIotDeviceConstants.ERROR_CODE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.HTTP_RESPONSE_CODE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.TRACE_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import io.cameliot.testinfra.fault.NetworkFault.Reset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shadows by their REST API, kept by the emulator's service, over a line that a test can break. */
class HttpsShadowServiceTest extends DeviceTestSupport {

    private final String thing = "thing-" + System.nanoTime();
    private FaultProxy line;

    @BeforeEach
    void startLine() {
        line = FaultProxy.to("127.0.0.1", aws.port(GatewayPort.HTTPS_8443)).start();
    }

    @AfterEach
    void clean() {
        line.close();
        aws.httpPolicy(DevicePolicy.ALLOW_ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shadow", "shadow/name/config"})
    void keepsTheShadow(String shadow) throws Exception {
        start("");

        assertThat(rejected(shadow + "/get", "").getCode()).isEqualTo("404");
        assertThat(rejected(shadow + "/delete", "").getCode()).isEqualTo("404");
        JsonNode updated = accepted(shadow + "/update", "{\"state\":{\"reported\":{\"color\":\"red\"}}}");
        shadow(shadow).setDesired("{\"color\":\"blue\"}");
        JsonNode got = accepted(shadow + "/get", "");
        DeviceRequestRejectedException conflict = rejected(
                shadow + "/update", "{\"state\":{\"reported\":{}},\"version\":" + updated.get("version") + "}");
        accepted(shadow + "/delete", "");

        assertThat(updated.at("/state/reported/color").asText()).isEqualTo("red");
        assertThat(got.at("/state/delta/color").asText()).isEqualTo("blue");
        assertThat(conflict.getCode()).isEqualTo("409");
        assertThat(conflict.getServiceMessage()).isEqualTo("Version conflict");
        assertThat(conflict.isRetryable()).isFalse();
        assertThat(shadow(shadow).exists()).isFalse();
        assertThat(accepted(shadow + "/update", "{\"state\":{\"reported\":{}}}")
                        .get("version")
                        .asLong())
                .as("the version, which a deletion does not set back")
                .isGreaterThan(got.get("version").asLong());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"state\":{\"reported\":7}} | 400",
                "{\"version\":1} | 400",
                "{\"state\":{\"a\":{}}} | 400",
                "{\"state\":{\"desired\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":1}}}}}}}}} | 400"
            })
    void tellsWhatTheServiceDoesNotLike(String update, String code) throws Exception {
        start("");

        DeviceRequestRejectedException rejected = rejected("shadow/update", update);

        assertThat(rejected.getCode()).isEqualTo(code);
        assertThat(rejected.getServiceMessage()).isNotEmpty();
        assertThat(rejected).hasMessageContaining(rejected.getServiceMessage());
    }

    @Test
    void tellsThatTheDocumentHasBecomeTooLarge() throws Exception {
        start("");
        accepted("shadow/update", "{\"state\":{\"reported\":{\"a\":\"" + "x".repeat(5000) + "\"}}}");

        assertThat(rejected("shadow/update", "{\"state\":{\"reported\":{\"b\":\"" + "x".repeat(5000) + "\"}}}")
                        .getCode())
                .isEqualTo("413");
    }

    @ParameterizedTest
    @CsvSource({"get, GET_THING_SHADOW", "update, UPDATE_THING_SHADOW", "delete, DELETE_THING_SHADOW"})
    void tellsThatThePolicyForbidsIt(String request, Action action) throws Exception {
        shadow("shadow").setReported("{\"n\":1}");
        aws.httpPolicy(DevicePolicy.ALLOW_ALL.deny(action, thing));
        start("");

        assertThat(rejected("shadow/" + request, request.equals("update") ? "{\"state\":{}}" : "")
                        .getCode())
                .isEqualTo("403");
    }

    @Test
    void goesOnWithTheRejectionWhereTheRouteWantsIt() throws Exception {
        start("&rejectedAsException=false");

        Exchange answered = ask("shadow/get", "");

        assertThat(answered.getException()).isNull();
        assertThat(json(answered).get("message").asText()).isNotEmpty();
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(ERROR_CODE, "404")
                .containsEntry(HTTP_RESPONSE_CODE, 404);
        assertThat(answered.getMessage().getHeader(TRACE_ID))
                .isEqualTo(json(answered).get("traceId").asText());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void saysThatAnotherTryCanHelpAndIsRight(int status) throws Exception {
        shadow("shadow").setReported("{\"n\":1}");
        start("");
        aws.faults().inject(new Fault.AnswerHttp(status, Map.of(), "{\"message\":\"not now\"}"), 1);

        DeviceRequestRejectedException rejected = rejected("shadow/get", "");

        assertThat(rejected.isRetryable()).isTrue();
        assertThat(accepted("shadow/get", "").at("/state/reported/n").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"get, ''", "update, '{\"state\":{\"reported\":{\"n\":2}}}'", "delete, ''"})
    void failsAfterRequestTimeoutAndAsksAgainOnTheNextConnection(String request, String body) throws Exception {
        shadow("shadow").setReported("{\"n\":1}");
        start("&requestTimeout=${header.timeout}");
        accepted("shadow/get", "");
        line.apply(new HalfOpen(Set.of(Direction.TO_CLIENT)));

        Exchange unanswered = send(thing, "shadow/" + request, body, "500ms").get(20, TimeUnit.SECONDS);

        assertThat(unanswered.getException())
                .isInstanceOf(ExchangeTimedOutException.class)
                .hasMessageContaining("shadow/" + request)
                .hasMessageContaining("requestTimeout (500 ms)");
        assertThat(accepted("shadow/update", "{\"state\":{\"reported\":{\"n\":3}}}")
                        .at("/state/reported/n")
                        .asInt())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"update, '{\"state\":{\"reported\":{\"n\":2}},\"version\":1}'", "delete, ''"})
    void failsAtOnceWhereTheConnectionTakesTheAnswerWithIt(String request, String body) throws Exception {
        shadow("shadow").setReported("{\"n\":1}");
        start("");
        accepted("shadow/get", "");
        line.apply(new HalfOpen(Set.of(Direction.TO_CLIENT)));
        CompletableFuture<Exchange> asked = send(thing, "shadow/" + request, body);
        await().until(() -> shadow("shadow").version() != 1);

        line.apply(new Reset());

        assertThat(asked.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(AnswerLostException.class)
                .hasMessageContaining("shadow/" + request);
    }

    @ParameterizedTest
    @CsvSource({"get, ''", "update, '{\"state\":{\"reported\":{\"n\":2}}}'"})
    void asksAgainOnAnotherConnectionWhereThatDoesNoHarm(String request, String body) throws Exception {
        shadow("shadow").setReported("{\"n\":1}");
        start("");
        accepted("shadow/get", "");
        line.apply(new HalfOpen(Set.of(Direction.TO_CLIENT)));
        CompletableFuture<Exchange> asked = send(thing, "shadow/" + request, body);

        line.apply(new Reset());

        Exchange answered = asked.get(10, TimeUnit.SECONDS);
        assertThat(answered.getException()).isNull();
        assertThat(json(answered).at("/state/reported/n").asInt()).isEqualTo(request.equals("get") ? 1 : 2);
        assertThat(line.accepted()).isEqualTo(2);
    }

    @Test
    void givesEachOfManyAtATimeItsOwnAnswer() throws Exception {
        start("");
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            asked.add(send(thing + "-" + i, "shadow/update", "{\"state\":{\"reported\":{\"n\":" + i + "}}}"));
        }

        for (int i = 0; i < asked.size(); i++) {
            Exchange answered = asked.get(i).get(20, TimeUnit.SECONDS);
            assertThat(answered.getException()).isNull();
            assertThat(json(answered).at("/state/reported/n").asInt()).isEqualTo(i);
            assertThat(aws.thing(thing + "-" + i).shadow().version()).isEqualTo(1);
        }
    }

    @Test
    void isSeenByRoutesOverMqtt() throws Exception {
        MockEndpoint heard = camel.getEndpoint("mock:heard", MockEndpoint.class);
        heard.expectedMessageCount(1);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("$aws/things/" + thing + "/shadow/update/delta", thing, ""))
                        .to(heard);
            }
        });
        start("");

        JsonNode updated = accepted("shadow/update", "{\"state\":{\"desired\":{\"color\":\"blue\"}}}");

        heard.assertIsSatisfied(10_000);
        JsonNode delta = json(heard.getReceivedExchanges().get(0));
        assertThat(delta.at("/state/color").asText()).isEqualTo("blue");
        assertThat(delta.get("version")).isEqualTo(updated.get("version"));
    }

    private ThingShadow shadow(String shadow) {
        return shadow.equals("shadow")
                ? aws.thing(thing).shadow()
                : aws.thing(thing).shadow(shadow.replace("shadow/name/", ""));
    }

    private void start(String options) throws Exception {
        String uri = "awsiot-device:$aws/things/${header.thing}/${header.request}?protocol=https&endpoint="
                + aws.endpoint() + "&connectTo=" + line.address() + "&"
                + device.files().options() + options;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD(uri);
            }
        });
        camel.start();
    }

    private CompletableFuture<Exchange> send(String ofThing, String request, String body) {
        return send(ofThing, request, body, "20s");
    }

    private CompletableFuture<Exchange> send(String ofThing, String request, String body, String timeout) {
        Exchange exchange = camel.getEndpoint("direct:ask").createExchange(ExchangePattern.InOut);
        exchange.getIn().setHeaders(new HashMap<>(Map.of("thing", ofThing, "request", request, "timeout", timeout)));
        exchange.getIn().setBody(body);
        return camel.createProducerTemplate().asyncSend("direct:ask", exchange);
    }

    private Exchange ask(String request, String body) throws Exception {
        return send(thing, request, body).get(20, TimeUnit.SECONDS);
    }

    private JsonNode accepted(String request, String body) throws Exception {
        Exchange answered = ask(request, body);
        assertThat(answered.getException()).isNull();
        return json(answered);
    }

    private DeviceRequestRejectedException rejected(String request, String body) throws Exception {
        Exchange answered = ask(request, body);
        assertThat(answered.getException()).isInstanceOf(DeviceRequestRejectedException.class);
        return answered.getException(DeviceRequestRejectedException.class);
    }

    private static JsonNode json(Exchange exchange) throws Exception {
        return new ObjectMapper().readTree(exchange.getMessage().getBody(byte[].class));
    }
}
