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

import static io.cameliot.awsiot.AwsIotDeviceConstants.CONTENT_TYPE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.CORRELATION_DATA;
import static io.cameliot.awsiot.AwsIotDeviceConstants.MESSAGE_EXPIRY;
import static io.cameliot.awsiot.AwsIotDeviceConstants.QOS;
import static io.cameliot.awsiot.AwsIotDeviceConstants.RESPONSE_TOPIC;
import static io.cameliot.awsiot.AwsIotDeviceConstants.TOPIC;
import static io.cameliot.awsiot.AwsIotDeviceConstants.USER_PROPERTIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over any topic, by response topic and correlation data. */
class RequestTest extends DeviceTestSupport {

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void goesOnWithTheAnswerAndItsProperties(int qos) throws Exception {
        String asker = "asker-" + qos;
        answerEchoes("echo", "&qos=" + qos);
        askBy(uri("echo", asker, "&request=always&requestTimeout=20s&qos=" + qos));

        Exchange exchange =
                ask("hello", Map.of(CONTENT_TYPE, "text/x-question", USER_PROPERTIES, Map.of("a", "b"), "own", 1));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("echo of hello");
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(TOPIC, "camel/answers/" + asker)
                .containsEntry(QOS, qos)
                .containsEntry(CONTENT_TYPE, "text/x-answer")
                .containsEntry("own", 1)
                .doesNotContainKeys(USER_PROPERTIES, MESSAGE_EXPIRY, RESPONSE_TOPIC, CORRELATION_DATA);
        assertThat(aws.receivedPublishes("echo")).singleElement().satisfies(request -> {
            assertThat(request.qos()).isEqualTo(qos);
            assertThat(request.properties().contentType()).hasValue("text/x-question");
            assertThat(request.properties().responseTopic()).hasValue("camel/answers/" + asker);
            assertThat(request.properties().correlationData()).isPresent();
            assertThat(request.properties().messageExpirySeconds().orElseThrow())
                    .as("what is left of requestTimeout")
                    .isBetween(1L, 20L);
        });
        assertThat(subscribesOf(asker)).containsExactly("camel/answers/" + asker);
    }

