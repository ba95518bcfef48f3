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
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, and disks that are full: every message whose exchange completed arrives. */
class OutboxCrashTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private static final int DEVICES = 4;
    private static final int LIVES = 5;

    /** Nobody listens there. */
    private static final String NOWHERE = "127.0.0.1:1";

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();
    private final Map<String, Queue<Long>> received = new ConcurrentHashMap<>();
    private DeviceFiles files;

    @BeforeEach
    void listen() throws Exception {
        files = DeviceFiles.write(folder, aws.issueDevice("device"), aws.serverAuthority());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // A session that is kept misses nothing while the emulator is stopped.
                from(uri(
                                "crash/" + folder.getFileName() + "/+",
                                "listener-" + folder.getFileName(),
                                address(),
                                "&cleanSession=false"))
                        .process(exchange -> {
                            String topic = exchange.getIn().getHeader(AwsIotDeviceConstants.TOPIC, String.class);
                            String number =
                                    exchange.getIn().getBody(String.class).trim();
                            received.computeIfAbsent(topic, any -> new ConcurrentLinkedQueue<>())
                                    .add(Long.valueOf(number));
                        });
            }
        });
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        aws.start();
        camel.stop();
        Threads.assertNoneLeft();
    }

    /** Each kill ends four outboxes in the middle of their work: each has accepted a message before. */
    @Test
    void deliversWhatFourOutboxesAcceptedInProcessesThatAreKilled() throws Exception {
        Random random = new Random(1);
        Map<Integer, List<Long>> accepted = new HashMap<>();
        for (int life = 0; life < LIVES; life++) {
            try (PublisherProcess publisher = PublisherProcess.start(life * 1_000_000L, 10, urisOf(life))) {
                publisher.awaitCompleted(1 + random.nextInt(DEVICES * 300));
                publisher.kill();
                for (int device = 0; device < DEVICES; device++) {
                    accepted.computeIfAbsent(device, any -> new ArrayList<>()).addAll(publisher.completed(device));
                }
            }
        }
        for (int device = 0; device < DEVICES; device++) {
            deliverTheRest(device, accepted.get(device));
        }
    }

    /** Two devices are offline in one life, the other two in the next one. */
    private String[] urisOf(int life) {
        return IntStream.range(0, DEVICES)
                .mapToObj(device -> outboxUri(device, (life + device) % 2 == 0 ? NOWHERE : address()))
                .toArray(String[]::new);
    }

    @Test
    void deliversWhatWasAcceptedUntilTheDiskWasFull() throws Exception {
        List<Long> accepted;
        try (PublisherProcess publisher =
                PublisherProcess.startWithFileLimit(2_000, 0, 10_000, outboxUri(0, NOWHERE))) {
            assertThat(publisher.awaitText())
                    .contains("could not write to outboxDirectory " + folder.resolve("outboxes"))
                    .contains("the message was not accepted");
            publisher.kill();
            accepted = publisher.completed(0);
        }
        assertThat(accepted).hasSizeBetween(150, 210);

        deliverTheRest(0, accepted);
    }

    @Test
    void acceptsAgainWhenAFullDiskHasRoomAgain() throws Exception {
        String uri = outboxUri(0, address());
        aws.stop();
        List<Long> accepted;
        try (PublisherProcess publisher = PublisherProcess.startWithFileLimit(2_000, 0, 10_000, uri)) {
            assertThat(publisher.awaitText()).contains("could not write to outboxDirectory");

            // What it sends makes room.
            aws.start();

            assertThat(publisher.awaitText()).isEqualTo("ended");
            accepted = publisher.completed(0);
        }
        assertThat(accepted.get(accepted.size() - 1)).isGreaterThan(150);
        deliverTheRest(0, accepted);
    }

    @Test
    void refusesASecondProcess() throws Exception {
        List<Long> accepted;
        try (PublisherProcess publisher = PublisherProcess.start(0, 10, outboxUri(0, NOWHERE))) {
            publisher.awaitCompleted(1);

            assertThatThrownBy(() -> camel.addRoutes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:second").to(outboxUri(0, address()));
                        }
                    }))
                    .hasStackTraceContaining("device-0.outbox is in use by another process or Camel context");
            publisher.kill();
            accepted = publisher.completed(0);
        }
        deliverTheRest(0, accepted);
    }

    /** Whatever is still in the file goes out from here. */
    private void deliverTheRest(int device, List<Long> accepted) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + device).to(outboxUri(device, address()));
            }
        });
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(received(device)).containsAll(accepted));
        assertThat(List.copyOf(received(device))).isSorted();
    }

    /** In the order in which each came first. */
    private Set<Long> received(int device) {
        return new LinkedHashSet<>(received.getOrDefault(topic(device), new ConcurrentLinkedQueue<>()));
    }

    /** Of this test alone. */
    private String topic(int device) {
        return "crash/" + folder.getFileName() + "/" + device;
    }

    private String address() {
        return aws.address(GatewayPort.MQTT_8883);
    }

    private String outboxUri(int device, String connectTo) {
        return uri(
                topic(device),
                "device-" + device,
                connectTo,
                "&reconnectMinDelay=10ms&reconnectMaxDelay=50ms&outbox=file&outboxDirectory="
                        + folder.resolve("outboxes"));
    }

    private String uri(String topic, String clientId, String connectTo, String more) {
        return "awsiot-device:" + topic + "?endpoint=" + aws.endpoint() + "&connectTo=" + connectTo + "&clientId="
                + clientId + "&" + files.options() + more;
    }
}
