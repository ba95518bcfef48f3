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
 * What the error codes of AWS IoT Jobs mean to someone who reports the end of a job.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html">Jobs device MQTT API, error
 *     codes</a>
 */
final class JobErrors {

    private static final Set<String> ENDS =
            Set.of("SUCCEEDED", "FAILED", "REJECTED", "TIMED_OUT", "CANCELED", "REMOVED");

    private JobErrors() {}

    /**
     * @param code of the rejected answer
     * @param status of the execution, where the answer tells it; else null
     */
    static ReportFailure kind(String code, String status) {
        return switch (code) {
            case "InternalError", "RequestThrottled" -> ReportFailure.PASSING;
            case "TerminalStateReached", "ResourceNotFound", "InvalidStateTransition" -> ReportFailure.ENDED;
            // No version is sent, so it is nothing but a race.
            case "VersionMismatch" ->
                status != null && ENDS.contains(status) ? ReportFailure.ENDED : ReportFailure.PASSING;
            default -> ReportFailure.LASTING;
        };
    }
}
