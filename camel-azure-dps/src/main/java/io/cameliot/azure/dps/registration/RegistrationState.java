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

import java.time.Duration;
import java.util.Optional;

/**
 * All that a registration remembers between two events.
 *
 * @param step        what it waits for
 * @param requestId   the {@code $rid} of the latest request; it counts on over connections, so that no late answer fits
 * @param credential  the index of the credential in use
 * @param operationId the operation that the service began; it outlives connections
 * @param failures    how many tries in a row failed since the service last made progress
 * @param notBefore   when the service accepts the next request, since the registration began
 * @param pace        the polls sent of late
 * @param lastProblem what the latest failed try failed by
 */
public record RegistrationState(
        RegistrationStep step,
        int requestId,
        int credential,
        Optional<String> operationId,
        int failures,
        Duration notBefore,
        PollPace pace,
        Optional<String> lastProblem) {

    /** The state before the registration's turn. */
    public static final RegistrationState INITIAL = new RegistrationState(
            RegistrationStep.QUEUED, 0, 0, Optional.empty(), 0, Duration.ZERO, PollPace.NO_POLLS, Optional.empty());

    RegistrationState at(RegistrationStep next) {
        return new RegistrationState(next, requestId, credential, operationId, failures, notBefore, pace, lastProblem);
    }

    RegistrationState requesting(RegistrationStep next) {
        return new RegistrationState(
                next, requestId + 1, credential, operationId, failures, notBefore, pace, lastProblem);
    }

    RegistrationState polledAt(Duration now) {
        return new RegistrationState(
                step, requestId, credential, operationId, failures, notBefore, pace.polledAt(now), lastProblem);
    }

    RegistrationState withNextCredential(String problem) {
        return new RegistrationState(
                step, requestId, credential + 1, operationId, failures, notBefore, pace, Optional.of(problem));
    }

    /** The service took the operation one step on. */
    RegistrationState progressed(String operation, Duration nextRequest) {
        return new RegistrationState(
                step, requestId, credential, Optional.of(operation), 0, nextRequest, pace, lastProblem);
    }

    RegistrationState failed(String problem, Duration nextRequest) {
        return new RegistrationState(
                step, requestId, credential, operationId, failures + 1, nextRequest, pace, Optional.of(problem));
    }
}
