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
package io.cameliot.awsiot.command;

/**
 * The state of a {@link CommandMachine}.
 *
 * @param number number of the latest report or pause
 * @param failures number of failed reports of the outcome
 * @param outcome null while the command is in the route
 * @param over why there is nothing left to report; null if there is
 * @param unanswered which earlier reports got no answer
 */
record CommandMemory(
        CommandStep step, int number, int failures, CommandOutcome outcome, Throwable over, Unanswered unanswered) {

    static final CommandMemory INITIAL = new CommandMemory(CommandStep.NEW, 0, 0, null, null, Unanswered.NONE);

    /**
     * The reports that got no answer, or perhaps not their own one.
     *
     * @param announcement whether the report that the command is in progress is among them
     * @param outcome whether a report of the outcome is among them
     */
    record Unanswered(boolean announcement, boolean outcome) {

        static final Unanswered NONE = new Unanswered(false, false);
        static final Unanswered ANNOUNCEMENT = new Unanswered(true, false);
        static final Unanswered OUTCOME = new Unanswered(false, true);

        Unanswered withOutcome() {
            return new Unanswered(announcement, true);
        }
    }

    CommandMemory at(CommandStep next) {
        return new CommandMemory(next, number, failures, outcome, over, unanswered);
    }

    /** Returns a memory at a step with a new number. */
    CommandMemory atNext(CommandStep next) {
        return new CommandMemory(next, number + 1, failures, outcome, over, unanswered);
    }

    /** Returns whether the outcome of the route is unknown and still matters. */
    boolean isInRoute() {
        return step != CommandStep.ENDED && outcome == null;
    }

    /** Returns the memory of a finished command. It keeps no outcome, because many finished commands are remembered. */
    CommandMemory ended() {
        return new CommandMemory(CommandStep.ENDED, number, failures, null, null, Unanswered.NONE);
    }

    CommandMemory failed() {
        return new CommandMemory(step, number, failures + 1, outcome, over, unanswered);
    }

    CommandMemory with(CommandOutcome of) {
        return new CommandMemory(step, number, failures, of, over, unanswered);
    }

    CommandMemory with(Unanswered reports) {
        return new CommandMemory(step, number, failures, outcome, over, reports);
    }

    CommandMemory over(Throwable why) {
        return new CommandMemory(step, number, failures, outcome, why, unanswered);
    }
}
