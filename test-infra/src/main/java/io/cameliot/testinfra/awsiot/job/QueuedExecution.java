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
package io.cameliot.testinfra.awsiot.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job on one thing, as it is between two changes.
 *
 * @param job what is to be done
 * @param thing the thing's name
 * @param number counts the executions of the job on the thing, from 1
 * @param state how far it is
 * @param statusDetails what the thing said of it
 * @param version counts changes, from 1
 * @param times when it was what
 */
public record QueuedExecution(
        JobDefinition job,
        String thing,
        long number,
        JobState state,
        Map<String, String> statusDetails,
        long version,
        Times times) {

    public QueuedExecution {
        statusDetails = Map.copyOf(statusDetails);
    }

    /**
     * When an execution was what.
     *
     * @param queued when it came
     * @param started when the thing began
     * @param updated when it last changed
     * @param stepDeadline when the thing's own timer runs out
     */
    public record Times(Instant queued, Optional<Instant> started, Instant updated, Optional<Instant> stepDeadline) {}

    static QueuedExecution queued(JobDefinition job, String thing, long number, Instant now) {
        return new QueuedExecution(
                job,
                thing,
                number,
                JobState.QUEUED,
                Map.of(),
                1,
                new Times(now, Optional.empty(), now, Optional.empty()));
    }

    /** Whether it is the same execution, though it may have changed. */
    boolean isSame(QueuedExecution other) {
        return job.id().equals(other.job.id()) && number == other.number;
    }

    /**
     * It changes, by one version.
     *
     * @param next its state then
     * @param details what the thing says of it; empty to leave what it said
     * @param timer the thing's own timer
     */
    QueuedExecution changed(JobState next, Optional<Map<String, String>> details, StepTimer timer, Instant now) {
        Optional<Instant> started =
                next == JobState.IN_PROGRESS && times.started.isEmpty() ? Optional.of(now) : times.started;
        return new QueuedExecution(
                job,
                thing,
                number,
                next,
                details.orElse(statusDetails),
                version + 1,
                new Times(times.queued, started, now, timer.deadline(times.stepDeadline, now)));
    }

    /** When it times out, if it does: by the job's timer or by the thing's, whichever comes first. */
    Optional<Instant> deadline() {
        if (state != JobState.IN_PROGRESS) {
            return Optional.empty();
        }
        Optional<Instant> ofJob = times.started.flatMap(start -> job.timeout().map(start::plus));
        return Stream.concat(ofJob.stream(), times.stepDeadline.stream()).min(Instant::compareTo);
    }

    boolean isOverdue(Instant now) {
        return deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
    }

    /** What a request says of the thing's own timer, the step timer: nothing, stop, or a time from now on. */
    record StepTimer(Optional<Duration> set, boolean stops) {
        static final StepTimer UNCHANGED = new StepTimer(Optional.empty(), false);
        static final StepTimer STOPPED = new StepTimer(Optional.empty(), true);

        static StepTimer of(Duration time) {
            return new StepTimer(Optional.of(time), false);
        }

        Optional<Instant> deadline(Optional<Instant> former, Instant now) {
            return stops ? Optional.empty() : set.map(now::plus).or(() -> former);
        }
    }
}
