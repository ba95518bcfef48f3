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
package io.cameliot.awsiot.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.report.Delays;
import io.cameliot.awsiot.report.ReportFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is lost, comes late or comes twice: each job is run once, and reported once, by the consumer or by the route
 * itself.
 */
class JobMachineRandomTest {

    private static final JobOutcome SUCCESS = new JobOutcome(JobOutcome.Status.SUCCEEDED, null);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void runsAndReportsEachJobOnce(long seed) {
        for (int i = 0; i < 400; i++) {
            new Walk(seed * 1000 + i).go();
        }
    }

    /** A machine, and what AWS IoT keeps of a thing's jobs. */
    private static final class Walk {

        private final Random random;
        private final JobMachine machine = new JobMachine(new Delays(Duration.ofMillis(1), Duration.ofMillis(9)));
        private final Deque<JobExecution> queue = new ArrayDeque<>();
        private final Map<JobExecution.Key, Integer> runs = new HashMap<>();
        private final Map<JobExecution.Key, Integer> ends = new HashMap<>();
        /** What is under way and can happen in any order. */
        private final List<Runnable> underWay = new ArrayList<>();

        private JobMemory memory = JobMemory.INITIAL;
        private JobExecution inProgress;
        private int created;
        private boolean faults = true;

        Walk(long seed) {
            this.random = new Random(seed);
        }

        void go() {
            on(new JobEvent.Subscribed());
            for (int i = 0; i < 60; i++) {
                step();
            }
            faults = false;
            on(new JobEvent.Resumed());
            on(new JobEvent.Subscribed());
            while (!underWay.isEmpty()) {
                happen();
            }
            assertThat(queue).isEmpty();
            assertThat(inProgress).isNull();
            assertThat(runs).hasSize(created).allSatisfy((job, times) -> assertThat(times)
                    .isOne());
            assertThat(ends).hasSize(created).allSatisfy((job, times) -> assertThat(times)
                    .isOne());
            assertThat(memory.step()).isEqualTo(JobStep.WAITING);
        }

        private void step() {
            int dice = random.nextInt(20);
            if (dice < 3) {
                create();
            } else if (dice == 3) {
                on(new JobEvent.Notified());
            } else if (dice == 4) {
                on(new JobEvent.Subscribed());
            } else if (dice == 5) {
                on(random.nextBoolean() ? new JobEvent.Suspended() : new JobEvent.Resumed());
            } else if (!underWay.isEmpty()) {
                happen();
            }
        }

        private void happen() {
            underWay.remove(random.nextInt(underWay.size())).run();
        }

        private void create() {
            queue.add(JobMachineTest.job("job-" + ++created, 1));
            if (queue.size() == 1 && inProgress == null) {
                announce();
            }
        }

        /** Sometimes twice. */
        private void announce() {
            for (int i = random.nextInt(2); i >= 0; i--) {
                underWay.add(() -> on(new JobEvent.Notified()));
            }
        }

        private void on(JobEvent event) {
            Transition<JobMemory, JobAction> next = machine.on(memory, event, random);
            memory = next.memory();
            next.actions().forEach(this::perform);
        }

        private void perform(JobAction action) {
            if (action instanceof JobAction.Ask ask) {
                underWay.add(() -> start(ask.number()));
            } else if (action instanceof JobAction.Run run) {
                runs.merge(run.job().key(), 1, Integer::sum);
                underWay.add(() -> leave(run));
            } else if (action instanceof JobAction.Report report) {
                underWay.add(() -> end(report));
            } else if (action instanceof JobAction.Pause pause) {
                underWay.add(() -> on(new JobEvent.PauseOver(pause.number())));
            }
        }

        private void leave(JobAction.Run run) {
            if (random.nextBoolean()) {
                on(new JobEvent.Routed(run.number(), SUCCESS));
                return;
            }
            on(new JobEvent.LeftOpen(run.number()));
            underWay.add(() -> end(run.job().key()));
        }

        private void start(int number) {
            if (isLost()) {
                on(new JobEvent.NotStarted(number, ReportFailure.UNANSWERED, new IOException("not sent")));
                return;
            }
            if (inProgress == null) {
                inProgress = queue.poll();
            }
            JobExecution answer = inProgress;
            underWay.add(() -> on(
                    isLost()
                            ? new JobEvent.NotStarted(number, ReportFailure.UNANSWERED, new IOException("not heard"))
                            : new JobEvent.Started(number, answer)));
        }

        private void end(JobAction.Report report) {
            if (isLost()) {
                on(new JobEvent.NotReported(report.number(), ReportFailure.UNANSWERED, new IOException("not sent")));
                return;
            }
            boolean open = end(report.job());
            underWay.add(() -> on(
                    isLost()
                            ? new JobEvent.NotReported(
                                    report.number(), ReportFailure.UNANSWERED, new IOException("not heard"))
                            : open
                                    ? new JobEvent.Reported(report.number())
                                    : new JobEvent.NotReported(
                                            report.number(), ReportFailure.ENDED, new IOException("ended"))));
        }

        /** Returns whether the job was in progress. */
        private boolean end(JobExecution.Key job) {
            boolean open = inProgress != null && inProgress.key().equals(job);
            if (open) {
                ends.merge(job, 1, Integer::sum);
                inProgress = null;
                if (!queue.isEmpty()) {
                    announce();
                }
            }
            return open;
        }

        private boolean isLost() {
            return faults && random.nextInt(4) == 0;
        }
    }
}
