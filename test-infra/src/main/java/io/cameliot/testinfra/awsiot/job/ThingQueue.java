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

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The executions of one thing, in the order in which they came. */
final class ThingQueue {
    private final String thing;
    private final List<QueuedExecution> executions = new ArrayList<>();

    ThingQueue(String thing) {
        this.thing = thing;
    }

    void add(JobDefinition job, Instant now) {
        long number = latest(job.id()).map(QueuedExecution::number).orElse(0L) + 1;
        executions.add(QueuedExecution.queued(job, thing, number, now));
    }

    List<QueuedExecution> all() {
        return List.copyOf(executions);
    }

    /** Those in progress, and then those that wait: the first is the next, as {@code $next} means it. */
    List<QueuedExecution> pending() {
        return executions.stream()
                .filter(execution -> execution.state().isPending())
                .sorted(Comparator.comparing(execution -> execution.state() != JobState.IN_PROGRESS))
                .toList();
    }

    List<QueuedExecution> pending(JobState state) {
        return pending().stream()
                .filter(execution -> execution.state() == state)
                .toList();
    }

    Optional<QueuedExecution> head() {
        return pending().stream().findFirst();
    }

    Optional<QueuedExecution> latest(String jobId) {
        return executions.stream()
                .filter(execution -> execution.job().id().equals(jobId))
                .reduce((earlier, later) -> later);
    }

    Optional<QueuedExecution> find(String jobId, long number) {
        return executions.stream()
                .filter(execution -> execution.job().id().equals(jobId) && execution.number() == number)
                .findFirst();
    }

    /** Puts another state of an execution in its place. */
    void replace(QueuedExecution changed) {
        replaceAll(execution -> execution.isSame(changed) ? changed : execution);
    }

    void replaceAll(UnaryOperator<QueuedExecution> change) {
        executions.replaceAll(change);
    }

    void remove(String jobId) {
        executions.removeIf(execution -> execution.job().id().equals(jobId));
    }

    /**
     * What the thing is told, after a change.
     *
     * @param before {@link #pending()} before it
     * @return empty if no execution came or went and the next is the same as before; that it has been started, or has
     *     changed otherwise, is no news
     */
    Optional<QueueNews> newsSince(List<QueuedExecution> before, Instant now) {
        List<QueuedExecution> pending = pending();
        boolean listed = sameMembers(before, pending);
        boolean sameHead = before.isEmpty()
                ? pending.isEmpty()
                : !pending.isEmpty() && before.get(0).isSame(pending.get(0));
        return listed && sameHead
                ? Optional.empty()
                : Optional.of(new QueueNews(
                        thing,
                        listed ? Optional.empty() : Optional.of(JobAnswers.notifyList(pending, now)),
                        sameHead ? Optional.empty() : Optional.of(JobAnswers.notifyNext(head(), now))));
    }

    private static boolean sameMembers(List<QueuedExecution> before, List<QueuedExecution> after) {
        return before.size() == after.size()
                && before.stream().allMatch(one -> after.stream().anyMatch(one::isSame));
    }
}
