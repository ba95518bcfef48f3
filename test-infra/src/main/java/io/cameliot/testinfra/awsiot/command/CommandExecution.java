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
package io.cameliot.testinfra.awsiot.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that was sent to one device, as it is between two reports.
 *
 * @param id the execution's id
 * @param target whom it is for
 * @param created when it was sent
 * @param timeout how long it may take from then on
 * @param history what was said of it, oldest first; the last is what counts
 * @param byDevice whether the device said the last
 */
public record CommandExecution(
        String id,
        CommandTarget target,
        Instant created,
        Duration timeout,
        List<CommandReport> history,
        boolean byDevice) {

    public CommandExecution {
        history = List.copyOf(history);
    }

    public CommandReport latest() {
        return history.get(history.size() - 1);
    }

    public CommandState state() {
        return latest().state();
    }

    CommandExecution with(CommandReport report, boolean ofDevice) {
        List<CommandReport> longer = new ArrayList<>(history);
        longer.add(report);
        return new CommandExecution(id, target, created, timeout, longer, ofDevice);
    }

    boolean isOverdue(Instant now) {
        return state().isUnfinished() && !created.plus(timeout).isAfter(now);
    }

    /** Time that the cloud has called does not bind the device; what the device has called does. */
    void checkNext(CommandState next) throws CommandRejectedException {
        if (state().isUnfinished()) {
            return;
        }
        boolean calledByCloud = state() == CommandState.TIMED_OUT && !byDevice;
        if (next == CommandState.IN_PROGRESS || state() == CommandState.TIMED_OUT && !calledByCloud) {
            throw CommandRejectedException.transition(state(), next);
        }
        if (!calledByCloud) {
            throw CommandRejectedException.terminal(state());
        }
    }
}
