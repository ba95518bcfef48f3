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

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a subscription in a persistent session ends whose route stops while the UNSUBSCRIBE cannot be sent or answered. */
class SubscriptionEndTest extends DeviceTestSupport {

    private final MockEndpoint left = camel.getEndpoint("mock:left", MockEndpoint.class);
    private final MockEndpoint stayed = camel.getEndpoint("mock:stayed", MockEndpoint.class);

    @AfterEach
    void endOutage() {
        aws.start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void endsAtTheNextConnectionWhatARouteLeftWhileDisconnected(String version) throws Exception {
        String client = startRoutes("away", version, "");
        aws.stop();
        await().until(() -> !connectionOf(client).getConnectionState().equals("CONNECTED"));

        camel.getRouteController().stopRoute("left");
        aws.publish(client + "/left", "kept by the session", 1);
        aws.start();

        await().untilAsserted(() -> assertThat(filtersOf(client)).containsExactly(client + "/stays"));
        assertThat(unsubscribesOf(client)).containsOnly(client + "/left");
        receivesOnlyWhatStayed(client);
        // Once the UNSUBACK has come, no further connection asks again.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            int asked = unsubscribesOf(client).size();
            long reconnects = connectionOf(client).getReconnects();
            aws.disconnect(client);
            await().until(() -> connectionOf(client).getReconnects() > reconnects);
            receivesOnlyWhatStayed(client);
            return unsubscribesOf(client).size() == asked;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void keepsTheSubscriptionOfARouteThatStartsAgainWhileDisconnected(String version) throws Exception {
        String client = startRoutes("back", version, "&awaitConnection=never");
        await().until(() -> {
            aws.publish(client + "/left", "heard", 0);
            return left.getReceivedCounter() > 0;
        });
        aws.publish(client + "/left", "the last one heard", 0);
        await().until(() -> left.getExchanges().stream().anyMatch(exchange -> "the last one heard"
                .equals(exchange.getMessage().getBody(String.class))));
        aws.stop();
        await().until(() -> !connectionOf(client).getConnectionState().equals("CONNECTED"));
        left.reset();
        left.expectedBodiesReceived("kept by the session", "later");

        camel.getRouteController().stopRoute("left");
        camel.getRouteController().startRoute("left");
        aws.publish(client + "/left", "kept by the session", 1);
        aws.start();

        await().until(() -> left.getReceivedCounter() > 0);
        aws.publish(client + "/left", "later", 1);
        left.assertIsSatisfied(10_000);
        assertThat(unsubscribesOf(client)).isEmpty();
    }

    /** The UNSUBSCRIBE may or may not have arrived when its connection was lost. */
    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void unsubscribesAgainWhereTheUnsubackWasLost(String version) throws Exception {
        String client = startRoutes("lost", version, "");
        aws.faults().inject(new Fault.DropBefore(Fault.Answer.UNSUBACK), 1, client::equals);

        camel.getRouteController().stopRoute("left");

        await().until(() -> unsubscribesOf(client).size() == 2);
        assertThat(unsubscribesOf(client)).containsOnly(client + "/left");
        await().untilAsserted(() -> assertThat(filtersOf(client)).containsExactly(client + "/stays"));
        receivesOnlyWhatStayed(client);
    }

    private String startRoutes(String name, String version, String more) throws Exception {
        String client = name + "-" + version.replace(".", "");
        String options =
                "&cleanSession=false&reconnectMinDelay=50ms&reconnectMaxDelay=100ms&mqttVersion=" + version + more;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(client + "/left", client, options)).routeId("left").to(left);
                from(uri(client + "/stays", client, options)).routeId("stays").to(stayed);
            }
        });
        camel.start();
        return client;
    }

    private void receivesOnlyWhatStayed(String client) throws Exception {
        stayed.reset();
        stayed.expectedMessageCount(1);
        aws.publish(client + "/left", "x", 1);
        aws.publish(client + "/stays", "x", 1);
        stayed.assertIsSatisfied(10_000);
        assertThat(left.getExchanges()).isEmpty();
    }

    /** The topic filters of the server's session. */
    private List<String> filtersOf(String client) {
        return aws.connectionsOf(client).stream()
                .filter(ConnectionInfo::isOpen)
                .findFirst()
                .map(ConnectionInfo::topicFilters)
                .orElse(List.of());
    }
}
