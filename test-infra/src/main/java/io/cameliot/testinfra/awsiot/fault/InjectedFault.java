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
package io.cameliot.testinfra.awsiot.fault;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A fault with its remaining occurrences. */
public final class InjectedFault {
    private final Fault fault;
    private final Predicate<String> clientIds;
    private final int times;
    private final AtomicInteger triggered = new AtomicInteger();
    private volatile boolean removed;

    InjectedFault(Fault fault, int times, Predicate<String> clientIds) {
        this.fault = fault;
        this.times = times;
        this.clientIds = clientIds;
    }

    /**
     * The fault.
     *
     * @return the fault
     */
    public Fault fault() {
        return fault;
    }

    /**
     * How often the fault was requested.
     *
     * @return 1 or more, {@link Faults#ALWAYS} for no end
     */
    public int times() {
        return times;
    }

    /**
     * How often the fault has occurred.
     *
     * @return at most the requested number
     */
    public int triggered() {
        return triggered.get();
    }

    /** Removes the fault, which no longer occurs. */
    public void remove() {
        removed = true;
    }

    /**
     * Whether the fault can still occur.
     *
     * @return false if it was removed or has occurred as often as requested
     */
    public boolean isPending() {
        return !removed && triggered.get() < times;
    }

    boolean concerns(String clientId) {
        return clientIds.test(clientId);
    }

    /** Uses one occurrence, if one is left. */
    boolean strike() {
        return !removed && triggered.getAndUpdate(count -> count < times ? count + 1 : count) < times;
    }
}
