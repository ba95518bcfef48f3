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
package io.cameliot.common.camel;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the recurring checks of many connections. All tasks with the same period share one timer task: with a timer task
 * for each of 5,000 connections, waking the timer's thread cost more than the checks.
 */
public final class PeriodicTasks {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);

    private final ScheduledExecutorService timer;
    private final Map<Duration, Group> groups = new HashMap<>(); // guarded by this

    PeriodicTasks(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** A task that runs until it is cancelled. */
    public interface PeriodicTask {

        /** Ends the task. A run that has begun goes on. */
        void cancel();
    }

    /**
     * Starts a task.
     *
     * @param period time between two runs; the first run comes after at most this time
     * @param check runs on the timer's thread and must be short; an exception is logged, and the task goes on
     */
    public synchronized PeriodicTask start(Duration period, Runnable check) {
        Group group = groups.computeIfAbsent(period, Group::new);
        Entry entry = new Entry(check, group);
        group.entries.add(entry);
        return entry;
    }

    private synchronized void remove(Entry entry) {
        Group group = entry.group;
        group.entries.remove(entry);
        if (group.entries.isEmpty() && groups.remove(group.period, group)) {
            group.ticking.cancel(false);
        }
    }

    private final class Group {

        private final Duration period;
        private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
        private final Future<?> ticking;

        Group(Duration period) {
            this.period = period;
            this.ticking =
                    timer.scheduleWithFixedDelay(this::run, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        }

        private void run() {
            for (Entry entry : entries) {
                try {
                    entry.check.run();
                } catch (Throwable e) {
                    // An exception would cancel the timer's task, and with it the checks of all other connections.
                    LOG.error("A periodic check failed", e);
                }
            }
        }
    }

    private final class Entry implements PeriodicTask {

        private final Runnable check;
        private final Group group;

        Entry(Runnable check, Group group) {
            this.check = check;
            this.group = group;
        }

        @Override
        public void cancel() {
            remove(this);
        }
    }
}
