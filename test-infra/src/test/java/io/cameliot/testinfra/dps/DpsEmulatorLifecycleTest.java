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
package io.cameliot.testinfra.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.dps.session.ResponseTopicStyle;
import io.cameliot.testinfra.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DpsEmulatorLifecycleTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    private final DpsEmulatorBuilder builder = DpsEmulator.builder()
            .enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());

    @Test
    void releasesThreadsAndPortsWhenClosedDuringARegistration() throws Exception {
        List<Integer> ports = List.of(FreePorts.next(), FreePorts.next(), FreePorts.next());
        DpsEmulator dps = builder.mqttPort(ports.get(0))
                .webSocketPort(ports.get(1))
                .hubPort(ports.get(2))
                .build()
                .start();
        dps.enroll(Enrollment.individual("slow")
                .symmetricKey(KEY)
                .customAllocation(payload -> sleepUntilInterrupted())
                .build());
        try (PahoDevice device = PahoDevice.connected(dps, "slow", KEY)) {
            device.register("");
            assertThat(threads()).isNotEmpty();

            dps.close();

            device.awaitLoss();
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
        for (int port : ports) {
            assertFree(port);
        }
    }

    private static JsonNode sleepUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void releasesEverythingWhenAPortIsInUse() throws Exception {
        int mqttPort = FreePorts.next();
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            DpsEmulator dps =
                    builder.mqttPort(mqttPort).hubPort(taken.getLocalPort()).build();

            assertThatThrownBy(dps::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
        assertFree(mqttPort);
    }

    @Test
    void keepsItsStateDuringAnOutage() throws Exception {
        try (DpsEmulator dps = builder.build().start()) {
            String operationId;
            int port = dps.mqttPort();
            try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
                operationId = device.register("").at("/operationId");

                dps.stop();

                device.awaitLoss();
                assertThatThrownBy(device::connect).hasRootCauseInstanceOf(IOException.class);
                dps.start();
            }
            assertThat(dps.mqttPort()).isEqualTo(port);
            try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
                assertThat(device.poll(operationId).at("/status")).isEqualTo("assigning");
            }
        }
    }

    @Test
    void startsAndClosesRepeatedly() throws Exception {
        DpsEmulator dps = builder.build();
        assertThatIllegalStateException().isThrownBy(dps::mqttPort).withMessageContaining("start()");
        dps.close();
        for (int i = 0; i < 2; i++) {
            dps.start().start();
            try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
                assertThat(device.provision("{\"payload\":{\"a\":1}}").at("/status"))
                        .isEqualTo("assigned");
            }
            dps.stop();
            dps.stop();
            dps.close();
            dps.close();
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void clearsEverythingWhenReset() throws Exception {
        try (DpsEmulator dps = builder.build().start()) {
            dps.enroll(Enrollment.individual("boiler-8").symmetricKey(KEY).build());
            dps.inject("boiler-7", new DpsFault.RefuseConnect(3), 1);
            dps.responseTopics(ResponseTopicStyle.EMPTY_RID);
            try (PahoDevice device = PahoDevice.connected(dps, "boiler-8", KEY)) {
                device.provision("");
            }

            dps.reset();

            assertThat(dps.assignedDevices()).isEmpty();
            assertThat(dps.connections()).isEmpty();
            assertThat(dps.requests()).isEmpty();
            assertThat(dps.pendingFaults()).isEmpty();
            assertThat(dps.statistics().connects()).isZero();
            try (PahoDevice device = PahoDevice.connected(dps, "boiler-8", KEY);
                    PahoDevice known = PahoDevice.connected(dps, "boiler-7", KEY)) {
                assertThat(device.register("").at("/errorCode")).isEqualTo("404201");
                assertThat(known.register("").properties()).startsWith("$rid=1&");
            }
        }
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        try (DpsEmulator dps = builder.build().start();
                Socket socket = new Socket()) {
            InetAddress other = InetAddress.getByName("127.0.0.2");

            assertThatThrownBy(() -> socket.connect(new InetSocketAddress(other, dps.mqttPort()), 1000))
                    .isInstanceOf(IOException.class);
            assertThat(dps.mqttAddress()).isEqualTo("127.0.0.1:" + dps.mqttPort());
            assertThat(dps.webSocketAddress()).isEqualTo("127.0.0.1:" + dps.webSocketPort());
            assertThat(dps.hubAddress()).isEqualTo("127.0.0.1:" + dps.hubPort());
        }
    }

    @Test
    void refusesInvalidSettings() {
        Enrollment elsewhere = Enrollment.individual("boiler-9")
                .symmetricKey(KEY)
                .hub("northwind.azure-devices.net")
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DpsEmulator.builder().enroll(elsewhere).build())
                .withMessageContaining("'northwind.azure-devices.net'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.build().enroll(elsewhere))
                .withMessageContaining("'boiler-9'");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retryAfter(Duration.ofMillis(1500)));
        assertThatIllegalArgumentException().isThrownBy(builder::hubs);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("dps-emulator"))
                .toList();
    }

    private static void assertFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress("127.0.0.1", port));
        }
    }
}
