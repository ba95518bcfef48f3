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

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Many devices in one process, most of which have nothing to say most of the time. */
class IdleDevicesTest {

    private static final int DEVICES = 20;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private Path folder;

    @Test
    void haveNoThreadsOfTheirOwnAndMissNothing() throws Exception {
        AwsIotEmulator emulator = AWS.emulator();
        DeviceFiles files = DeviceFiles.write(folder, emulator.issueDevice("sensor-1"), emulator.serverAuthority());
        String uri = "awsiot-device:%s?endpoint=" + emulator.endpoint() + "&connectTo="
                + emulator.address(GatewayPort.MQTT_8883) + "&clientId=%s&" + files.options();
        try (CamelContext camel = Contexts.withoutJmx()) {
            MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    for (int i = 0; i < DEVICES; i++) {
                        from(uri.formatted("commands/" + i, "device-" + i)).to(received);
                    }
                    from("direct:command").toD(uri.formatted("commands/${body}", "backend"));
                }
            });
            camel.start();
            ProducerTemplate commands = camel.createProducerTemplate();

            for (int round = 1; round <= 2; round++) {
                await().until(() -> connectedThreads() == 0);
                for (int i = 0; i < DEVICES; i++) {
                    commands.sendBody("direct:command", "" + i);
                }
                int expected = round * DEVICES;
                await().until(() -> received.getReceivedCounter() == expected);
            }

            await().until(() -> connectedThreads() == 0);
            assertThat(emulator.connections()).hasSize(DEVICES + 1);
            assertThat(eventLoops()).isBetween(1L, 4L);
        }
        Threads.assertNoneLeft();
        await().untilAsserted(() -> assertThat(emulator.connections()).isEmpty());
    }

    /** The threads of the component, beside the event loops, that do anything for its connections, or wait for them. */
    private static long connectedThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().contains("AwsIotDevice"))
                .filter(thread -> !isEventLoop(thread.getKey()))
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("io.cameliot.common")))
                .count();
    }

    private static long eventLoops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(IdleDevicesTest::isEventLoop)
                .count();
    }

    private static boolean isEventLoop(Thread thread) {
        return thread.getName().contains("AwsIotDeviceEventLoop");
    }
}
