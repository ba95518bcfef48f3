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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes of one connection whose topic filters match the same topics. */
class OverlappingRoutesTest extends DeviceTestSupport {

    private static final String KEPT = "&cleanSession=false";

    private final String client = "overlap-" + UUID.randomUUID();
    private final MockEndpoint first = camel.getEndpoint("mock:first", MockEndpoint.class);
    private final MockEndpoint second = camel.getEndpoint("mock:second", MockEndpoint.class);

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"", "&mqttVersion=3.1.1", "&acknowledgement=onReceive", "&subscribe=false"})
    void allGetWhatASessionKeptAlsoThoseThatStartAfterItHasArrived(String options) throws Exception {
        keepInSession(options.startsWith("&mqttVersion") ? options : "", "a", "b", "c");
        addRoutes(client + "/#", KEPT + options, client + "/1", KEPT + options);
        AtomicInteger held = new AtomicInteger();
        whenTheFirstHasStarted(() -> {
            await().until(() -> first.getReceivedCounter() == 3);
            held.set(inFlight());
        });
        first.expectedBodiesReceived("a", "b", "c");
        second.expectedBodiesReceived("a", "b", "c");

        camel.start();

        first.assertIsSatisfied(10_000);
        second.assertIsSatisfied(10_000);
        assertThat(held).hasValue(3);
        await().untilAsserted(() -> assertThat(inFlight()).isZero());
    }

    @Test
    void holdUpTheServersWindowNoLongerThanConnectionTimeoutWhereARouteDoesNotStart() throws Exception {
        keepInSession("", "a", "b");
        String options =
                KEPT + "&connectionTimeout=2s&awaitConnection=never&reconnectMinDelay=50ms&reconnectMaxDelay=100ms";
        addRoutes(client + "/#", options, client + "/1", options);
        AtomicBoolean released = new AtomicBoolean();
        whenTheFirstHasStarted(() -> {
            await().atMost(Duration.ofSeconds(20)).until(() -> first.getReceivedCounter() >= 2);
            await().atMost(Duration.ofSeconds(20)).until(() -> inFlight() == 0);
            released.set(true);
        });

        camel.start();

        assertThat(released).isTrue();
    }

    @Test
    void doNotCountAsDroppedWhatTheServerKeepsBecauseTheConnectionHasEndedBefore() throws Exception {
        keepInSession("", "a", "b");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(client + "/none", client, KEPT + "&connectionTimeout=3s&publishTimeout=1s"))
                        .to(first);
            }
        });
        camel.start();
        await().until(() -> inFlight() == 2);

        aws.stop();
        try {
            // Longer than connectionTimeout and the interval of checks.
            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> connectionOf(client).getDropped() == 0);
        } finally {
            aws.start();
        }
    }

    @Test
    void leaveWhatASubscriptionHasToItWhereAnotherReceivesOnlyWhatHasNone() throws Exception {
        keepInSession("", "a", "b");
        addRoutes(client + "/1", KEPT, client + "/#", KEPT + "&subscribe=false");
        whenTheFirstHasStarted(() -> await().until(() -> first.getReceivedCounter() == 2));

        camel.start();
        aws.publish(client + "/2", "of the earlier subscription", 1);

        second.expectedBodiesReceived("of the earlier subscription");
        second.assertIsSatisfied(10_000);
    }

    @Test
    void receiveWithoutASubscriptionOfTheirOwnWhatASharedFilterMatches() throws Exception {
        keepInSession("", "a", "b");
        addRoutes("$share/group/" + client + "/#", KEPT + "&subscribe=false", client + "/none", KEPT);
        first.expectedBodiesReceived("a", "b");

        camel.start();

        first.assertIsSatisfied(10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "$share/group/#, +/1",
        "+/1, $share/group/#",
        "$share/group/x/+, $share/other/x/1",
        "$share/group/x/+, $share/group/x/1"
    })
    void areRefusedWhereOneOfThemIsShared(String one, String other) throws Exception {
        addRoutes(one, "", other, "&awaitConnection=never");

        assertThatThrownBy(camel::start)
                .hasStackTraceContaining("'" + one + "'")
                .hasStackTraceContaining("'" + other + "'")
                .hasStackTraceContaining("Give one of them a clientId of its own");
    }

    @ParameterizedTest
    @CsvSource({"$share/group/x/1, x/2", "$share/group/x/+, $share/group/x/+", "x/+, x/1"})
    void areNotRefusedElse(String one, String other) throws Exception {
        // Camel allows two consumers of one topic only if their URIs differ.
        addRoutes(one, "", other, "&maxRedeliveries=2");

        camel.start();

        assertThat(connectionOf(client).getConnectionState()).isEqualTo("CONNECTED");
    }

    /** A process of the client id subscribes and ends, and then the messages are published. */
    private void keepInSession(String options, String... messages) throws Exception {
        try (CamelContext before = Contexts.withoutJmx()) {
            before.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri(client + "/#", client, KEPT + options)).to("mock:before");
                }
            });
            before.start();
        }
        for (String message : messages) {
            aws.publish(client + "/1", message, 1);
        }
    }

    private void addRoutes(String one, String options, String other, String otherOptions) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(one, client, options)).routeId("first").startupOrder(1).to(first);
                from(uri(other, client, otherOptions))
                        .routeId("second")
                        .startupOrder(2)
                        .to(second);
            }
        });
    }

    /** Runs something between the starts of the two routes. */
    private void whenTheFirstHasStarted(Runnable task) {
        camel.getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof RouteStartedEvent started
                        && started.getRoute().getRouteId().equals("first")) {
                    assertThat(camel.getRouteController()
                                    .getRouteStatus("second")
                                    .isStarted())
                            .isFalse();
                    task.run();
                }
            }
        });
    }

    private int inFlight() {
        return aws.connectionsOf(client).stream()
                .filter(ConnectionInfo::isOpen)
                .mapToInt(connection -> connection.traffic().inFlight())
                .sum();
    }
}
