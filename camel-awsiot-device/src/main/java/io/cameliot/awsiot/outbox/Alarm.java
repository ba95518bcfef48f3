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
package io.cameliot.awsiot.outbox;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs a task once at the earliest time that was set. It may run too early. Not thread-safe. */
final class Alarm {

    private final ScheduledExecutorService timer;
    private final Runnable ring;
    private Future<?> scheduled;
    private long ringsAt;
    private volatile boolean pending; // ended by the timer

    Alarm(ScheduledExecutorService timer, Runnable ring) {
        this.timer = timer;
        this.ring = ring;
    }

    /**
     * Sets the alarm, unless it is set to an earlier time and has not rung yet.
     *
     * @param at time in terms of {@link System#nanoTime()}; one that is over makes it ring at once
     */
    void set(long at) {
        if (pending && ringsAt - at <= 0) {
            return;
        }
        cancel();
        ringsAt = at;
        pending = true;
        scheduled = timer.schedule(this::ring, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        pending = false;
        ring.run();
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            pending = false;
        }
    }
}
