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
 * An event of a command. The number identifies the report or pause that the event belongs to. A late event of an
 * earlier one changes nothing.
 */
sealed interface CommandEvent {

    /**
     * The command enters the route.
     *
     * @param announced whether the consumer reports that the command is in progress
     */
    record Entered(boolean announced) implements CommandEvent {}

    /** The route has finished the command. */
    record Routed(CommandOutcome outcome) implements CommandEvent {}

    /** AWS IoT has accepted a report. */
    record Accepted(int number) implements CommandEvent {}

    /** AWS IoT has not answered a report, or has refused it. */
    record Failed(int number, ReportFailure kind, Throwable cause) implements CommandEvent {}

    /** The requested pause is over. */
    record PauseOver(int number) implements CommandEvent {}
}
