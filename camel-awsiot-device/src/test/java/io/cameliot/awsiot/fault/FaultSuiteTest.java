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

import io.cameliot.awsiot.FrequentPings;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After each fault everything that was accepted at QoS 1 has arrived, the consumer hears again, and stopping leaves no thread
 * and no socket.
 */
class FaultSuiteTest extends FaultTest {

    static Stream<FaultCase> connectionFaults() {
        return ConnectionFaults.all();
    }

    @ParameterizedTest
    @MethodSource("connectionFaults")
    @Execution(ExecutionMode.CONCURRENT)
    void losesNothingAndHearsAgainAfter(FaultCase fault, @TempDir Path folder) throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            play(scene, fault);
        }
    }

    static Stream<FaultCase> subscriptionFaults() {
        return ConnectionFaults.losingTheSubscription();
    }

    @ParameterizedTest
    @MethodSource("subscriptionFaults")
    @Execution(ExecutionMode.CONCURRENT)
    void losesNothingAndHearsAgainInANewSessionAfter(FaultCase fault, @TempDir Path folder) throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            scene.beginNewSessions();
            play(scene, fault);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void losesNothingAndHearsAgainAfterItsBrokerIsRestarted(@TempDir Path folder) throws Exception {
        try (AwsIotEmulator own = AwsIotEmulator.builder().build().start();
                FaultScene scene = new FaultScene(own, GatewayPort.MQTT_8883, folder)) {
            play(scene, FaultCase.of("the broker is restarted", ConnectionFaults::restartBroker));
        }
    }

    static Stream<Set<Direction>> directions() {
        return Stream.of(Direction.BOTH, Set.of(Direction.TO_SERVER), Set.of(Direction.TO_CLIENT));
    }

    @ParameterizedTest
    @MethodSource("directions")
    @Execution(ExecutionMode.CONCURRENT)
    void losesNothingAndHearsAgainAfterLessThanConnectionTimeoutOnALineGoneDead(
            Set<Direction> directions, @TempDir Path folder) throws Exception {
        // By MQTT 5 the server sets the keep alive, and AWS IoT Core never a shorter one than 30 s.
        Limits frequentPings = Limits.DEFAULT.withKeepAlive(Duration.ofSeconds(2), Duration.ofMinutes(20));
        try (AwsIotEmulator own =
                        AwsIotEmulator.builder().limits(frequentPings).build().start();
                FaultScene scene = new FaultScene(own, GatewayPort.MQTT_8883, folder)) {
            scene.camel.addComponent("awsiot-device", new FrequentPings());
            play(scene, FaultCase.of("half-open", ConnectionFaults.onEachOf(new HalfOpen(directions))));
        }
    }

    private static void play(FaultScene scene, FaultCase fault) throws Exception {
        scene.install(scene.aws.issueDevice(scene.clientId));
        scene.start(scene.uri(scene.certificate(), fault.options()));

        fault.course().run(scene);

        scene.awaitHearing();
        scene.assertNothingIsLost();
    }
}
