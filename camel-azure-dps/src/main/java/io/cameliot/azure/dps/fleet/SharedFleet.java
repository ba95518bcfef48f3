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
package io.cameliot.azure.dps.fleet;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one {@link DeviceFleet} of an endpoint. It exists while at least one producer or consumer of the endpoint runs;
 * when the last one stops, its connections and the threads of its routes end.
 */
public final class SharedFleet {

    private final Supplier<DeviceFleet> open;
    private final Consumer<DeviceFleet> close;
    private volatile DeviceFleet fleet; // written with the lock held
    private int users; // guarded by this

    /**
     * Creates a holder without a fleet.
     *
     * @param open creates the fleet for the first user
     * @param close closes the fleet after its last user
     */
    public SharedFleet(Supplier<DeviceFleet> open, Consumer<DeviceFleet> close) {
        this.open = open;
        this.close = close;
    }

    /**
     * Registers a user of the fleet. Each user must call {@link #release()} once.
     *
     * @throws IllegalArgumentException if an option names a file or directory that can't be used
     */
    public synchronized DeviceFleet acquire() {
        if (users == 0) {
            fleet = open.get();
        }
        users++;
        return fleet;
    }

    public synchronized void release() {
        users--;
        if (users == 0) {
            close.accept(fleet);
            fleet = null;
        }
    }

    /** Returns the number of registrations in progress, each with at most one connection. */
    public int active() {
        DeviceFleet running = fleet;
        return running == null ? 0 : running.active();
    }

    /** Returns the number of waiting registrations. */
    public int waiting() {
        DeviceFleet running = fleet;
        return running == null ? 0 : running.waiting();
    }
}
