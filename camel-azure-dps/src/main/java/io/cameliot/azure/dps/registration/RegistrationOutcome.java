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

/** The outcome of a registration. */
public sealed interface RegistrationOutcome {

    /**
     * The device is assigned.
     *
     * @param operationId the operation that assigned it
     * @param registrationState the service's description of the registration
     * @param credential the index of the accepted credential
     */
    record Assigned(String operationId, ObjectNode registrationState, int credential) implements RegistrationOutcome {}

    /**
     * The device is not assigned.
     *
     * @param step the step at which the registration ended
     * @param operationId the operation, if the service began one
     * @param answer the answer that ended the registration; all its parts are empty if no answer did
     * @param problem the problem and the advice to the user, in one or more sentences
     * @param retryable whether another attempt can succeed without a change
     * @param cause the exception, or {@code null}
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
         * @param status the status, if there was an answer
         * @param registrationStatus failed or disabled, if the operation ended in that status
         * @param error the service's error details, as far as it sent any
         */
        public record Answer(
                Optional<Integer> status, Optional<RegistrationStatus> registrationStatus, ServiceError error) {

            static final Answer NONE = new Answer(
                    Optional.empty(),
                    Optional.empty(),
                    new ServiceError(Optional.empty(), Optional.empty(), Optional.empty()));
        }
    }
}
