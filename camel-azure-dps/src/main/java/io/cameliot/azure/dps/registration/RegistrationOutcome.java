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
package io.cameliot.azure.dps.registration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.azure.dps.wire.RegistrationStatus;
import io.cameliot.azure.dps.wire.ServiceError;
import java.util.Optional;

/** How a registration ended. */
public sealed interface RegistrationOutcome {

    /**
     * The device is assigned.
     *
     * @param operationId       the operation that assigned it
     * @param registrationState what the service says of the device
     * @param credential        the index of the credential that was accepted
     */
    record Assigned(String operationId, ObjectNode registrationState, int credential) implements RegistrationOutcome {}

    /**
     * The device is not assigned.
     *
     * @param step        the step at which it ended
     * @param operationId the operation, if the service began one
     * @param answer      the answer that ended it
     * @param problem     what happened and what to do, in a sentence or more
     * @param retryable   whether another try can help
     * @param cause       what was caught, or {@code null}
     */
    record NotAssigned(
            RegistrationStep step,
            Optional<String> operationId,
            Answer answer,
            String problem,
            boolean retryable,
            Throwable cause)
            implements RegistrationOutcome {

        /**
         * The answer of the service that ended a registration.
         *
         * @param status             its status, if there was an answer
         * @param registrationStatus failed or disabled, if the operation ended so
         * @param error              the service's own words, if it said any
         */
        public record Answer(
                Optional<Integer> status, Optional<RegistrationStatus> registrationStatus, ServiceError error) {

            static final Answer NONE = new Answer(
                    Optional.empty(),
                    Optional.empty(),
                    new ServiceError(Optional.empty(), Optional.empty(), Optional.empty()));
        }

        /** A registration that was given up before it began. */
        public static NotAssigned beforeStart(String reason) {
            return Failures.cancelled(RegistrationState.INITIAL, reason);
        }
    }
}
