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
package io.cameliot.awsiot.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The server is frozen: what was sent to it is kept by the network, and no answer comes any more. Camel's shutdown timeout
 * is 3 s, the components' connectionTimeout 30 s.
 */
@Timeout(120)
class FrozenServerStopTest extends FaultTest {

    private static final int SHUTDOWN_TIMEOUT = 3;

    /** Of a DISCONNECT that nobody reads, once for all connections; and of the machine. */
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    private Path folder;

    private final CamelContext camel = Contexts.withoutJmx();
    private final String device = "frozen-" + TESTS.incrementAndGet();
    private FaultProxy mqtt;
    private FaultProxy https;
    private String identity;

    @BeforeEach
    void prepare() {
        mqtt = FaultProxy.to("127.0.0.1", aws.port(GatewayPort.MQTT_8883)).start();
        https = FaultProxy.to("127.0.0.1", aws.port(GatewayPort.HTTPS_8443)).start();
        aws.issueDevice(device).writeTo(folder, "device");
        identity = "&certificateFile=" + folder.resolve("device.cert.pem") + "&privateKeyFile="
                + folder.resolve("device.key.pem") + "&caFile="
                + aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
        camel.getShutdownStrategy().setTimeout(SHUTDOWN_TIMEOUT);
    }

    @AfterEach
    void close() {
        camel.stop();
        mqtt.close();
        https.close();
        await("no thread of the component").until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("(" + camel.getName() + ")")));
    }

    @ParameterizedTest(name = "{0} connections with {1} consumers each, {2}")
    @CsvSource({
        "3, 1, ''",
        "30, 1, ''",
        "1, 50, ''",
        "4, 5, &cleanSession=false",
        "5, 2, &acknowledgement=onReceive",
        "3, 2, &subscribe=false"
    })
    void stopsAllConsumersTogether(int connections, int consumersEach, String options) throws Exception {
        for (int i = 0; i < connections; i++) {
            for (int j = 0; j < consumersEach; j++) {
                receive("topic" + j, "&clientId=" + device + "-" + i + options);
            }
        }
        camel.start();

        assertThat(timeToStopFrozen()).isLessThan(CLOSING);
    }

    @Test
    void stopsSuspendedConsumersTogether() throws Exception {
        for (int i = 0; i < 6; i++) {
            receive("topic" + i, "&clientId=" + device + "-" + i);
        }
        camel.start();
        for (int i = 0; i < 6; i += 2) {
            camel.getRouteController().suspendRoute("topic" + i + "-" + i);
        }

        assertThat(timeToStopFrozen()).isLessThan(CLOSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&cleanSession=false"})
    void stopsARouteSoonWhileOthersUseItsConnection(String options) throws Exception {
        receive("topic0", "&clientId=" + device + options);
        receive("topic1", "&clientId=" + device + options);
        camel.start();
        freeze();

        long begun = System.nanoTime();
        camel.getRouteController().stopRoute("topic0-0");

        assertThat(since(begun)).isLessThan(CLOSING);
    }

    /** The exchanges in flight have Camel's shutdown timeout, and the consumers none beyond it. */
    @Test
    void givesUpWhatBlocksInItsRoutesWithCamelsTimeout() throws Exception {
        CountDownLatch entered = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            String uri = uri("blocked" + i, "&clientId=" + device + "-" + i);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).process(exchange -> {
                        entered.countDown();
                        new CountDownLatch(1).await();
                    });
                }
            });
        }
        camel.start();
        for (int i = 0; i < 4; i++) {
            aws.publish("blocked" + i, "one", 1);
            aws.publish("blocked" + i, "two", 1);
        }
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(timeToStopFrozen()).isLessThan(CLOSING.plusSeconds(SHUTDOWN_TIMEOUT));
    }

    /** What was not processed meanwhile: all routes have the same time for it. */
    @Test
    void letsAllRoutesProcessWhatWaitsAtTheSameTime() throws Exception {
        AtomicInteger processed = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            String uri = uri("slow" + i, "&clientId=" + device + "-" + i);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).delay(200).process(exchange -> processed.incrementAndGet());
                }
            });
        }
        camel.getShutdownStrategy().setTimeout(20);
        camel.start();
        for (int i = 0; i < 50; i++) {
            aws.publish("slow" + i % 5, "message", 1);
        }
        await().until(() -> processed.get() > 0);

        assertThat(timeToStopFrozen()).isLessThan(CLOSING.plusSeconds(3));

        assertThat(processed).hasValue(50);
    }

    @ParameterizedTest(name = "{0} producers, {1}")
    @CsvSource({"5, ''", "5, &outbox=memory", "3, &outbox=file&outboxDirectory=", "6, &qos=0", "4, &protocol=https"})
    void stopsAllProducersTogether(int producers, String options) throws Exception {
        String outbox = options.endsWith("=") ? options + folder : options;
        for (int i = 0; i < producers; i++) {
            String uri = uri("out", "&clientId=" + device + "-" + i + outbox);
            String from = "direct:out" + i;
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(from).to(uri);
                }
            });
        }
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();
        for (int i = 0; i < producers; i++) {
            template.sendBody("direct:out" + i, "while it is well");
        }
        freeze();
        List<CompletableFuture<Object>> sent = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            sent.add(template.asyncSendBody("direct:out" + i, "in flight"));
        }

        Duration taken = timeToStopFrozen();

        // An outbox in memory has 5 s to send what it holds, and a busy machine takes its time.
        assertThat(taken).isLessThan(CLOSING.plusSeconds(SHUTDOWN_TIMEOUT + 5 + 3));
        await().atMost(Duration.ofSeconds(5)).until(() -> sent.stream().allMatch(CompletableFuture::isDone));
    }

    /** The start fails because the SUBACK is missing; its end needs no answer of the server. */
    @Test
    void failsToStartWithoutWaitingForTheAnswerToItsEnd() throws Exception {
        receive("topic", "&clientId=" + device + "&connectionTimeout=3s");
        String uri = uri("other", "&clientId=" + device + "&connectionTimeout=3s&awaitConnection=always");
        camel.start();
        freeze();

        long begun = System.nanoTime();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("fails").autoStartup(false).to("mock:in");
            }
        });
        try {
            camel.getRouteController().startRoute("fails");
        } catch (Exception e) {
            assertThat(e).hasStackTraceContaining("SUBACK");
        }

        assertThat(since(begun)).isBetween(Duration.ofSeconds(2), CLOSING.plusSeconds(3));
    }

    private void receive(String topic, String options) throws Exception {
        String uri = uri(topic, options);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId(topic + "-" + camel.getRoutesSize()).to("mock:in");
            }
        });
    }

    private String uri(String topic, String options) {
        FaultProxy proxy = options.contains("protocol=https") ? https : mqtt;
        return "awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo=" + proxy.address() + identity
                + options;
    }

    private void freeze() {
        mqtt.applyToAll(new HalfOpen());
        https.applyToAll(new HalfOpen());
    }

    private Duration timeToStopFrozen() {
        freeze();
        long begun = System.nanoTime();
        camel.stop();
        return since(begun);
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
