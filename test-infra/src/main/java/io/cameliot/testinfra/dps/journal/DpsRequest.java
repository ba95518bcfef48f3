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
 * A request that the emulator received.
 *
 * @param registrationId the registration id of the connection
 * @param requestId the {@code $rid} of the topic; empty if there was none
 * @param operationId the polled operation; empty for a register request
 * @param qos the QoS of the request
 * @param body the body as received
 * @param receivedAt time of arrival
 * @param answer the answer
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
     * The answer to a request.
     *
     * @param status the status of the answer; empty if a fault prevented it
     * @param reason the reason for a refusal, for the test's author; empty if the request was accepted
     */
    public record Answer(OptionalInt status, String reason) {}

    /**
     * Distinguishes the two kinds of request.
     *
     * @return true for a register request, false for a poll
     */
    public boolean isRegister() {
        return operationId.isEmpty();
    }

    /**
     * The status of the answer.
     *
     * @return the status; empty if a fault prevented the answer
     */
    public OptionalInt status() {
        return answer.status();
    }

    /**
     * The reason for a refusal.
     *
     * @return the reason, for the test's author; empty if the request was accepted
     */
    public String reason() {
        return answer.reason();
    }
}
