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

import io.cameliot.awsiot.concurrent.SerialQueue;
import io.cameliot.awsiot.link.machine.ConnectionAction;
import io.cameliot.awsiot.link.machine.ConnectionEvent;
import io.cameliot.awsiot.link.machine.ConnectionMachine;
import io.cameliot.awsiot.link.machine.ConnectionMachine.Transition;
import io.cameliot.awsiot.link.machine.ConnectionMemory;
import io.cameliot.awsiot.link.machine.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Feeds events to a {@link ConnectionMachine}. The machine decides at once, under a lock that nothing else takes. The
 * actions then run one after the other on a thread of the pool, with no lock held. Readers see the latest decision
 * without waiting.
 */
final class ConnectionMailbox {

    private final ConnectionMachine machine;
    private final Consumer<ConnectionAction> performer;
    private final SerialQueue performing;
    private final RandomGenerator random = new Random();
    private final long madeAt = System.nanoTime();
    private final Object deciding = new Object();
    private volatile ConnectionMemory memory = ConnectionMemory.INITIAL; // written only under the lock
    private volatile ConnectionStatus status = new ConnectionStatus(ConnectionState.IDLE, Instant.now(), 0, null);

    /**
     * @param performing runs the actions
     */
    ConnectionMailbox(ConnectionMachine machine, SerialQueue performing, Consumer<ConnectionAction> performer) {
        this.machine = machine;
        this.performer = performer;
        this.performing = performing;
    }

    /** Processes an event. Callable from any thread; returns at once. */
    void on(ConnectionEvent event) {
        synchronized (deciding) {
            Transition next = machine.on(memory, event, Duration.ofNanos(System.nanoTime() - madeAt), random);
            if (next.memory() != memory) {
                remember(next.memory());
            }
            next.actions().forEach(action -> performing.add(() -> performer.accept(action)));
        }
        performing.start();
    }

    private void remember(ConnectionMemory next) {
        ConnectionState state = next.step().state();
        Instant since = state == status.state() ? status.since() : Instant.now();
        memory = next;
        status = new ConnectionStatus(state, since, next.history().attempts(), next.lastError());
    }

    ConnectionMemory memory() {
        return memory;
    }

    ConnectionStatus status() {
        return status;
    }
}
