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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.concurrent.Mailbox;
import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.link.machine.ConnectionAction;
import io.cameliot.awsiot.link.machine.ConnectionEvent;
import io.cameliot.awsiot.link.machine.ConnectionMachine;
import io.cameliot.awsiot.link.machine.ConnectionMemory;
import io.cameliot.awsiot.link.machine.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Feeds events to a {@link ConnectionMachine}. Readers see the latest decision without waiting. */
final class ConnectionMailbox {

    private final ConnectionMachine machine;
    private final long madeAt = System.nanoTime();
    private final Mailbox<Decision, ConnectionEvent, ConnectionAction> mailbox;

    /** The memory after an event, and the status that it means. */
    private record Decision(ConnectionMemory memory, ConnectionStatus status) {

        static Decision initial(ConnectionMemory memory) {
            return new Decision(memory, new ConnectionStatus(ConnectionState.IDLE, Instant.now(), 0, null));
        }

        Decision next(ConnectionMemory next) {
            if (next == memory) {
                return this;
            }
            ConnectionState state = next.step().state();
            Instant since = state == status.state() ? status.since() : Instant.now();
            return new Decision(
                    next, new ConnectionStatus(state, since, next.history().attempts(), next.lastError()));
        }
    }

    /**
     * @param lastConnect when the latest CONNECT with the client identifier was sent, as {@link System#nanoTime()}; empty
     *     if none was
     * @param performing runs the actions
     */
    ConnectionMailbox(
            ConnectionMachine machine,
            OptionalLong lastConnect,
            SerialQueue performing,
            Consumer<ConnectionAction> performer) {
        this.machine = machine;
        ConnectionMemory initial = lastConnect.isEmpty()
                ? ConnectionMemory.INITIAL
                : ConnectionMemory.connectedBefore(Duration.ofNanos(lastConnect.getAsLong() - madeAt));
        this.mailbox = new Mailbox<>(this::decide, Decision.initial(initial), performing, performer);
    }

    private Transition<Decision, ConnectionAction> decide(
            Decision latest, ConnectionEvent event, RandomGenerator random) {
        Transition<ConnectionMemory, ConnectionAction> next =
                machine.on(latest.memory(), event, Duration.ofNanos(System.nanoTime() - madeAt), random);
        return new Transition<>(latest.next(next.memory()), next.actions());
    }

    /** Processes an event. Callable from any thread; returns at once. */
    void on(ConnectionEvent event) {
        mailbox.on(event);
    }

    /** See {@link DeviceLink#lastConnect()}. */
    OptionalLong lastConnect() {
        Duration latest = memory().history().attemptedAt();
        return latest == null ? OptionalLong.empty() : OptionalLong.of(madeAt + latest.toNanos());
    }

    ConnectionMemory memory() {
        return mailbox.memory().memory();
    }

    ConnectionStatus status() {
        return mailbox.memory().status();
    }
}
