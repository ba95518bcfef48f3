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
 * The complete state of a registration between two events.
 *
 * @param step the event that it waits for
 * @param requestId the {@code $rid} of the latest request. It keeps increasing over reconnects, so that a late answer
 *     never matches a newer request.
 * @param login what the device shows of itself
 * @param operationId the operation that the service began; it is kept over reconnects
 * @param notBefore the earliest time of the next request, measured from the start of the registration
 * @param pace the recent polls
 * @param trouble the recent failures
 */
public record RegistrationState(
        RegistrationStep step,
        int requestId,
        Login login,
        Optional<String> operationId,
        Duration notBefore,
        PollPace pace,
        Trouble trouble) {

    /**
     * What the device shows of itself.
     *
     * @param credential the index of the credential in use
     * @param accepted whether the service has accepted a request on the present connection
     */
    record Login(int credential, boolean accepted) {}

    /**
     * The failed attempts.
     *
     * @param inARow the number of failures since the service last made progress
     * @param latest the problem of the latest failure
     */
    record Trouble(int inARow, Optional<String> latest) {

        static final Trouble NONE = new Trouble(0, Optional.empty());

        Trouble and(String problem) {
            return new Trouble(inARow + 1, Optional.of(problem));
        }

        /** Resets the count. The latest problem is kept for the message of a later failure. */
        Trouble over() {
            return new Trouble(0, latest);
        }
    }

    /** The state before the queue admits the registration. */
    public static final RegistrationState INITIAL = new RegistrationState(
            RegistrationStep.QUEUED,
            0,
            new Login(0, false),
            Optional.empty(),
            Duration.ZERO,
            PollPace.NO_POLLS,
            Trouble.NONE);

    RegistrationState at(RegistrationStep next) {
        return new RegistrationState(next, requestId, login, operationId, notBefore, pace, trouble);
    }

    RegistrationState connecting() {
        Login fresh = new Login(credential(), false);
        return new RegistrationState(RegistrationStep.CONNECT, requestId, fresh, operationId, notBefore, pace, trouble);
    }

    RegistrationState requesting(RegistrationStep next) {
        return new RegistrationState(next, requestId + 1, login, operationId, notBefore, pace, trouble);
    }

    RegistrationState polledAt(Duration now) {
        return new RegistrationState(step, requestId, login, operationId, notBefore, pace.polledAt(now), trouble);
    }

    RegistrationState withNextCredential(String problem) {
        Trouble refused = new Trouble(trouble.inARow(), Optional.of(problem));
        Login next = new Login(credential() + 1, false);
        return new RegistrationState(step, requestId, next, operationId, notBefore, pace, refused);
    }

    /** Returns the state after an answer that shows progress of the operation. */
    RegistrationState progressed(String operation, Duration nextRequest) {
        Login accepted = new Login(credential(), true);
        return new RegistrationState(
                step, requestId, accepted, Optional.of(operation), nextRequest, pace, trouble.over());
    }

    RegistrationState failed(String problem, Duration nextRequest) {
        return new RegistrationState(step, requestId, login, operationId, nextRequest, pace, trouble.and(problem));
    }

    int credential() {
        return login.credential();
    }

    /** Returns the number of failures since the service last made progress. */
    int failures() {
        return trouble.inARow();
    }

    /** Returns the problem of the latest failure. */
    Optional<String> lastProblem() {
        return trouble.latest();
    }
}
