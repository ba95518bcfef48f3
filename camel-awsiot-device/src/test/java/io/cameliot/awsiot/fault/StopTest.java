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

import io.cameliot.awsiot.fault.FaultCase.Course;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a device is doing when it is stopped, and however often: no thread and no socket is left. */
class StopTest extends FaultTest {

    static Stream<FaultCase> momentsOfAReconnect() {
        return Stream.of(
                FaultCase.of("between two attempts", scene -> {
                    scene.proxy.stop();
                    scene.awaitError("refused");
                }),
                FaultCase.of("in the TLS handshake", scene -> {
                    long before = scene.proxy.accepted();
                    scene.proxy.applyToNext(1, new HalfOpen());
                    scene.aws.disconnect(scene.clientId);
                    FaultScene.awaiting("the next attempt").until(() -> scene.proxy.accepted() > before);
                }),
                FaultCase.of("waiting for the CONNACK", whileWithheld(Answer.CONNACK)),
                FaultCase.of("waiting for the SUBACK", whileWithheld(Answer.SUBACK)));
    }

    private static Course whileWithheld(Answer answer) {
        return scene -> {
            InjectedFault withheld = scene.inject(new Fault.Withhold(answer), Faults.ALWAYS);
            scene.aws.disconnect(scene.clientId);
            FaultScene.awaiting("the next attempt").until(() -> withheld.triggered() > 0);
        };
    }

    @ParameterizedTest
    @MethodSource("momentsOfAReconnect")
    @Execution(ExecutionMode.CONCURRENT)
    void leavesNothingBehindWhenStoppedInTheMiddleOfAReconnect(FaultCase moment, @TempDir Path folder)
            throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            // The publishes that wait for a connection would hold Camel's shutdown up.
            scene.camel.getShutdownStrategy().setTimeout(1);
            scene.install(aws.issueDevice(scene.clientId));
            scene.start(scene.uri(scene.certificate(), ""));

            moment.course().run(scene);
            scene.camel.stop();

            scene.assertEveryExchangeEnds();
        }
    }

    /** Each start waits until a second has passed since the CONNECT before. */
    @RepeatedTest(4)
    @Execution(ExecutionMode.CONCURRENT)
    void leavesNothingBehindWhenStartedAndStoppedTwelveTimes(@TempDir Path folder) throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            scene.install(aws.issueDevice(scene.clientId));
            scene.start(scene.uri(scene.certificate(), ""));
            scene.assertNothingIsLost();

            for (int i = 0; i < 12; i++) {
                scene.camel.getRouteController().stopAllRoutes();
                FaultScene.awaiting("no connection").until(scene::connections, List::isEmpty);
                scene.camel.getRouteController().startAllRoutes();
                scene.publishOnce();
            }
        }
    }

    /** The moments are a millisecond apart, and each attempt takes its own time. */
    @RepeatedTest(60)
    @Execution(ExecutionMode.CONCURRENT)
    void leavesNothingBehindWhenStoppedAtAnyMomentOfAConnectionAttempt(RepetitionInfo moment, @TempDir Path folder)
            throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            scene.install(aws.issueDevice(scene.clientId));
            String uri = scene.uri(scene.certificate(), "&awaitConnection=never");
            scene.camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).to("mock:in");
                }
            });
            scene.camel.start();
            new CountDownLatch(1).await(moment.getCurrentRepetition(), TimeUnit.MILLISECONDS);
        }
    }
}
