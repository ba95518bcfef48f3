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
 * The meaning of the error codes of AWS IoT commands for a report.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/iot-remote-command-execution-start-monitor.html">Start
 *     and monitor command executions</a>
 */
final class CommandErrors {

    private CommandErrors() {}

    /**
     * Returns the kind of a failed report.
     *
     * @param code error code of the rejected answer
     * @param reported the state that was reported
     */
    static ReportFailure kind(String code, CommandOutcome.Status reported) {
        if (reported == CommandOutcome.Status.IN_PROGRESS && code.equals("InvalidStateTransition")) {
            // The cloud has timed the command out, and still takes the outcome.
            return ReportFailure.PASSING;
        }
        return switch (code) {
            case "DataConflict", "InternalError", "RequestThrottled" -> ReportFailure.PASSING;
            case "InvalidStateTransition", "TerminalStateReached", "ResourceNotFound" -> ReportFailure.ENDED;
            default -> ReportFailure.LASTING;
        };
    }
}
