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

import io.cameliot.awsiot.report.ReportFailure;
import java.util.Set;

/**
 * The meaning of AWS IoT Jobs' error codes for the report of a job's end.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html">Jobs device MQTT API, error
 *     codes</a>
 */
final class JobErrors {

    private static final Set<String> ENDS =
            Set.of("SUCCEEDED", "FAILED", "REJECTED", "TIMED_OUT", "CANCELED", "REMOVED");

    private JobErrors() {}

    /**
     * Returns the kind of a failed report.
     *
     * @param code error code of the rejected answer
     * @param status status of the execution if the answer contains it; else null
     */
    static ReportFailure kind(String code, String status) {
        return switch (code) {
            case "InternalError", "RequestThrottled" -> ReportFailure.PASSING;
            case "TerminalStateReached", "ResourceNotFound", "InvalidStateTransition" -> ReportFailure.ENDED;
            // The component sends no version, so a mismatch is only a race.
            case "VersionMismatch" ->
                status != null && ENDS.contains(status) ? ReportFailure.ENDED : ReportFailure.PASSING;
            default -> ReportFailure.LASTING;
        };
    }
}
