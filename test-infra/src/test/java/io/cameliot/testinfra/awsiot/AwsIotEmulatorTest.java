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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.FreePorts;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsIotEmulatorTest {
    @Test
    void releasesThreadsAndPortsWhenClosed() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        int port = FreePorts.next();
        try (AwsIotEmulator aws = AwsIotEmulator.builder()
                .port(GatewayPort.MQTT_8883, port)
                .build()
                .start()) {
            connect(aws, "127.0.0.1", "thread-maker");
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threadsSince(before)).isEmpty());
        new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
    }

    @Test
    void releasesEverythingWhenItCannotStart() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            AwsIotEmulator aws = AwsIotEmulator.builder()
                    .port(GatewayPort.MULTIPLEXED_443, taken.getLocalPort())
                    .build();

            assertThatThrownBy(aws::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threadsSince(before)).isEmpty());
    }

    @Test
    void startsAndStopsRepeatedly() throws Exception {
        try (AwsIotEmulator aws = AwsIotEmulator.builder().build()) {
            assertThatThrownBy(() -> aws.port(GatewayPort.MQTT_8883)).isInstanceOf(IllegalStateException.class);
            int port = aws.start().port(GatewayPort.MQTT_8883);
            for (int i = 0; i < 5; i++) {
                connect(aws, "127.0.0.1", "again");
                aws.stop();
                aws.stop();
                assertThatThrownBy(() -> connect(aws, "127.0.0.1", "again")).isInstanceOf(IOException.class);
                aws.start();
                aws.start();
                assertThat(aws.port(GatewayPort.MQTT_8883)).isEqualTo(port);
            }
        }
    }

    @Test
    void startsAgainAfterClosing() throws Exception {
        AwsIotEmulator aws = AwsIotEmulator.builder().build();
        aws.start();
        aws.close();
        aws.close();
        try (AwsIotEmulator again = aws.start()) {
            connect(again, "127.0.0.1", "anew");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void listensOnBothLoopbackAddressesIfConfigured(String address) throws Exception {
        try (AwsIotEmulator aws = AwsIotEmulator.builder().ipv6(true).build().start()) {
            connect(aws, address, "either");

            assertThat(aws.address(GatewayPort.MQTT_8883)).isEqualTo("127.0.0.1:" + aws.port(GatewayPort.MQTT_8883));
        }
    }

    @Test
    void namesItsEndpointAfterTheRegion() {
        assertThat(AwsIotEmulator.builder().build().endpoint())
                .isEqualTo("a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com");
        assertThat(AwsIotEmulator.builder().region("us-east-1").build().endpoint())
                .isEqualTo("a1b2c3d4e5f6g7-ats.iot.us-east-1.amazonaws.com");
    }

    private static void connect(AwsIotEmulator aws, String address, String clientId) throws IOException {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice(clientId));
        try (SSLSocket socket = client.connect(address, aws.port(GatewayPort.MQTT_8883), aws.endpoint());
                MqttWire wire = new MqttWire(socket)) {
            wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, clientId).build())
                    .expect(MqttMessageType.CONNACK);
        }
    }

    /** Without Netty's global threads and those of the test's own libraries, which the emulator does not stop. */
    private static Set<String> threadsSince(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.matches("(globalEventExecutor|junit|awaitility).*"))
                .collect(Collectors.toSet());
    }
}
