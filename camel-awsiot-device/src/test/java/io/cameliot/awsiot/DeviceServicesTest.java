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
import static io.cameliot.awsiot.AwsIotDeviceConstants.ERROR_CODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device whose shadow, jobs and commands are the emulator's: one route for all topics, by toD. */
class DeviceServicesTest extends DeviceTestSupport {

    private final String thing = "thing-" + System.identityHashCode(this);
    private final String prefix = "$aws/things/" + thing + "/";
    private ProducerTemplate template;
    private String options = "&reconnectMinDelay=50ms&reconnectMaxDelay=100ms";

    @BeforeEach
    void createTemplate() {
        template = camel.createProducerTemplate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void keepsItsShadow(String version) throws Exception {
        options += "&mqttVersion=" + version;
        start();

        assertThat(rejected(prefix + "shadow/get", "").getCode()).isEqualTo("404");
        JsonNode updated = ask(prefix + "shadow/update", "{\"state\":{\"reported\":{\"color\":\"red\"}}}");
        aws.thing(thing).shadow().setDesired("{\"color\":\"blue\"}");
        JsonNode shadow = ask(prefix + "shadow/get", "");

        assertThat(updated.at("/state/reported/color").asText()).isEqualTo("red");
        assertThat(aws.thing(thing).shadow().reported().get("color").asText()).isEqualTo("red");
        assertThat(shadow.at("/state/delta/color").asText()).isEqualTo("blue");
        DeviceRequestRejectedException conflict = rejected(
                prefix + "shadow/update", "{\"state\":{\"reported\":{}},\"version\":" + updated.get("version") + "}");
        assertThat(conflict.getCode()).isEqualTo("409");
        assertThat(conflict).hasMessageContaining("Version conflict");
        ask(prefix + "shadow/delete", "");
        assertThat(aws.thing(thing).shadow().exists()).isFalse();
    }

    @Test
    void keepsItsNamedShadows() throws Exception {
        start();

        ask(prefix + "shadow/name/config/update", "{\"state\":{\"reported\":{\"n\":1}}}");
        ask(prefix + "shadow/update", "{\"state\":{\"reported\":{\"n\":2}}}");

        assertThat(ask(prefix + "shadow/name/config/get", "")
                        .at("/state/reported/n")
                        .asInt())
                .isEqualTo(1);
        assertThat(aws.thing(thing).shadowNames()).containsExactly("config");
        ask(prefix + "shadow/name/config/delete", "{}");
        assertThat(aws.thing(thing).shadowNames()).isEmpty();
        assertThat(aws.thing(thing).shadow().exists()).isTrue();
    }

    @Test
    void doesItsJobs() throws Exception {
        start();
        assertThat(ask(prefix + "jobs/start-next", "").has("execution")).isFalse();
        String job = aws.jobs().create(thing, "{\"operation\":\"test\"}");

        assertThat(ask(prefix + "jobs/get", "").at("/queuedJobs/0/jobId").asText())
                .isEqualTo(job);
        JsonNode started = ask(prefix + "jobs/start-next", "{\"statusDetails\":{\"step\":\"1\"}}");
        JsonNode described = ask(prefix + "jobs/$next/get", "");
        DeviceRequestRejectedException mismatch =
                rejected(prefix + "jobs/" + job + "/update", "{\"status\":\"IN_PROGRESS\",\"expectedVersion\":\"77\"}");
        JsonNode reported =
                ask(prefix + "jobs/" + job + "/update", "{\"status\":\"SUCCEEDED\",\"includeJobExecutionState\":true}");

        assertThat(started.at("/execution/jobDocument/operation").asText()).isEqualTo("test");
        assertThat(described.at("/execution/status").asText()).isEqualTo("IN_PROGRESS");
        assertThat(mismatch.getCode()).isEqualTo("VersionMismatch");
        assertThat(new ObjectMapper()
                        .readTree(mismatch.getBody())
                        .at("/executionState/status")
                        .asText())
                .isEqualTo("IN_PROGRESS");
        assertThat(reported.at("/executionState/status").asText()).isEqualTo("SUCCEEDED");
        assertThat(rejected(prefix + "jobs/" + job + "/update", "{\"status\":\"FAILED\"}")
                        .getCode())
                .isIn("InvalidStateTransition", "TerminalStateReached");
        assertThat(rejected(prefix + "jobs/none/get", "").getCode()).isEqualTo("ResourceNotFound");
    }

    @Test
    void reportsOnCommands() throws Exception {
        start();
        SentCommand command = aws.commands().send(thing, "{\"do\":\"it\"}");
        String topic = "$aws/commands/things/" + thing + "/executions/" + command.executionId() + "/response/json";

        JsonNode first = ask(topic, "{\"status\":\"IN_PROGRESS\"}");
        JsonNode last = ask(topic, "{\"status\":\"SUCCEEDED\",\"result\":{\"done\":{\"b\":true}}}");

        assertThat(List.of(first, last))
                .extracting(answer -> answer.get("executionId").asText())
                .containsOnly(command.executionId());
        assertThat(command.state().name()).isEqualTo("SUCCEEDED");
        assertThat(rejected(topic, "{\"status\":\"FAILED\"}").isRetryable()).isFalse();
    }

    @Test
    void reportsItsMetrics() throws Exception {
        start();

        JsonNode accepted = ask(
                prefix + "defender/metrics/json",
                "{\"header\":{\"report_id\":" + System.currentTimeMillis() / 1000
                        + ",\"version\":\"1.0\"},\"metrics\":{\"network_stats\":{\"bytes_in\":1,\"bytes_out\":1,"
                        + "\"packets_in\":1,\"packets_out\":1}}}");

        assertThat(accepted.isObject()).isTrue();
    }

    @Test
    void saysWhetherAnotherTryCanHelp() throws Exception {
        start();
        aws.faults().inject(new Fault.RejectRequest(prefix + "shadow/#", "500", "Internal service failure"), 1);
        aws.faults().inject(new Fault.RejectRequest(prefix + "jobs/#", "RequestThrottled", "slower"), 1);

        assertThat(rejected(prefix + "shadow/get", "").isRetryable()).isTrue();
        assertThat(rejected(prefix + "jobs/get", "").isRetryable()).isTrue();
    }

    @Test
    void failsAtOnceWhereTheConnectionTakesTheAnswerWithIt() throws Exception {
        start();
        aws.faults().inject(new Fault.DropAfterRequest(prefix + "shadow/update"), 1);

        Exchange lost = send(prefix + "shadow/update", "{\"state\":{\"reported\":{\"n\":1}}}")
                .get(20, TimeUnit.SECONDS);

        assertThat(lost.getException()).isInstanceOf(AnswerLostException.class);
        assertThat(aws.thing(thing).shadow().reported().get("n").asInt()).isEqualTo(1);
        ask(prefix + "shadow/update", "{\"state\":{\"reported\":{\"n\":2}}}");
    }

    @Test
    void goesOnWithAllElseWhereOneSubscriptionIsRefused() throws Exception {
        aws.faults().inject(new Fault.RefuseSubscription(prefix + "shadow/get/+", 0x87), Faults.ALWAYS);
        MockEndpoint plain = camel.getEndpoint("mock:plain", MockEndpoint.class);
        plain.expectedMessageCount(1);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("plain", thing, options)).to(plain);
            }
        });
        start();

        Exchange refused = send(prefix + "shadow/get", "").get(20, TimeUnit.SECONDS);
        ask(prefix + "shadow/update", "{\"state\":{\"reported\":{\"n\":1}}}");
        aws.publish("plain", "heard", 1);

        assertThat(refused.getException()).isInstanceOf(SubscriptionRefusedException.class);
        plain.assertIsSatisfied(10_000);
        assertThat(aws.connectionsOf(thing)).singleElement().matches(connection -> connection.isOpen());
    }

    @Test
    void takesARejectionThatHasNoToken() throws Exception {
        options += "&rejectedAsException=false";
        start();
        aws.faults().inject(new Fault.OmitClientToken(prefix + "shadow/get/rejected"), 1);

        Exchange rejected = send(prefix + "shadow/get", "").get(20, TimeUnit.SECONDS);

        assertThat(rejected.getException()).isNull();
        assertThat(rejected.getMessage().getHeader(ERROR_CODE)).isEqualTo("404");
        assertThat(rejected.getMessage().getHeader(CLIENT_TOKEN)).isNull();
    }

    @Test
    void isNotConfusedByEventsThatComeFirstAndAnswersThatComeTwice() throws Exception {
        start();
        aws.faults().inject(new Fault.EventsFirst(prefix + "shadow/update"), 1);
        aws.faults().inject(new Fault.RepeatMessage(prefix + "shadow/update/accepted"), 1);

        JsonNode first = ask(prefix + "shadow/update", "{\"state\":{\"desired\":{\"n\":1}}}");
        JsonNode second = ask(prefix + "shadow/update", "{\"state\":{\"desired\":{\"n\":2}}}");

        assertThat(second.get("version").asInt()).isEqualTo(first.get("version").asInt() + 1);
    }

    @Test
    void isNeverThrottledThoughItSendsAThousandUpdatesAtOnce() throws Exception {
        options += "&requestTimeout=120s";
        start();
        List<CompletableFuture<Exchange>> sent = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sent.add(send(prefix + "shadow/update", "{\"state\":{\"reported\":{\"n\":" + i + "}}}"));
        }

        for (int i = 0; i < sent.size(); i++) {
            Exchange answered = sent.get(i).get(120, TimeUnit.SECONDS);
            assertThat(answered.getException()).isNull();
            assertThat(json(answered).at("/state/reported/n").asInt()).isEqualTo(i);
        }
        assertThat(aws.thing(thing).shadow().version()).isEqualTo(1000);
        assertThat(subscribesOf(thing)).hasSize(2);
        camel.stop();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> aws.connectionsOf(thing).stream().noneMatch(connection -> connection.isOpen()));
    }

    private void start() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD(uri("${header.topic}", thing, options));
            }
        });
        camel.start();
    }

    private CompletableFuture<Exchange> send(String topic, String body) {
        Exchange exchange = camel.getEndpoint("direct:ask").createExchange(ExchangePattern.InOut);
        exchange.getIn().setHeader("topic", topic);
        exchange.getIn().setBody(body);
        return template.asyncSend("direct:ask", exchange);
    }

    private JsonNode ask(String topic, String body) throws Exception {
        Exchange answered = send(topic, body).get(20, TimeUnit.SECONDS);
        assertThat(answered.getException()).isNull();
        return json(answered);
    }

    private DeviceRequestRejectedException rejected(String topic, String body) throws Exception {
        Exchange answered = send(topic, body).get(20, TimeUnit.SECONDS);
        assertThat(answered.getException()).isInstanceOf(DeviceRequestRejectedException.class);
        return answered.getException(DeviceRequestRejectedException.class);
    }

    private static JsonNode json(Exchange exchange) throws Exception {
        return new ObjectMapper().readTree(exchange.getMessage().getBody(byte[].class));
    }
}
