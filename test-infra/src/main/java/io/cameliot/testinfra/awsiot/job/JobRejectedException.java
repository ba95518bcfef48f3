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

import java.util.Optional;

/** A request that AWS IoT Jobs rejects ("Jobs MQTT API: ErrorResponse"). */
public final class JobRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient QueuedExecution execution;

    private JobRejectedException(String code, String message, QueuedExecution execution) {
        super(message);
        this.code = code;
        this.execution = execution;
    }

    /**
     * A rejection for whatever reason.
     *
     * @param code such as {@code InternalError} or {@code RequestThrottled}
     */
    public JobRejectedException(String code, String message) {
        this(code, message, null);
    }

    public String code() {
        return code;
    }

    /** The execution as it is, where the answer tells. */
    Optional<QueuedExecution> execution() {
        return Optional.ofNullable(execution);
    }

    static JobRejectedException invalidJson(String message) {
        return new JobRejectedException("InvalidJson", message);
    }

    static JobRejectedException invalidRequest(String message) {
        return new JobRejectedException("InvalidRequest", message);
    }

    /** A topic below {@code jobs/} that is no request. */
    public static JobRejectedException invalidTopic(String topic) {
        return new JobRejectedException("InvalidTopic", "No operation has the topic " + topic);
    }

    static JobRejectedException notFound(String jobId) {
        return new JobRejectedException("ResourceNotFound", "No execution of the job " + jobId);
    }

    static JobRejectedException terminal(QueuedExecution execution) {
        return new JobRejectedException(
                "TerminalStateReached",
                "The execution of the job " + execution.job().id() + " has ended");
    }

    static JobRejectedException transition(QueuedExecution execution, JobState wanted) {
        return new JobRejectedException(
                "InvalidStateTransition",
                "The execution is " + execution.state() + " and cannot become " + wanted,
                execution);
    }

    static JobRejectedException version(QueuedExecution execution, long expected) {
        return new JobRejectedException(
                "VersionMismatch",
                "The execution has version " + execution.version() + " and not " + expected,
                execution);
    }
}
