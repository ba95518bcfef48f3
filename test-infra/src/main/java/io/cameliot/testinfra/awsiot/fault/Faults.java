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

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The faults that a test has injected. They occur in the order of injection, each as often as requested, and never at
 * random.
 */
public final class Faults {
    /** A number of times that is never reached. */
    public static final int ALWAYS = Integer.MAX_VALUE;
    /** The client id while none is known: for {@link Fault.DropAfterHandshake} and {@link Fault.AnswerHttp}. */
    public static final String NO_CLIENT_ID = "";

    private final List<InjectedFault> injected = new CopyOnWriteArrayList<>();

    /**
     * Injects a fault once, for the next client.
     *
     * @param fault the fault
     * @return tells whether the fault has occurred
     */
    public InjectedFault inject(Fault fault) {
        return inject(fault, 1);
    }

    /**
     * Injects a fault for the next clients.
     *
     * @param fault the fault
     * @param times how often, or {@link #ALWAYS}
     * @return tells how often the fault has occurred
     */
    public InjectedFault inject(Fault fault, int times) {
        return inject(fault, times, clientId -> true);
    }

    /**
     * Injects a fault for some clients.
     *
     * @param fault the fault
     * @param times how often, or {@link #ALWAYS}
     * @param clientIds selects the clients
     * @return tells how often the fault has occurred
     * @throws IllegalArgumentException if {@code times} is less than one
     */
    public InjectedFault inject(Fault fault, int times, Predicate<String> clientIds) {
        if (times < 1) {
            throw new IllegalArgumentException("A fault must happen at least once, not " + times + " times");
        }
        injected.removeIf(former -> !former.isPending());
        InjectedFault handle = new InjectedFault(fault, times, clientIds);
        injected.add(handle);
        return handle;
    }

    /**
     * Returns the faults that can still occur.
     *
     * @return in the order of injection
     */
    public List<InjectedFault> pending() {
        return injected.stream().filter(InjectedFault::isPending).toList();
    }

    /** Removes every fault. */
    public void clear() {
        injected.forEach(InjectedFault::remove);
        injected.clear();
    }

    /**
     * Uses one occurrence of a fault, if one is due. For the gateway.
     *
     * @param type the kind of fault
     * @param clientId the client, or {@link #NO_CLIENT_ID}
     * @param occasion whether the fault applies to the current event
     * @param <F> the kind of fault
     * @return the fault to perform
     */
    public <F extends Fault> Optional<F> take(Class<F> type, String clientId, Predicate<F> occasion) {
        for (InjectedFault candidate : injected) {
            if (type.isInstance(candidate.fault())
                    && candidate.concerns(clientId)
                    && occasion.test(type.cast(candidate.fault()))
                    && candidate.strike()) {
                return Optional.of(type.cast(candidate.fault()));
            }
        }
        return Optional.empty();
    }
}
