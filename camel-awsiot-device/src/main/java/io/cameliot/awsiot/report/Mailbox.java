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
package io.cameliot.awsiot.report;

import io.cameliot.awsiot.concurrent.SerialQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Feeds a state machine. What follows an event is decided at once, under a lock that nothing else takes; it is done after
 * that, one action after the other, on a thread of the pool and with no lock held.
 *
 * @param <M> the machine's memory
 * @param <E> what happens to it
 * @param <A> what it has done
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
         * @param random source of the jitter of delays
         */
        Transition<M, A> on(M memory, E event, RandomGenerator random);
    }

    /**
     * @param initial the memory to begin with
     * @param pool runs the actions
     */
    public Mailbox(Machine<M, E, A> machine, M initial, Executor pool, Consumer<A> performer) {
        this.machine = machine;
        this.memory = initial;
        this.performing = new SerialQueue(pool);
        this.performer = performer;
    }

    /** Takes an event in, from any thread and at once. */
    public void on(E event) {
        synchronized (deciding) {
            Transition<M, A> next = machine.on(memory, event, random);
            memory = next.memory();
            next.actions().forEach(action -> performing.add(() -> performer.accept(action)));
        }
        performing.start();
    }

    /** The latest decision. */
    public M memory() {
        return memory;
    }
}
