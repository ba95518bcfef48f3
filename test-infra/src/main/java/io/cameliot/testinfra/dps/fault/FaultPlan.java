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
package io.cameliot.testinfra.dps.fault;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The injected faults that have not occurred yet, in the order of injection. */
public final class FaultPlan {

    private final List<Planned> planned = new ArrayList<>();

    /** A fault for one device, or for any device if its registration id is empty. */
    private static final class Planned {
        private final String registrationId;
        private final DpsFault fault;
        private int times;

        Planned(String registrationId, DpsFault fault, int times) {
            this.registrationId = registrationId;
            this.fault = fault;
            this.times = times;
        }

        boolean strikes(String device, DpsStep step) {
            return fault.step() == step && (registrationId.isEmpty() || registrationId.equalsIgnoreCase(device));
        }
    }

    public synchronized void add(String registrationId, DpsFault fault, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times is " + times + ", allowed is 1 or more");
        }
        planned.add(new Planned(registrationId, fault, times));
    }

    /** Takes the first fault for a step of a device. A fault can be taken as often as it was requested. */
    public synchronized Optional<DpsFault> take(String registrationId, DpsStep step) {
        for (Iterator<Planned> all = planned.iterator(); all.hasNext(); ) {
            Planned next = all.next();
            if (next.strikes(registrationId, step)) {
                if (--next.times == 0) {
                    all.remove();
                }
                return Optional.of(next.fault);
            }
        }
        return Optional.empty();
    }

    public synchronized List<DpsFault> pending() {
        return planned.stream().map(entry -> entry.fault).toList();
    }

    public synchronized void clear() {
        planned.clear();
    }
}
