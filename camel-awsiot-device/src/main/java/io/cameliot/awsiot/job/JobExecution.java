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

import java.util.Map;

/**
 * A job that AWS IoT has started on this thing.
 *
 * @param key identifies the execution
 * @param statusDetails the details that were reported before; empty if there are none
 * @param document the job document, as JSON in UTF-8
 */
public record JobExecution(Key key, Map<String, String> statusDetails, byte[] document) {

    /**
     * Identifies an execution. A job that is tried again has the same job id and the next execution number. A job that
     * was deleted and created again may have the same number, too.
     *
     * @param jobId identifier of the job
     * @param executionNumber number of the execution of this job on this thing
     * @param queuedAt when AWS IoT queued it, in seconds since the epoch; 0 if unknown
     * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJobExecution.html">DeleteJobExecution</a>
     */
    public record Key(String jobId, long executionNumber, long queuedAt) {

        @Override
        public String toString() {
            return "job " + jobId + " (execution " + executionNumber + ")";
        }
    }
}