    @Test
    void givesEachOfManyRequestsItsOwnAnswerOverOneConnectionAndSubscription() throws Exception {
        answerEchoes("many/+", "&concurrentConsumers=5");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD(uri("many/${header.number}", "many-asker", "&request=always"));
            }
        });
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();

        List<CompletableFuture<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(template.asyncRequestBodyAndHeader("direct:ask", i, "number", i % 7));
        }

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(bytes("echo of " + i));
        }
        assertThat(aws.connectionsOf("many-asker")).hasSize(1);
        assertThat(subscribesOf("many-asker")).hasSize(1);
        assertThat(connectionOf("many-asker").getDropped()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"InOnly, &request=always", "InOut, &request=never", "InOut, &request=auto", "InOut, ''"})
    void publishesPlainlyWhatIsNoRequest(ExchangePattern pattern, String options) throws Exception {
        askBy(uri("plain", "plain", options));

        Exchange exchange = camel.createProducerTemplate()
                .send("direct:ask", pattern, sent -> sent.getIn().setBody("hello"));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isEqualTo("hello");
        assertThat(aws.receivedPublishes("plain")).singleElement().satisfies(published -> {
            assertThat(published.properties().responseTopic()).isEmpty();
            assertThat(published.properties().correlationData()).isEmpty();
        });
        assertThat(subscribesOf("plain")).isEmpty();
    }

    @Test
    void replacesResponseTopicAndCorrelationDataOfTheRoute() throws Exception {
        answerEchoes("replaced", "");
        askBy(uri("replaced", "replacer", "&request=always"));

        Exchange exchange =
                ask("hello", Map.of(RESPONSE_TOPIC, "elsewhere", CORRELATION_DATA, "mine", MESSAGE_EXPIRY, 77));

        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("echo of hello");
        assertThat(aws.receivedPublishes("replaced")).singleElement().satisfies(request -> {
            assertThat(request.properties().responseTopic()).hasValue("camel/answers/replacer");
            assertThat(request.properties().correlationData().orElseThrow()).isNotEqualTo(bytes("mine"));
            assertThat(request.properties().messageExpirySeconds()).hasValue(77);
        });
        assertThat(aws.receivedPublishes("elsewhere")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"an/asker/of/levels", "an+asker", "an#asker"})
    void hearsAnswersWhateverItsClientIdIs(String clientId) throws Exception {
        answerEchoes("odd", "");
        askBy(uri("odd", "RAW(" + clientId + ")", "&request=always"));

        assertThat(ask("hello", Map.of()).getMessage().getBody(String.class)).isEqualTo("echo of hello");
        assertThat(aws.connectionsOf(clientId)).isNotEmpty();
    }

    @Test
    void failsAfterRequestTimeoutAndDropsTheLateAnswer() throws Exception {
        askBy(uri("silent", "timed", "&request=always&requestTimeout=300ms"));

        Exchange exchange = ask("hello", Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ExchangeTimedOutException.class)
                .hasMessageContaining("no answer to the request to topic 'silent'")
                .hasMessageContaining("requestTimeout (300 ms)");
        ReceivedPublish late = aws.receivedPublishes("silent").get(0);
        answer(late, "too late");
        aws.publish("camel/answers/timed", "without correlation data", 1);
        aws.publish("camel/answers/timed", bytes("of others"), 1, false, properties("x", "unknown"));
        await().until(() -> connectionOf("timed").getDropped(), dropped -> dropped == 3);
        assertThat(aws.connectionsOf("timed")).singleElement().matches(connection -> connection.isOpen());
    }

    @Test
    void failsAtOnceWhenTheConnectionEndsAndAsksAgainOnTheNextOne() throws Exception {
        askBy(uri("lost", "loser", "&request=always&reconnectMinDelay=100ms&reconnectMaxDelay=100ms"));
        CompletableFuture<Exchange> waiting = askSoon("lost");

        aws.disconnect("loser");

        assertThat(waiting.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(AnswerLostException.class)
                .hasMessageContaining("'lost'")
                .hasMessageContaining("can be sent again");
        CompletableFuture<Exchange> again = askSoon("lost");
        answer(aws.receivedPublishes("lost").get(1), "heard");
        assertThat(again.get(10, TimeUnit.SECONDS).getMessage().getBody(String.class))
                .isEqualTo("heard");
        assertThat(subscribesOf("loser")).containsExactly("camel/answers/loser", "camel/answers/loser");
    }

    /** The sender retries, and a copy of the first would be carried out beside its retry. */
    @Test
    void sendsNoRequestAgainWhoseAcknowledgementIsLostWithTheConnection() throws Exception {
        aws.faults().inject(new Fault.DropBefore(Fault.Answer.PUBACK), 1, "once"::equals);
        askBy(uri("once", "once", "&request=always&reconnectMinDelay=100ms&reconnectMaxDelay=100ms"));

        assertThat(askAsync().get(10, TimeUnit.SECONDS).getException()).isInstanceOf(AnswerLostException.class);

        CompletableFuture<Exchange> retried = askAsync();
        await().until(() -> {
            // The retry is the last: messages keep their order.
            List<ReceivedPublish> requests = aws.receivedPublishes("once");
            answer(requests.get(requests.size() - 1), "heard");
            return retried.isDone();
        });
        assertThat(retried.join().getMessage().getBody(String.class)).isEqualTo("heard");
        assertThat(aws.receivedPublishes("once")).hasSize(2);
        AwsIotDeviceConnectionView connection = connectionOf("once");
        await().until(connection::getInFlight, inFlight -> inFlight == 0);
        assertThat(connection.getWaiting()).isZero();
        assertThat(connection.getResent()).isZero();
        assertThat(connection.getPublished()).isEqualTo(2);
        assertThat(connection.getFailed()).isEqualTo(1);
        await().until(connection::getAcknowledged, acknowledged -> acknowledged == 1);
    }

    @Test
    void waitsForTheConnectionWhereThereIsNoneYet() throws Exception {
        aws.stop();
        CompletableFuture<Exchange> early;
        try {
            askBy(uri(
                    "early",
                    "early",
                    "&request=always&awaitConnection=never&reconnectMinDelay=100ms&reconnectMaxDelay=1s"));
            early = askAsync();
        } finally {
            aws.start();
        }

        await().until(() -> aws.receivedPublishes("early"), requests -> requests.size() == 1);
        answer(aws.receivedPublishes("early").get(0), "heard");
        assertThat(early.get(10, TimeUnit.SECONDS).getMessage().getBody(String.class))
                .isEqualTo("heard");
    }

    @Test
    void failsAtOnceWhenTheServerRefusesTheRequest() throws Exception {
        aws.faults().inject(new Fault.RefusePublish("refused", 0x87));
        askBy(uri("refused", "refused", "&request=always"));

        Exchange exchange = askAsync().get(10, TimeUnit.SECONDS);

        assertThat(exchange.getException(PublishException.class).getReasonCode())
                .isEqualTo(0x87);
    }

    @Test
    void publishesNothingWhileTheServerRefusesTheSubscription() throws Exception {
        aws.faults().inject(new Fault.RefuseSubscription("camel/answers/deaf", 0x87));
        askBy(uri("unheard", "deaf", "&request=always&reconnectMinDelay=100ms&reconnectMaxDelay=500ms"));

        assertThat(ask("first", Map.of()).getException())
                .isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("camel/answers/deaf");
        assertThat(aws.receivedPublishes("unheard")).isEmpty();

        // The policy was mended meanwhile, and it is asked again.
        await().until(() -> {
            CompletableFuture<Exchange> heard = askAsync();
            await().until(() ->
                    heard.isDone() || !aws.receivedPublishes("unheard").isEmpty());
            return !heard.isDone();
        });
        answer(aws.receivedPublishes("unheard").get(0), "heard");
    }

    @Test
    void publishesNoRequestBeforeItsAnswerCanBeHeard() throws Exception {
        aws.faults().inject(new Fault.Withhold(Fault.Answer.SUBACK), 1);
        askBy(uri("unasked", "unsure", "&request=always&requestTimeout=500ms"));

        assertThat(ask("hello", Map.of()).getException()).isInstanceOf(ExchangeTimedOutException.class);

        assertThat(subscribesOf("unsure")).hasSize(1);
        assertThat(aws.receivedPublishes("unasked")).isEmpty();
    }

    @Test
    void neitherHoldsUpItsCallerNorRunsARouteOnAnEventLoop() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .to(uri("slow", "patient", "&request=always"))
                        .process(exchange ->
                                thread.complete(Thread.currentThread().getName()));
            }
        });
        camel.start();
        try (AsyncProducer producer = camel.getEndpoint("direct:ask").createAsyncProducer()) {
            producer.start();
            Exchange exchange = camel.getEndpoint("direct:ask").createExchange(ExchangePattern.InOut);

            assertThat(producer.process(exchange, doneSync -> {})).isFalse();
        }

        await().until(() -> aws.receivedPublishes("slow"), requests -> requests.size() == 1);
        assertThat(thread).isNotDone();
        answer(aws.receivedPublishes("slow").get(0), "heard");
        assertThat(thread.get(10, TimeUnit.SECONDS)).contains("AwsIotDevice").doesNotContain("EventLoop");
    }

    @Test
    void failsWhatWaitsWhenItsRouteStopsAndUnsubscribesWithTheLast() throws Exception {
        String one = uri("one", "leaver", "&request=always");
        String two = uri("two", "leaver", "&request=always");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("first").to(one);
                from("direct:other").routeId("second").to(two);
                from("direct:plain").to(uri("plain", "leaver", ""));
            }
        });
        camel.getShutdownStrategy().setTimeout(1);
        camel.start();
        CompletableFuture<Exchange> first = askSoon("one");
        CompletableFuture<Exchange> second = camel.createProducerTemplate()
                .asyncSend("direct:other", exchange -> exchange.setPattern(ExchangePattern.InOut));
        await().until(() -> aws.receivedPublishes("two"), requests -> requests.size() == 1);

        camel.getRouteController().stopRoute("first", 100, TimeUnit.MILLISECONDS);

        assertThat(first.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stopped");
        assertThat(second).isNotDone();
        assertThat(unsubscribesOf("leaver")).isEmpty();
        answer(aws.receivedPublishes("two").get(0), "heard");
        assertThat(second.get(10, TimeUnit.SECONDS).getMessage().getBody(String.class))
                .isEqualTo("heard");

        camel.getRouteController().stopRoute("second");

        await().until(() -> unsubscribesOf("leaver"), List.of("camel/answers/leaver")::equals);
        assertThat(aws.connectionsOf("leaver")).singleElement().matches(connection -> connection.isOpen());
    }

    @Test
    void failsWhatWaitsWhenTheContextStopsWhileATemplateIsOpen() throws Exception {
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();
        CompletableFuture<Exchange> waiting = template.asyncSend(
                uri("open", "template", "&request=always&cleanSession=false"),
                exchange -> exchange.setPattern(ExchangePattern.InOut));
        await().until(() -> aws.receivedPublishes("open"), requests -> requests.size() == 1);

        camel.stop();

        assertThat(waiting.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOfAny(IOException.class, CamelExchangeException.class);
        await().until(() -> unsubscribesOf("template"), List.of("camel/answers/template")::equals);
    }

    @Test
    void givesUpWhatHasNotBeenAnsweredWhateverTheFaultAndGoesOn() throws Exception {
        aws.faults().inject(new Fault.DropBefore(Fault.Answer.PUBACK), Faults.ALWAYS, "dropped"::equals);
        askBy(uri("dropped", "dropped", "&request=always&reconnectMinDelay=100ms&reconnectMaxDelay=100ms"));

        assertThat(askAsync().get(10, TimeUnit.SECONDS).getException()).isInstanceOf(AnswerLostException.class);

        aws.faults().clear();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> connectionOf("dropped").getConnectionState(), "CONNECTED"::equals);
        CompletableFuture<Exchange> again = askAsync();
        await().until(() -> {
            aws.receivedPublishes("dropped").forEach(request -> answer(request, "heard"));
            return again.isDone();
        });
        assertThat(again.get().getMessage().getBody(String.class)).isEqualTo("heard");
    }

    private void answerEchoes(String filter, String options) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(filter, "echo", "&exchangePattern=InOut" + options))
                        .setBody(simple("echo of ${body}"))
                        .setHeader(CONTENT_TYPE, constant("text/x-answer"));
            }
        });
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

    private Exchange ask(Object body, Map<String, Object> headers) {
        return camel.createProducerTemplate().request("direct:ask", exchange -> {
            exchange.getIn().setBody(body);
            exchange.getIn().setHeaders(new LinkedHashMap<>(headers));
        });
    }

    private CompletableFuture<Exchange> askAsync() {
        return camel.createProducerTemplate()
                .asyncSend("direct:ask", exchange -> exchange.setPattern(ExchangePattern.InOut));
    }

    /** Returns when the request is out. */
    private CompletableFuture<Exchange> askSoon(String topic) {
        int before = aws.receivedPublishes(topic).size();
        CompletableFuture<Exchange> asked = askAsync();
        await().until(() -> aws.receivedPublishes(topic), requests -> requests.size() > before);
        return asked;
    }
}
