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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The provisioning of one device. A {@link FleetScheduler} calls all methods on its thread, and none may block.
 *
 * @param <O> the type of the outcome
 */
public interface DeviceRun<O> {

    /** Returns the id of the device, of which case is ignored. Only one run per device is under way at a time. */
    String deviceId();

    /** Returns the owner. */
    RunOwner owner();

    /** Starts the run. It is called at most once, when the scheduler admits the run. */
    void start();

    /** Returns whether the run was started. */
    boolean isStarted();

    /** Ends the run now, whether started or not. */
    void cancel(String reason);

    /** Returns the future outcome, which completes on the scheduler's thread, never exceptionally. */
    CompletableFuture<O> outcome();

    /**
     * Returns how long the caller still has to wait for the outcome when it is known, because it could not use it before.
     * The wait occupies no place among the runs, and a cancellation ends it.
     */
    default Duration handOverDelay() {
        return Duration.ZERO;
    }

    /** Returns a future that completes after the outcome, when the connection is closed too. */
    CompletableFuture<Void> closed();
}
