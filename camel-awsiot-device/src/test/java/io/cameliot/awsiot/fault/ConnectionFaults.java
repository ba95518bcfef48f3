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
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.NetworkFault;
import io.cameliot.testinfra.fault.NetworkFault.AfterBytes;
import io.cameliot.testinfra.fault.NetworkFault.Corrupt;
import io.cameliot.testinfra.fault.NetworkFault.Cut;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import io.cameliot.testinfra.fault.NetworkFault.Reset;
import io.cameliot.testinfra.fault.NetworkFault.Slow;
import java.time.Duration;
import java.util.stream.Stream;

/** What can go wrong with a connection, at each step of it. */
final class ConnectionFaults {

    private static final int TWICE = 2;
    private static final String SOON = "&connectionTimeout=4s";

    private ConnectionFaults() {}

    static Stream<FaultCase> all() {
        return Stream.of(
                FaultCase.of("the network is away", ConnectionFaults::refuseConnections),
                FaultCase.of("the connection is cut", onEachOf(new Cut())),
                FaultCase.of("the connection is reset", onEachOf(new Reset())),
                FaultCase.of("a byte to the server is corrupted", onEachOf(new Corrupt(Direction.TO_SERVER))),
                FaultCase.of("a byte to the device is corrupted", onEachOf(new Corrupt(Direction.TO_CLIENT))),
                FaultCase.of("the server hangs up in the TLS handshake", onNext(Direction.TO_CLIENT, 500, new Cut())),
                FaultCase.of("the TLS handshake is reset", onNext(Direction.TO_SERVER, 300, new Reset())),
                FaultCase.of("the TLS handshake is corrupted", onNextConnection(new Corrupt(Direction.TO_CLIENT))),
                FaultCase.of("cut before the CONNACK", onReconnect(new Fault.DropBefore(Answer.CONNACK))),
                FaultCase.of("CONNACK withheld", SOON, onReconnect(new Fault.Withhold(Answer.CONNACK))),
                FaultCase.of("CONNECT refused", onReconnect(new Fault.RefuseConnection(3))),
                FaultCase.of("cut before the SUBACK", onReconnect(new Fault.DropBefore(Answer.SUBACK))),
                FaultCase.of("SUBACK withheld", SOON, onReconnect(new Fault.Withhold(Answer.SUBACK))),
                FaultCase.of("SUBSCRIBE refused", ConnectionFaults::refuseSubscription),
                FaultCase.of("cut before the PUBACK", onTraffic(new Fault.DropBefore(Answer.PUBACK))),
                FaultCase.of("PUBACK withheld", SOON, onTraffic(new Fault.Withhold(Answer.PUBACK))),
                FaultCase.of("cut after some publishes", onReconnect(new Fault.DropAfterPublishes(7))),
                FaultCase.of("cut during delivery", onReconnect(new Fault.DropAfterDeliveries(7))),
                FaultCase.of("cut at the first delivery, right after the CONNACK", ConnectionFaults::cutFirstDelivery),
                FaultCase.of("cut on a long and slow line", ConnectionFaults::cutSlowLine));
    }

    /** After which the server knows of no subscription any more, unless the device's session is kept. */
    static Stream<FaultCase> losingTheSubscription() {
        return Stream.of(
                FaultCase.of("the connection is cut", onEachOf(new Cut())),
                FaultCase.of("cut before the CONNACK", onReconnect(new Fault.DropBefore(Answer.CONNACK))),
                FaultCase.of("cut before the SUBACK", onReconnect(new Fault.DropBefore(Answer.SUBACK))),
                FaultCase.of("SUBACK withheld", SOON, onReconnect(new Fault.Withhold(Answer.SUBACK))),
                FaultCase.of("SUBSCRIBE refused", ConnectionFaults::refuseSubscription),
                FaultCase.of("cut during delivery", onReconnect(new Fault.DropAfterDeliveries(7))));
    }

    static void restartBroker(FaultScene scene) {
        for (int restart = 1; restart <= TWICE; restart++) {
            scene.aws.stop();
            scene.publishFromOutside();
            scene.awaitLoss(restart - 1);
            scene.aws.start();
            scene.awaitReconnects(restart);
        }
    }

    private static void refuseConnections(FaultScene scene) {
        scene.proxy.stop();
        scene.publishFromOutside();
        scene.awaitError("refused");
        scene.proxy.start();
    }

    /** Twice, also while messages that were not acknowledged go out again. */
    static Course onEachOf(NetworkFault fault) {
        return scene -> {
            for (int count = 1; count <= TWICE; count++) {
                scene.proxy.apply(fault);
                scene.awaitReconnects(count);
            }
        };
    }

    private static Course onNext(Direction direction, int bytes, NetworkFault then) {
        return onNextConnection(new AfterBytes(direction, bytes, then));
    }

    private static Course onNextConnection(NetworkFault fault) {
        return scene -> {
            scene.proxy.applyToNext(TWICE, fault);
            scene.aws.disconnect(scene.clientId);
            scene.awaitReconnects(1);
        };
    }

    private static Course onReconnect(Fault fault) {
        return scene -> {
            InjectedFault injected = scene.inject(fault, TWICE);
            scene.aws.disconnect(scene.clientId);
            scene.awaitStruck(injected);
        };
    }

    private static Course onTraffic(Fault fault) {
        return scene -> scene.awaitStruck(scene.inject(fault, TWICE));
    }

    /** Asked again each reconnectMaxDelay, without a reconnect. */
    private static void refuseSubscription(FaultScene scene) {
        InjectedFault refusal = scene.inject(new Fault.RefuseSubscription(scene.topic()), TWICE);
        scene.aws.disconnect(scene.clientId);
        scene.awaitStruck(refusal);
    }

    private static void cutFirstDelivery(FaultScene scene) {
        InjectedFault injected = scene.inject(new Fault.DropAfterDeliveries(1), 5);
        scene.aws.disconnect(scene.clientId);
        scene.awaitStruck(injected);
    }

    private static void cutSlowLine(FaultScene scene) {
        scene.proxy.applyToAll(new Delay(Duration.ofMillis(100)));
        scene.proxy.applyToAll(new Slow(20_000));
        scene.awaitHearing();
        scene.proxy.apply(new Cut());
        scene.awaitReconnects(1);
    }
}
