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

import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the messages that a route has not processed when it stops alone, because it hangs. */
class HangingRouteTest extends DeviceTestSupport {

    private final MockEndpoint stayed = camel.getEndpoint("mock:stayed", MockEndpoint.class);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> entered = new CopyOnWriteArrayList<>();

    @AfterEach
    void release() {
        released.countDown();
    }

    @ParameterizedTest(name = "cleanSession={0}, concurrentConsumers={1}")
    @CsvSource({"true, 1", "false, 1", "false, 2"})
    void holdsNoPlaceInTheServersWindowWhereAnotherRouteHasTheMessages(boolean clean, int concurrent) throws Exception {
        String client = "beside-" + clean + concurrent;
        start(client, "/+", "/#", "&cleanSession=" + clean + "&concurrentConsumers=" + concurrent);
        stayed.expectedMinimumMessageCount(20);

        publish(client + "/a", 10);
        publish(client + "/b", 10);
        stayed.assertIsSatisfied(10_000);
        await().until(() -> entered.size() == concurrent);
        assertThat(inFlight(client)).isPositive();
        camel.getRouteController().stopRoute("hangs", 1, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(inFlight(client)).isZero());
    }

    @Test
    void holdsNoPlaceInTheServersWindowWhereNobodyElseCanGetTheMessages() throws Exception {
        String client = "alone";
        start(client, "/a", "/b", "");
        publish(client + "/a", 20);
        await().until(() -> inFlight(client) == 20);

        camel.getRouteController().stopRoute("hangs", 1, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(inFlight(client)).isZero());
    }

    @ParameterizedTest(name = "{0}{1}")
    @CsvSource({"'', &cleanSession=false", "$share/group/, ''"})
    void leavesTheMessagesToTheServerThatItSendsAgain(String group, String options) throws Exception {
        String client = "kept" + group.length();
        start(group, client, "/a", "/b", options);
        publish(client + "/a", 20);
        await().until(() -> inFlight(client) == 20);

        camel.getRouteController().stopRoute("hangs", 1, TimeUnit.SECONDS);

        // The message that was in the route has failed, and is done.
        await().during(Duration.ofMillis(300)).until(() -> inFlight(client) == 19);
    }

    private void start(String client, String hanging, String staying, String options) throws Exception {
        start("", client, hanging, staying, options);
    }

    private void start(String group, String client, String hanging, String staying, String options) throws Exception {
        String more = "&reconnectMinDelay=50ms&reconnectMaxDelay=100ms" + options;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(group + client + hanging, client, more))
                        .routeId("hangs")
                        .errorHandler(noErrorHandler())
                        .process(this::hang);
                from(uri(client + staying, client, more)).to(stayed);
            }

            private void hang(Exchange exchange) throws InterruptedException {
                entered.add(exchange.getMessage().getBody(String.class));
                released.await(1, TimeUnit.MINUTES);
            }
        });
        camel.start();
    }

    private void publish(String topic, int messages) {
        IntStream.range(0, messages).forEach(i -> aws.publish(topic, "" + i, 1));
    }

    private int inFlight(String client) {
        return aws.connectionsOf(client).stream()
                .filter(ConnectionInfo::isOpen)
                .mapToInt(connection -> connection.traffic().inFlight())
                .sum();
    }
}
