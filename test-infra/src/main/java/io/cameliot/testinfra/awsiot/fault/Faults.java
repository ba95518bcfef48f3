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
 * The faults that a test has set. They strike in the order in which they were injected, each as often as it was told, and
 * never by chance.
 */
public final class Faults {
    /** A number of times that is never reached. */
    public static final int ALWAYS = Integer.MAX_VALUE;
    /** The client id where none is known yet: for {@link Fault.DropAfterHandshake} and {@link Fault.AnswerHttp}. */
    public static final String NO_CLIENT_ID = "";

    private final List<InjectedFault> injected = new CopyOnWriteArrayList<>();

    /**
     * Lets a fault happen once, to whichever client comes first.
     *
     * @param fault what goes wrong
     * @return tells whether it has struck
     */
    public InjectedFault inject(Fault fault) {
        return inject(fault, 1);
    }

    /**
     * Lets a fault happen to whichever clients come first.
     *
     * @param fault what goes wrong
     * @param times how often, or {@link #ALWAYS}
     * @return tells how often it has struck
     */
    public InjectedFault inject(Fault fault, int times) {
        return inject(fault, times, clientId -> true);
    }

    /**
     * Lets a fault happen to some clients.
     *
     * @param fault what goes wrong
     * @param times how often, or {@link #ALWAYS}
     * @param clientIds whom it hits
     * @return tells how often it has struck
     * @throws IllegalArgumentException if it is to happen less than once
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

    /** Takes every fault back. */
    public void clear() {
        injected.forEach(InjectedFault::remove);
        injected.clear();
    }

    /**
     * Uses up one occurrence of a fault, if one is due. For the gateway.
     *
     * @param type the kind of fault
     * @param clientId whom it would hit, or {@link #NO_CLIENT_ID}
     * @param occasion whether the fault is about what is happening now
     * @param <F> the kind of fault
     * @return the fault to carry out
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
