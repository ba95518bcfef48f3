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
package io.cameliot.testinfra.dps.journal;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that the emulator saw.
 *
 * @param registrationId the registration id of the connection
 * @param requestId the {@code $rid} of the topic; empty when there was none
 * @param operationId the operation that is asked for; nothing for a register request
 * @param qos the QoS it was published with
 * @param body the body, as it was sent
 * @param receivedAt when it came
 * @param answer what became of it
 */
public record DpsRequest(
        String registrationId,
        String requestId,
        Optional<String> operationId,
        int qos,
        String body,
        Instant receivedAt,
        Answer answer) {

    /**
     * What became of a request.
     *
     * @param status the status of the answer; nothing when a fault kept it back
     * @param reason why it was refused, in words for the test's author; empty when it was not
     */
    public record Answer(OptionalInt status, String reason) {}

    /**
     * Tells the two kinds of request apart.
     *
     * @return true for a register request, false for a poll
     */
    public boolean isRegister() {
        return operationId.isEmpty();
    }

    /**
     * The status of the answer.
     *
     * @return the status, or nothing when a fault kept the answer back
     */
    public OptionalInt status() {
        return answer.status();
    }

    /**
     * Why the request was refused.
     *
     * @return the reason, in words for the test's author; empty when it was not
     */
    public String reason() {
        return answer.reason();
    }
}
