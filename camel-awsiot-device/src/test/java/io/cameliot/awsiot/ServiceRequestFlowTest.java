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
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests to services of AWS IoT Core: of many things and jobs, at once, and on the way to the end. */
class ServiceRequestFlowTest extends DeviceTestSupport {

    private static final String UPDATE = "$aws/things/T/shadow/update";

    private ProducerTemplate template;

    /** The emulator's own services know what is asked for, and say nothing. */
    @BeforeEach
    void letTheEmulatorAnswerNothing() {
        aws.faults().inject(new Fault.WithholdMessage("$aws/#"), Faults.ALWAYS);
    }

    @Test
    void answersAThousandUpdatesAtOnceWithNoMoreThanTenInFlight() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("asking").to(uri(UPDATE, "thousand", "&requestTimeout=120s"));
                from("direct:plain").to(uri("plain", "thousand", ""));
            }
        });
        camel.start();
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            asked.add(ask("{\"state\":{\"reported\":{\"n\":" + i + "}}}", Map.of()));
        }
        await().until(() -> aws.receivedPublishes(UPDATE).size() == 10);
        await().during(Duration.ofMillis(300))
                .until(() -> aws.receivedPublishes(UPDATE).size() == 10);

        for (int i = 0; i < asked.size(); i++) {
            int next = i;
            ReceivedPublish request = await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> aws.receivedPublishes(UPDATE), requests -> requests.size() > next)
                    .get(i);
            assertThat(aws.receivedPublishes(UPDATE)).hasSizeLessThanOrEqualTo(i + 10);
            accept(request, json(request).at("/state/reported/n").asText());
        }

        for (int i = 0; i < asked.size(); i++) {
            assertThat(answer(asked.get(i)).get("echo").asInt()).isEqualTo(i);
        }
        assertThat(subscribesOf("thousand")).hasSize(2);
        assertThat(connectionOf("thousand").getDropped()).isZero();

        camel.getRouteController().stopRoute("asking");

        await().until(() -> unsubscribesOf("thousand").size() == 2);
        assertThat(unsubscribesOf("thousand")).hasSameElementsAs(subscribesOf("thousand"));
        await().until(() -> aws.connectionsOf("thousand").stream()
                .allMatch(connection ->
                        connection.isOpen() && connection.topicFilters().isEmpty()));
    }

    @Test
    void asksForAnyNumberOfThingsOverOneConnectionAndUnsubscribesWhatItNeedsNoMore() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("asking").toD(uri("$aws/things/${header.thing}/shadow/get", "fleet", ""));
                from("direct:other").to(uri("plain", "fleet", ""));
            }
        });
        camel.start();
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            asked.add(ask("", Map.of("thing", "thing-" + i)));
        }

        Set<String> answered = new HashSet<>();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            for (ReceivedPublish request : aws.receivedPublishes()) {
                if (request.topic().endsWith("/shadow/get") && answered.add(request.topic())) {
                    accept(request, request.topic());
                }
            }
            return answered.size() == 60;
        });

        for (int i = 0; i < asked.size(); i++) {
            assertThat(answer(asked.get(i)).get("echo").asText()).isEqualTo("$aws/things/thing-" + i + "/shadow/get");
        }
        assertThat(aws.connectionsOf("fleet")).hasSize(1);
        assertThat(subscribesOf("fleet")).hasSize(60).doesNotHaveDuplicates();
        await().until(() -> unsubscribesOf("fleet"), filters -> filters.size() == 60 - 16);

        camel.getRouteController().stopRoute("asking");

        await().until(() -> unsubscribesOf("fleet"), filters -> filters.size() == 60);
        assertThat(unsubscribesOf("fleet")).hasSameElementsAs(subscribesOf("fleet"));
    }

    @Test
    void asksForAnyNumberOfJobsByOneSubscription() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD(uri("$aws/things/T/jobs/${header.job}/update", "worker", ""));
            }
        });
        camel.start();

        for (int i = 0; i < 20; i++) {
            CompletableFuture<Exchange> asked = ask("{\"status\":\"IN_PROGRESS\"}", Map.of("job", "job-" + i));
            String topic = "$aws/things/T/jobs/job-" + i + "/update";
            accept(
                    await().until(() -> aws.receivedPublishes(topic), requests -> requests.size() == 1)
                            .get(0),
                    "" + i);
            assertThat(answer(asked).get("echo").asInt()).isEqualTo(i);
        }

        assertThat(subscribesOf("worker")).containsExactly("$aws/things/T/jobs/+/update/+");
        assertThat(unsubscribesOf("worker")).isEmpty();
    }

    @Test
    void letsTheSecondRequestOfATokenWaitForTheFirst() throws Exception {
        askBy(uri(UPDATE, "same", ""));
        String body = "{\"state\":{},\"clientToken\":\"same\"}";
        CompletableFuture<Exchange> first = ask(body, Map.of());
        CompletableFuture<Exchange> second = ask(body, Map.of());
        CompletableFuture<Exchange> other = ask(body.replace("same", "other"), Map.of());

        List<ReceivedPublish> requests =
                await().until(() -> aws.receivedPublishes(UPDATE), received -> received.size() == 2);
        await().during(Duration.ofMillis(200))
                .until(() -> aws.receivedPublishes(UPDATE).size() == 2);
        for (ReceivedPublish request : requests) {
            accept(request, "1");
        }
        CompletableFuture.anyOf(first, second).get(10, TimeUnit.SECONDS);
        accept(
                await().until(() -> aws.receivedPublishes(UPDATE), received -> received.size() == 3)
                        .get(2),
                "2");

        assertThat(List.of(
                        answer(first).get("echo").asInt(),
                        answer(second).get("echo").asInt()))
                .containsExactlyInAnyOrder(1, 2);
        assertThat(answer(other).get("clientToken").asText()).isEqualTo("other");
        assertThat(other.join().getMessage().getHeader(CLIENT_TOKEN)).isEqualTo("other");
    }

    @Test
    void takesNoAnswerThatIsForOthers() throws Exception {
        askBy(uri(UPDATE, "mine", ""));
        CompletableFuture<Exchange> asked = ask("{\"state\":{}}", Map.of());
        ReceivedPublish request = await().until(() -> aws.receivedPublishes(UPDATE), all -> all.size() == 1)
                .get(0);

        aws.publish(UPDATE + "/accepted", "{\"clientToken\":\"another's\"}", 1);
        aws.publish(UPDATE + "/rejected", "{\"code\":409,\"clientToken\":\"another's\"}", 1);
        aws.publish(UPDATE + "/accepted", "{\"version\":7}", 1);
        aws.publish(UPDATE + "/accepted", "no JSON", 1);
        await().until(() -> connectionOf("mine").getDropped(), dropped -> dropped == 4);
        assertThat(asked).isNotDone();

        accept(request, "mine");
        assertThat(answer(asked).get("echo").asText()).isEqualTo("mine");
    }

    @Test
    void takesARejectionWithoutTokenIfItCanBeMeantForOneRequestOnly() throws Exception {
        askBy(uri(UPDATE, "alone", "&rejectedAsException=false"));
        CompletableFuture<Exchange> first = ask("{\"state\":{\"reported\":1}}", Map.of());
        CompletableFuture<Exchange> second = ask("{\"state\":{\"reported\":2}}", Map.of());
        List<ReceivedPublish> requests =
                await().until(() -> aws.receivedPublishes(UPDATE), received -> received.size() == 2);

        aws.publish(UPDATE + "/rejected", "{\"code\":400,\"message\":\"to whom?\"}", 1);
        await().until(() -> connectionOf("alone").getDropped(), dropped -> dropped == 1);
        accept(requests.get(0), "1");
        await().until(() -> first.isDone() || second.isDone());
        aws.publish(UPDATE + "/rejected", "{\"code\":400,\"message\":\"to the other\"}", 1);

        assertThat(List.of(answer(first), answer(second)))
                .extracting(JsonNode::size)
                .containsExactlyInAnyOrder(2, 2);
        assertThat(answer(first).has("code")).isNotEqualTo(answer(second).has("code"));
    }

    @Test
    void takesTheReportsOwnAnswer() throws Exception {
        String topic = "$aws/things/T/defender/metrics/json";
        askBy(uri(topic, "reporter", ""));
        CompletableFuture<Exchange> asked = ask("{\"header\":{\"report_id\":17}}", Map.of());
        await().until(() -> aws.receivedPublishes(topic).size() == 1);

        aws.publish(topic + "/accepted", "{\"reportId\":16}", 1);
        await().until(() -> connectionOf("reporter").getDropped(), dropped -> dropped == 1);
        aws.publish(topic + "/accepted", "{\"reportId\":17}", 1);

        assertThat(answer(asked).get("reportId").asInt()).isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$aws/things/T/shadow/update|[]|no JSON object",
                "$aws/things/T/shadow/update|{\"clientToken\":\"\"}|clientToken",
                "$aws/things/T/jobs/J/update|{\"statusDetails\":{\"a b\":\"v\"}}|statusDetails",
                "$aws/commands/things/T/executions/E/response/json|{\"statusReason\":{\"reasonCode\":\"a\"}}|reasonCode",
                "$aws/certificates/create/cbor|{}|CBOR"
            })
    void refusesWhatTheServiceWouldBeforeAnythingIsSent(String topic, String body, String reason) throws Exception {
        askBy(uri(topic, "refused", ""));

        Exchange refused = ask(body, Map.of()).get(10, TimeUnit.SECONDS);

        assertThat(refused.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(topic)
                .hasMessageContaining(reason);
        assertThat(aws.receivedPublishes(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&mqttVersion=3.1.1",
                "&qos=0&retained=true",
                "&outbox=memory",
                "&request=always",
                "&cleanSession=false"
            })
    void asksWhateverElseIsSet(String options) throws Exception {
        askBy(uri(UPDATE, "any", options));
        CompletableFuture<Exchange> asked = ask("{\"state\":{}}", Map.of());
        ReceivedPublish request = await().until(() -> aws.receivedPublishes(UPDATE), all -> all.size() == 1)
                .get(0);
        accept(request, "heard");

        assertThat(answer(asked).get("echo").asText()).isEqualTo("heard");
        assertThat(request.qos()).isEqualTo(1);
        assertThat(request.retained()).isFalse();
        assertThat(request.properties().responseTopic()).isEmpty();
    }

    @Test
    void saysThatHttpsBringsNoAnswer() throws Exception {
        String topic = "$aws/things/T/jobs/start-next";
        askBy("awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo="
                + aws.address(GatewayPort.HTTPS_8443) + "&protocol=https&"
                + device.files().options());

        assertThat(ask("", Map.of()).get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(topic)
                .hasMessageContaining("protocol=mqtt");
        assertThat(aws.receivedPublishes(topic)).isEmpty();
    }

    @Test
    void publishesNoRequestBeforeItsAnswerCanBeHeard() throws Exception {
        aws.faults().inject(new Fault.Withhold(Fault.Answer.SUBACK), 1);
        askBy(uri(UPDATE, "unsure", "&requestTimeout=500ms"));

        assertThat(ask("{\"state\":{}}", Map.of()).get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(ExchangeTimedOutException.class);
        assertThat(subscribesOf("unsure")).isNotEmpty();
        assertThat(aws.receivedPublishes(UPDATE)).isEmpty();
    }

    @Test
    void waitsForTheConnectionWhereThereIsNoneYet() throws Exception {
        aws.stop();
        CompletableFuture<Exchange> early;
        try {
            askBy(uri(UPDATE, "early", "&awaitConnection=never&reconnectMinDelay=100ms&reconnectMaxDelay=1s"));
            early = ask("{\"state\":{}}", Map.of());
        } finally {
            aws.start();
        }

        accept(
                await().until(() -> aws.receivedPublishes(UPDATE), all -> all.size() == 1)
                        .get(0),
                "heard");
        assertThat(answer(early).get("echo").asText()).isEqualTo("heard");
    }

    @Test
    void sendsWhatHadNotItsTurnOnTheNextConnection() throws Exception {
        askBy(uri(UPDATE, "cut", "&reconnectMinDelay=100ms&reconnectMaxDelay=200ms"));
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            asked.add(ask("{\"state\":{\"reported\":{\"n\":" + i + "}}}", Map.of()));
        }
        await().until(() -> aws.receivedPublishes(UPDATE).size() == 10);
        await().until(() -> connectionOf("cut").getInFlight() == 0);

        aws.disconnect("cut");

        List<ReceivedPublish> requests = await().until(() -> aws.receivedPublishes(UPDATE), all -> all.size() >= 12);
        for (ReceivedPublish request : requests.subList(10, requests.size())) {
            accept(request, "heard");
        }
        int lost = 0;
        for (CompletableFuture<Exchange> each : asked) {
            lost += each.get(10, TimeUnit.SECONDS).getException() == null ? 0 : 1;
        }
        assertThat(lost).isEqualTo(10);
    }

    @Test
    void sendsWhatHadNotItsTurnOnTheNextConnectionWhenOtherAnswersAreSubscribedToo() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .toD(uri("${header.topic}", "cut", "&reconnectMinDelay=100ms&reconnectMaxDelay=200ms"));
            }
        });
        camel.start();
        String get = UPDATE.replace("update", "get");
        CompletableFuture<Exchange> first = ask("", Map.of("topic", get));
        accept(
                await().until(() -> aws.receivedPublishes(get), all -> all.size() == 1)
                        .get(0),
                "heard");
        answer(first);
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            asked.add(ask("{\"state\":{\"reported\":{\"n\":" + i + "}}}", Map.of("topic", UPDATE)));
        }
        await().until(() -> aws.receivedPublishes(UPDATE).size() == 10);
        await().until(() -> connectionOf("cut").getInFlight() == 0);

        aws.disconnect("cut");

        List<ReceivedPublish> requests = await().until(() -> aws.receivedPublishes(UPDATE), all -> all.size() >= 15);
        for (ReceivedPublish request : requests.subList(10, requests.size())) {
            accept(request, "heard");
        }
        int lost = 0;
        for (CompletableFuture<Exchange> each : asked) {
            lost += each.get(10, TimeUnit.SECONDS).getException() == null ? 0 : 1;
        }
        assertThat(lost).isEqualTo(10);
        assertThat(aws.receivedPublishes(UPDATE)).hasSize(15);
    }

    /** A second certificate is what a copy of this request would make. */
    @Test
    void sendsNoRequestAgainWhoseAcknowledgementIsLostWithTheConnection() throws Exception {
        String create = "$aws/certificates/create/json";
        aws.faults().inject(new Fault.DropBefore(Fault.Answer.PUBACK), 1, "once"::equals);
        askBy(uri(create, "once", "&reconnectMinDelay=100ms&reconnectMaxDelay=100ms"));

        assertThat(ask("{}", Map.of()).get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(AnswerLostException.class);

        CompletableFuture<Exchange> retried = ask("{}", Map.of());
        await().until(() -> aws.receivedPublishes(create).size() > 1);
        await().until(() -> {
            aws.publish(create + "/accepted", "{\"certificateId\":\"x\"}", 1);
            return retried.isDone();
        });
        assertThat(answer(retried).get("certificateId").asText()).isEqualTo("x");
        assertThat(aws.receivedPublishes(create)).hasSize(2);
    }

    @Test
    void sendsNothingThatWaitsForItsTurnWhenItsRouteStops() throws Exception {
        String create = "$aws/certificates/create/json";
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("first").to(uri(create, "leaver", ""));
                from("direct:plain").to(uri("plain", "leaver", ""));
            }
        });
        camel.getShutdownStrategy().setTimeout(1);
        camel.start();
        List<CompletableFuture<Exchange>> waiting = List.of(ask("{}", Map.of()), ask("{}", Map.of()));
        await().until(() -> aws.receivedPublishes(create).size() == 1);

        camel.getRouteController().stopRoute("first", 100, TimeUnit.MILLISECONDS);

        for (CompletableFuture<Exchange> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS).getException())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("stopped");
        }
        camel.createProducerTemplate().sendBody("direct:plain", "after");
        assertThat(aws.receivedPublishes("plain")).hasSize(1);
        assertThat(aws.receivedPublishes(create)).hasSize(1);
    }

    @Test
    void failsWhatWaitsWhenItsRouteStopsAndLeavesNothingSubscribed() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("first").to(uri(UPDATE, "leaver", ""));
                from("direct:plain").to(uri("plain", "leaver", ""));
            }
        });
        camel.getShutdownStrategy().setTimeout(1);
        camel.start();
        CompletableFuture<Exchange> waiting = ask("{\"state\":{}}", Map.of());
        await().until(() -> aws.receivedPublishes(UPDATE).size() == 1);

        camel.getRouteController().stopRoute("first", 100, TimeUnit.MILLISECONDS);

        assertThat(waiting.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stopped");
        await().until(() -> unsubscribesOf("leaver"), filters -> filters.equals(subscribesOf("leaver")));
        assertThat(unsubscribesOf("leaver")).hasSize(2);
    }

    @Test
    void endsTheSubscriptionsThatAStoppedRouteAloneUsed() throws Exception {
        String other = "$aws/things/other/shadow/get";
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("first").to(uri(UPDATE, "two", ""));
                from("direct:other").routeId("second").to(uri(other, "two", ""));
            }
        });
        camel.start();
        CompletableFuture<Exchange> first = ask("{\"state\":{}}", Map.of());
        accept(
                await().until(() -> aws.receivedPublishes(UPDATE), all -> all.size() == 1)
                        .get(0),
                "first");
        answer(first);
        CompletableFuture<Object> second = template().asyncRequestBody("direct:other", "");
        await().until(() -> aws.receivedPublishes(other).size() == 1);

        camel.getRouteController().stopRoute("first");

        await().until(() -> unsubscribesOf("two").size() == 2);
        assertThat(unsubscribesOf("two")).containsExactlyInAnyOrder(UPDATE + "/accepted", UPDATE + "/rejected");
        accept(aws.receivedPublishes(other).get(0), "second");
        assertThat(second.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    private void askBy(String uri) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(uri);
            }
        });
        camel.start();
    }

    private CompletableFuture<Exchange> ask(String body, Map<String, Object> headers) {
        Exchange exchange = camel.getEndpoint("direct:ask").createExchange(ExchangePattern.InOut);
        exchange.getIn().setBody(body);
        exchange.getIn().setHeaders(new HashMap<>(headers));
        return template().asyncSend("direct:ask", exchange);
    }

    private ProducerTemplate template() {
        if (template == null) {
            template = camel.createProducerTemplate();
        }
        return template;
    }

    private void accept(ReceivedPublish request, String echo) throws IOException {
        JsonNode token = json(request).get("clientToken");
        aws.publish(request.topic() + "/accepted", "{\"echo\":\"" + echo + "\",\"clientToken\":" + token + "}", 1);
    }

    private static JsonNode json(ReceivedPublish request) throws IOException {
        return new ObjectMapper().readTree(request.payload());
    }

    private static JsonNode answer(CompletableFuture<Exchange> asked) throws Exception {
        Exchange answered = asked.get(30, TimeUnit.SECONDS);
        assertThat(answered.getException()).isNull();
        return new ObjectMapper().readTree(answered.getMessage().getBody(byte[].class));
    }
}
