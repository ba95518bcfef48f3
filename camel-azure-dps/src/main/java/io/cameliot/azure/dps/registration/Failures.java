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

import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectFailed;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectProblem;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import io.cameliot.azure.dps.wire.OperationStatus;
import io.cameliot.azure.dps.wire.RegistrationStatus;
import io.cameliot.azure.dps.wire.ServiceError;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.Optional;

/** The ways in which a registration ends without an assignment, each with what the user can do about it. */
final class Failures {

    private static final ServiceError NO_WORDS = new ServiceError(Optional.empty(), Optional.empty(), Optional.empty());

    private Failures() {}

    /** An answer in short: {@code 401 (Unauthorized, error code 401000, tracking id …)}. */
    static String describe(int status, ServiceError error) {
        String details = error.message().map(ForeignText::shown).orElse("no message")
                + error.errorCode().map(code -> ", error code " + code).orElse("")
                + error.trackingId()
                        .map(id -> ", tracking id " + ForeignText.shown(id))
                        .orElse("");
        return status + " (" + details + ")";
    }

    static NotAssigned refused(RegistrationState state, int status, ServiceError error) {
        String problem = "The service answered " + describe(status, error) + advice(status, error);
        return answered(state, status, Optional.empty(), error, problem, false);
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
                    + advice(status, error);
        }
        return answered(state, status, Optional.of(operation.status()), error, problem, false);
    }

    static NotAssigned retriesExhausted(RegistrationState state, int status, ServiceError error, String problem) {
        String all = "Gave up after " + state.failures() + " retries in a row (maxRetries): " + problem
                + advice(status, error);
        return answered(state, status, Optional.empty(), error, all, true);
    }

    static NotAssigned connectionRetriesExhausted(RegistrationState state, String problem, Throwable cause) {
        return unanswered(
                state, "Gave up after " + state.failures() + " retries in a row (maxRetries): " + problem, true, cause);
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
                ? failed.reason() + ". " + RefusalAdvice.NOT_AUTHORIZED.whatToDo()
                        + " With a certificate, its common name must be the registration id."
                : failed.reason();
        return unanswered(state, problem, false, failed.cause());
    }

    static NotAssigned subscriptionRefused(RegistrationState state) {
        return unanswered(
                state,
                "The service refused the subscription to its response topics. Check that serviceHost is the host of"
                        + " a Device Provisioning Service.",
                false,
                null);
    }

    static NotAssigned deadlinePassed(RegistrationState state, Duration timeout) {
        return unanswered(
                state,
                "Not done within registrationTimeout=" + timeout.toMillis() + " ms"
                        + state.lastProblem()
                                .map(problem -> "; the latest problem was: " + problem)
                                .orElse(""),
                true,
                null);
    }

    static NotAssigned pauseTooLong(RegistrationState state, Duration pause, Duration timeout) {
        return unanswered(
                state,
                "The next request is due in " + pause.toMillis() + " ms, which is after registrationTimeout="
                        + timeout.toMillis() + " ms"
                        + state.lastProblem()
                                .map(problem -> "; the latest problem was: " + problem)
                                .orElse("")
                        + ". Raise registrationTimeout, or register again later.",
                true,
                null);
    }

    static NotAssigned cancelled(RegistrationState state, String reason) {
        return unanswered(state, reason, true, null);
    }

    private static String advice(int status, ServiceError error) {
        return RefusalAdvice.of(status, error.errorCode())
                .map(advice -> ": " + advice.meaning() + ". " + advice.whatToDo())
                .orElse(".");
    }

    private static NotAssigned answered(
            RegistrationState state,
            int status,
            Optional<RegistrationStatus> registrationStatus,
            ServiceError error,
            String problem,
            boolean retryable) {
        return new NotAssigned(
                state.step(),
                state.operationId(),
                Optional.of(status),
                registrationStatus,
                error,
                problem,
                retryable,
                null);
    }

    private static NotAssigned unanswered(RegistrationState state, String problem, boolean retryable, Throwable cause) {
        return new NotAssigned(
                state.step(),
                state.operationId(),
                Optional.empty(),
                Optional.empty(),
                NO_WORDS,
                problem,
                retryable,
                cause);
    }
}
