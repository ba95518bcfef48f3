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
package io.cameliot.common.fleet;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one fleet of an endpoint. It exists while at least one producer or consumer of the endpoint runs; when the last
 * one stops, its connections and the threads of its routes end.
 *
 * @param <F> the type of the fleet
 */
public final class SharedFleet<F> {

    private final Supplier<F> open;
    private final Consumer<F> close;
    private volatile F fleet; // written with the lock held
    private int users; // guarded by this

    /**
     * Creates a holder without a fleet.
     *
     * @param open creates the fleet for the first user
     * @param close closes the fleet after its last user
     */
    public SharedFleet(Supplier<F> open, Consumer<F> close) {
        this.open = open;
        this.close = close;
    }

    /**
     * Registers a user of the fleet. Each user must call {@link #release()} once.
     *
     * @throws IllegalArgumentException if an option names a file or directory that can't be used
     */
    public synchronized F acquire() {
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

    /** Returns the fleet if there is one at present. */
    public Optional<F> running() {
        return Optional.ofNullable(fleet);
    }
}
