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
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Counts the devices of a fleet and says how far it is: after every {@value #INTERVAL} devices, and at the end of a batch
 * of at least that many. So a fleet of a few devices, and a device that registers again now and then, say nothing.
 *
 * <p>A batch begins with the first device and ends when no device has come for a while. It knows no clock and no log.
 *
 * <p>Not thread-safe: only the {@link FleetScheduler}'s thread uses it.
 *
 * @param <O> the type of an outcome
 */
public final class FleetProgress<O> {

    static final int INTERVAL = 100;

    private static final double NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

    private final String fleet;
    private final Predicate<O> success;

    private int done;
    private int failed;
    private int reported;
    private Duration reportedAt;
    private Duration endedAt;

    /**
     * Creates an account without devices.
     *
     * @param fleet the name of the fleet, for the log
     * @param success whether an outcome is what the user wants
     */
    public FleetProgress(String fleet, Predicate<O> success) {
        this.fleet = fleet;
        this.success = success;
    }

    /** Counts a device that arrived. */
    void arrived(Duration now) {
        if (reportedAt == null) {
            reportedAt = now;
        }
    }

    /**
     * Counts the end of a device.
     *
     * @param active number of devices in progress
     * @param waiting number of devices that wait for a place
     * @return the account, if one is due
     */
    Optional<String> ended(O outcome, Duration now, int active, int waiting) {
        if (success.test(outcome)) {
            done++;
        } else {
            failed++;
        }
        endedAt = now;
        return done + failed - reported < INTERVAL ? Optional.empty() : Optional.of(report(active, waiting));
    }

    /**
     * Ends the batch.
     *
     * @return the last account, if others went before it and devices have ended since
     */
    Optional<String> endBatch() {
        Optional<String> last =
                reported == 0 || done + failed == reported ? Optional.empty() : Optional.of(report(0, 0));
        done = 0;
        failed = 0;
        reported = 0;
        reportedAt = null;
        return last;
    }

    private String report(int active, int waiting) {
        int all = done + failed;
        long nanos = Math.max(1, endedAt.minus(reportedAt).toNanos());
        String text = String.format(
                Locale.ROOT,
                "%s: %,d devices done, %,d failed, %,d in progress, %,d waiting; %,.0f per minute",
                fleet,
                done,
                failed,
                active,
                waiting,
                (all - reported) * NANOS_PER_MINUTE / nanos);
        reported = all;
        reportedAt = endedAt;
        return text;
    }
}
