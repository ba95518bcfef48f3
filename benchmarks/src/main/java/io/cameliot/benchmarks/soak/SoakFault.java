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
package io.cameliot.benchmarks.soak;

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Fault.Answer;
import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.NetworkFault;
import io.cameliot.testinfra.fault.NetworkFault.Corrupt;
import io.cameliot.testinfra.fault.NetworkFault.Cut;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import io.cameliot.testinfra.fault.NetworkFault.Reset;
import io.cameliot.testinfra.fault.NetworkFault.Slow;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A fault that can be drawn.
 *
 * @param name its name in the log
 * @param common whether it strikes all pairs
 * @param begin injects it for a pair of clients
 */
record SoakFault(String name, boolean common, Consumer<SoakPair> begin) {

    /** All faults; {@link SoakPair#heal} ends each. */
    static final List<SoakFault> ALL = List.of(
            new SoakFault("broker restart", true, pair -> pair.aws().stop()),
            new SoakFault("network away", false, pair -> pair.proxy().stop()),
            network("cut", new Cut()),
            network("reset", new Reset()),
            network("corrupt to server", new Corrupt(Direction.TO_SERVER)),
            network("corrupt to client", new Corrupt(Direction.TO_CLIENT)),
            network("line dead", new HalfOpen()),
            network("line dead to client", new HalfOpen(Set.of(Direction.TO_CLIENT))),
            network("long line", new Delay(Duration.ofMillis(200))),
            network("slow line", new Slow(10_000)),
            new SoakFault("disconnect", false, SoakPair::disconnect),
            gateway("refuse CONNECT", new Fault.RefuseConnection(3)),
            gateway("cut before CONNACK", new Fault.DropBefore(Answer.CONNACK)),
            gateway("withhold CONNACK", new Fault.Withhold(Answer.CONNACK)),
            gateway("cut before SUBACK", new Fault.DropBefore(Answer.SUBACK)),
            gateway("withhold SUBACK", new Fault.Withhold(Answer.SUBACK)),
            new SoakFault("refuse SUBSCRIBE", false, pair -> {
                pair.inject(new Fault.RefuseSubscription(pair.topic()), 2);
                pair.disconnect();
            }),
            gateway("cut before PUBACK", new Fault.DropBefore(Answer.PUBACK)),
            gateway("withhold PUBACK", new Fault.Withhold(Answer.PUBACK)),
            gateway("cut during publishing", new Fault.DropAfterPublishes(5)),
            gateway("cut during delivery", new Fault.DropAfterDeliveries(5)));

    private static SoakFault network(String name, NetworkFault fault) {
        return new SoakFault(name, false, pair -> pair.proxy().applyToAll(fault));
    }

    /** Disconnects the clients too, because some faults occur only at the next connection. */
    private static SoakFault gateway(String name, Fault fault) {
        return new SoakFault(name, false, pair -> {
            pair.inject(fault, 2);
            pair.disconnect();
        });
    }
}
