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
package io.cameliot.awsiot.report;

/**
 * Thrown by a route that refuses a job or a command. The consumer then reports REJECTED instead of FAILED, because the
 * device has not tried it. The message is the reported reason.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/iot-jobs-lifecycle.html">Jobs and job execution
 *     states</a>
 */
public class ExecutionRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message why the device refuses the job or command
     */
    public ExecutionRejectedException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message why the device refuses the job or command
     */
    public ExecutionRejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}
