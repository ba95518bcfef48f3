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

import io.cameliot.azure.dps.advice.DpsAdvice;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectFailed;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectProblem;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned.Answer;
import io.cameliot.azure.dps.wire.OperationStatus;
import io.cameliot.azure.dps.wire.RegistrationStatus;
import io.cameliot.azure.dps.wire.ServiceError;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.Optional;

/** Creates the outcomes of registrations that end without an assignment. Each says what the user can do about it. */
final class Failures {

    private Failures() {}

    /** Returns a short form of an answer: {@code 401 (Unauthorized, error code 401000, tracking id …)}. */
    static String describe(int status, ServiceError error) {
        String details = error.message().map(ForeignText::shown).orElse("no message")
                + error.errorCode().map(code -> ", error code " + code).orElse("")
                + error.trackingId()
                        .map(id -> ", tracking id " + ForeignText.shown(id))
                        .orElse("");
        return status + " (" + details + ")";
    }

    static NotAssigned refused(RegistrationState state, int status, ServiceError error) {
        String problem =
                "The service answered " + describe(status, error) + DpsAdvice.onRefusal(status, error.errorCode());
        return answered(state, new Answer(Optional.of(status), Optional.empty(), error), problem, false);
    }

    static NotAssigned operationEnded(RegistrationState state, int status, OperationStatus operation) {
        ServiceError error = operation.error();
        String problem;
        if (operation.status() == RegistrationStatus.DISABLED) {
            problem = "The enrollment of the device is disabled. Enable it in the service, then register again.";
        } else {
            problem = "The service could not assign the device: "
                    + error.message().map(ForeignText::shown).orElse("it gives no reason")
                    + error.errorCode()
                            .map(code -> " (error code " + code + ")")
                            .orElse("")
                    + DpsAdvice.onRefusal(status, error.errorCode());
        }
        return answered(state, new Answer(Optional.of(status), Optional.of(operation.status()), error), problem, false);
    }

    static NotAssigned retriesExhausted(RegistrationState state, int status, ServiceError error, String problem) {
        String all = gaveUp(state) + problem + DpsAdvice.onRefusal(status, error.errorCode());
        return answered(state, new Answer(Optional.of(status), Optional.empty(), error), all, true);
    }

    static NotAssigned connectionRetriesExhausted(RegistrationState state, String problem, Throwable cause) {
        return unanswered(state, gaveUp(state) + problem, true, cause);
    }

    private static String gaveUp(RegistrationState state) {
        return "Gave up after " + state.failures() + " retries in a row (" + DpsAdvice.retryLimit() + "): ";
    }

    static NotAssigned malformedAnswer(RegistrationState state, String topic, String problem) {
        return unanswered(
                state,
                "The answer on topic " + ForeignText.shown(topic) + " could not be read: " + problem,
                false,
                null);
    }

    static NotAssigned cannotConnect(RegistrationState state, ConnectFailed failed) {
        String problem = failed.problem() == ConnectProblem.CREDENTIAL_REFUSED
                ? failed.reason() + DpsAdvice.onRefusedCredential()
                : failed.reason();
        return unanswered(state, problem, false, failed.cause());
    }

    static NotAssigned subscriptionRefused(RegistrationState state) {
        return unanswered(
                state,
                "The service refused the subscription to its response topics" + DpsAdvice.onRefusedSubscription(),
                false,
                null);
    }

    static NotAssigned deadlinePassed(RegistrationState state, Duration timeout) {
        return unanswered(
                state,
                "Not done within " + DpsAdvice.timeLimit(timeout)
                        + state.lastProblem()
                                .map(problem -> "; the latest problem was: " + problem)
                                .orElse(""),
                true,
                null);
    }

    /**
     * Creates the outcome of a registration whose next request would come too late.
     *
     * @param answer the answer that asks for the pause, if one does
     */
    static NotAssigned pauseTooLong(
            RegistrationState state, Duration pause, Duration timeout, Optional<Answer> answer) {
        String advice = answer.flatMap(asking -> asking.status()
                        .map(status ->
                                DpsAdvice.onRefusal(status, asking.error().errorCode())))
                .orElse(".");
        String problem =
                "The next request is due in " + pause.toMillis() + " ms, which is after " + DpsAdvice.timeLimit(timeout)
                        + state.lastProblem()
                                .map(latest -> "; the latest problem was: " + latest)
                                .orElse("")
                        + advice
                        + DpsAdvice.onPauseTooLong();
        return answered(state, answer.orElse(Answer.NONE), problem, true);
    }

    static NotAssigned cancelled(RegistrationState state, String reason, Throwable cause) {
        return unanswered(state, reason, true, cause);
    }

    private static NotAssigned answered(RegistrationState state, Answer answer, String problem, boolean retryable) {
        return new NotAssigned(state.step(), state.operationId(), answer, problem, retryable, null);
    }

    private static NotAssigned unanswered(RegistrationState state, String problem, boolean retryable, Throwable cause) {
        return new NotAssigned(state.step(), state.operationId(), Answer.NONE, problem, retryable, cause);
    }
}
