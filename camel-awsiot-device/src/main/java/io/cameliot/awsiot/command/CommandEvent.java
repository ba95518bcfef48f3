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

/**
 * What happens to a command. The number says of which report, or of which pause: late news of an earlier one changes
 * nothing.
 */
sealed interface CommandEvent {

    /**
     * It enters the route.
     *
     * @param announced whether that is reported
     */
    record Entered(boolean announced) implements CommandEvent {}

    /** The route is through with it. */
    record Routed(CommandOutcome outcome) implements CommandEvent {}

    /** AWS IoT has taken a report. */
    record Accepted(int number) implements CommandEvent {}

    /** AWS IoT has not answered to a report, or has refused it. */
    record Failed(int number, ReportFailure kind, Throwable cause) implements CommandEvent {}

    /** The pause that was asked for is over. */
    record PauseOver(int number) implements CommandEvent {}
}
