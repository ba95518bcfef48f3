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

import io.cameliot.awsiot.report.ReportFailure;
import java.time.Duration;

/** An action for a command. Actions are performed one after the other, in the order of the decisions. */
sealed interface CommandAction {

    /** Reports. Results in one Accepted or Failed. */
    record Report(int number, CommandOutcome outcome) implements CommandAction {}

    /**
     * Waits. Results in PauseOver.
     *
     * @param cause the failure that causes the wait
     */
    record Pause(int number, Duration time, Throwable cause) implements CommandAction {}

    /**
     * Ends the command; the last action.
     *
     * @param kind why AWS IoT did not accept the outcome; null if it did
     * @param cause null if AWS IoT accepted the outcome
     * @param unanswered whether an earlier report of the outcome got no answer
     */
    record End(ReportFailure kind, Throwable cause, boolean unanswered) implements CommandAction {}
}
