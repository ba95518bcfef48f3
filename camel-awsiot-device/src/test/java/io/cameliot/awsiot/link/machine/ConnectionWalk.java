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
package io.cameliot.awsiot.link.machine;

import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.link.machine.ConnectionEvent.AttemptFailed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Closed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Established;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Lost;
import io.cameliot.awsiot.link.machine.ConnectionEvent.PauseOver;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Subscribed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Walks a machine from event to event, with a clock that moves when told and delays that are the largest possible. */
final class ConnectionWalk {

    static final Duration MIN = Duration.ofSeconds(1);
    static final Duration MAX = Duration.ofSeconds(120);
    static final IOException FAILURE = new IOException("no route");

    private static final RandomGenerator LARGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private final ConnectionMachine machine;
    private Duration now = Duration.ZERO;
    ConnectionMemory memory = ConnectionMemory.INITIAL;
    List<ConnectionAction> actions = List.of();

    ConnectionWalk() {
        this(true);
    }

    /**
     * @param guessesTakeovers see {@link ReconnectPolicy}
     */
    ConnectionWalk(boolean guessesTakeovers) {
        machine = new ConnectionMachine(
                new ReconnectPolicy(MIN, MAX, guessesTakeovers), "client id dev at host:8883", "dev");
    }

    /** A connection that stands at a step on the way that it takes when someone wants it, and that loses it once to wait. */
    static ConnectionWalk at(ConnectionStep step) {
        ConnectionWalk walk = new ConnectionWalk();
        return switch (step) {
            case IDLE -> walk;
            case CONNECTING -> walk.on(new Wanted());
            case SUBSCRIBING -> at(ConnectionStep.CONNECTING).established();
            case READY -> at(ConnectionStep.SUBSCRIBING).on(new Subscribed(1));
            case WAITING -> at(ConnectionStep.READY).lost(FAILURE);
            // Without any time between the first CONNECT and the end of the pause.
            case PACING -> at(ConnectionStep.WAITING).on(new PauseOver(2));
            case CLOSED -> walk.on(new Closed());
        };
    }

    ConnectionWalk on(ConnectionEvent event) {
        Transition<ConnectionMemory, ConnectionAction> transition = machine.on(memory, event, now, LARGEST);
        memory = transition.memory();
        actions = transition.actions();
        return this;
    }

    ConnectionWalk after(Duration time) {
        now = now.plus(time);
        return this;
    }

    ConnectionWalk established() {
        return on(new Established(memory.number()));
    }

    ConnectionWalk attemptFailed(Throwable cause) {
        return on(new AttemptFailed(memory.number(), cause));
    }

    ConnectionWalk subscribed() {
        return on(new Subscribed(memory.number()));
    }

    ConnectionWalk lost(Throwable cause) {
        return on(new Lost(memory.number(), cause));
    }

    /** Lets the pause pass that the latest actions ask for. */
    ConnectionWalk pauseOver() {
        return after(pause().time()).on(new PauseOver(memory.number()));
    }

    /** Waits for the next connection after a loss, and gets it. */
    ConnectionWalk reconnected() {
        return pauseOver().established().subscribed();
    }

    ConnectionAction.Pause pause() {
        return actions.stream()
                .filter(ConnectionAction.Pause.class::isInstance)
                .map(ConnectionAction.Pause.class::cast)
                .findFirst()
                .orElseThrow();
    }

    Duration now() {
        return now;
    }
}
