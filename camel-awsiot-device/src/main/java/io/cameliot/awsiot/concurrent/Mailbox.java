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
package io.cameliot.awsiot.concurrent;

import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Passes events to a state machine. The machine decides at once, under a lock of its own. The actions are performed
 * afterwards, one after the other, on a thread of the pool and without a lock.
 *
 * @param <M> the machine's memory
 * @param <E> the events
 * @param <A> the actions
 */
public final class Mailbox<M, E, A> {

    private final Machine<M, E, A> machine;
    private final Consumer<A> performer;
    private final SerialQueue performing;
    private final RandomGenerator random = new Random();
    private final Object deciding = new Object();
    private volatile M memory; // written while deciding

    /** A state machine, as a pure function. */
    @FunctionalInterface
    public interface Machine<M, E, A> {

        /**
         * Handles an event.
         *
         * @param random source of the jitter of delays
         */
        Transition<M, A> on(M memory, E event, RandomGenerator random);
    }

    /**
     * Creates a mailbox.
     *
     * @param initial the first memory
     * @param performing runs the actions
     */
    public Mailbox(Machine<M, E, A> machine, M initial, SerialQueue performing, Consumer<A> performer) {
        this.machine = machine;
        this.memory = initial;
        this.performing = performing;
        this.performer = performer;
    }

    /** Handles an event, from any thread. Does not block. */
    public void on(E event) {
        synchronized (deciding) {
            Transition<M, A> next = machine.on(memory, event, random);
            memory = next.memory();
            next.actions().forEach(action -> performing.add(() -> performer.accept(action)));
        }
        performing.start();
    }

    /** Returns the memory after the latest event. */
    public M memory() {
        return memory;
    }
}
