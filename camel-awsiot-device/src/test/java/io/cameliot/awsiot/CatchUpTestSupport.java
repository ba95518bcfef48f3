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
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** Consumers that catch up, and reconnections. */
abstract class CatchUpTestSupport extends DeviceTestSupport {

    static final String CATCH_UP = "&catchUp=true&reconnectMinDelay=50ms&reconnectMaxDelay=100ms";

    final Queue<Exchange> routed = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    String thing;

    @BeforeEach
    void nameTheThing(TestInfo test) {
        thing = test.getTestMethod().orElseThrow().getName() + "-" + System.identityHashCode(this);
        camel.getRegistry().bind("failures", new LoggingExceptionHandler(camel, getClass()) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                failures.add(exception);
            }
        });
    }

    final void consume(String topic, String options, Processor route) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(
                                "$aws/things/" + thing + "/" + topic,
                                thing,
                                CATCH_UP + "&exceptionHandler=#failures" + options))
                        .routeId("consumer")
                        .process(exchange -> routed.add(exchange.copy()))
                        .process(route);
            }
        });
        camel.start();
    }

    final List<JsonNode> received(int count) {
        await().until(() -> routed.size() >= count);
        assertThat(routed).hasSize(count);
        return routed.stream().map(CatchUpTestSupport::json).toList();
    }

    /** The one at the top is that of the message. */
    static JsonNode withoutTimestamp(JsonNode event) {
        return ((ObjectNode) event).without("timestamp");
    }

    private static JsonNode json(Exchange exchange) {
        try {
            return new ObjectMapper().readTree(exchange.getMessage().getBody(byte[].class));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Ends the connection, and waits until the next one has caught up. */
    final void reconnect() {
        int before = requests();
        aws.disconnect(thing);
        await().until(() -> requests() > before);
    }

    private int requests() {
        return (int) aws.receivedPublishes().stream()
                .filter(published -> published.clientId().filter(thing::equals).isPresent())
                .count();
    }

    final void awaitRequests(String request, int count) {
        await().until(() ->
                aws.receivedPublishes("$aws/things/" + thing + "/" + request).size() >= count);
    }

    final void withhold(String topic) {
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/" + topic), Faults.ALWAYS);
    }

    final void getsNothingMore(int than) {
        await().during(Duration.ofMillis(300)).until(() -> routed.size() == than);
    }
}
