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

/** A fault that waits for its occasions. */
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
     * The fault itself.
     *
     * @return what goes wrong
     */
    public Fault fault() {
        return fault;
    }

    /**
     * How often it has struck.
     *
     * @return at most the number of times asked for
     */
    public int triggered() {
        return triggered.get();
    }

    /** Takes the fault back: it does not strike any more. */
    public void remove() {
        removed = true;
    }

    /**
     * Whether it can still strike.
     *
     * @return false if it has been taken back or has struck as often as it was to
     */
    public boolean isPending() {
        return !removed && triggered.get() < times;
    }

    boolean concerns(String clientId) {
        return clientIds.test(clientId);
    }

    /** Uses one of the times up, if there is one left. */
    boolean strike() {
        return !removed && triggered.getAndUpdate(count -> count < times ? count + 1 : count) < times;
    }
}
