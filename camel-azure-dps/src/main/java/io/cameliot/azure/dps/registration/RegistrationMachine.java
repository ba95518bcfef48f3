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

import io.cameliot.azure.dps.registration.RegistrationAction.Backoff;
import io.cameliot.azure.dps.registration.RegistrationAction.Connect;
import io.cameliot.azure.dps.registration.RegistrationAction.Finish;
import io.cameliot.azure.dps.registration.RegistrationAction.Ignore;
import io.cameliot.azure.dps.registration.RegistrationAction.Pause;
import io.cameliot.azure.dps.registration.RegistrationAction.Poll;
import io.cameliot.azure.dps.registration.RegistrationAction.Register;
import io.cameliot.azure.dps.registration.RegistrationAction.Subscribe;
import io.cameliot.azure.dps.registration.RegistrationEvent.Answered;
import io.cameliot.azure.dps.registration.RegistrationEvent.Cancelled;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectFailed;
import io.cameliot.azure.dps.registration.RegistrationEvent.Connected;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectionLost;
import io.cameliot.azure.dps.registration.RegistrationEvent.DeadlinePassed;
import io.cameliot.azure.dps.registration.RegistrationEvent.PauseOver;
import io.cameliot.azure.dps.registration.RegistrationEvent.Started;
import io.cameliot.azure.dps.registration.RegistrationEvent.Subscribed;
import io.cameliot.azure.dps.registration.RegistrationEvent.TimedOut;
import io.cameliot.azure.dps.registration.RegistrationOutcome.Assigned;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned.Answer;
import io.cameliot.azure.dps.wire.MalformedAnswerException;
import io.cameliot.azure.dps.wire.OperationStatus;
import io.cameliot.azure.dps.wire.ResponseTopic;
import io.cameliot.azure.dps.wire.ServiceError;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.Optional;

/**
 * The registration protocol of DPS over MQTT as a pure function: it maps a state and an event to the next state and an
 * action. It uses no network, clock or thread; "now" is the time since the registration began.
 *
 * <p>It interprets the status of an answer as Microsoft's SDKs do: below 300 the status in the body decides, 300 to 428
 * is final, and from 429 the same step is retried with the same operation id. After status 401 or a CONNACK that
 * refuses the credential, it first tries the device's next credential. Status 401 on a connection on which the service
 * has accepted a request means that the connection's SAS token has expired: the next connection has a new one.
 */
public final class RegistrationMachine {

    private static final int FIRST_ERROR = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FIRST_TRANSIENT = 429;
    private static final int SUBSCRIPTION_REFUSED = 0x80;

    private final RegistrationPolicy policy;
    private final int credentials;

    /**
     * Creates the machine of one device.
     *
     * @param credentials the number of the device's credentials, which are tried in order
     */
    public RegistrationMachine(RegistrationPolicy policy, int credentials) {
        this.policy = policy;
        this.credentials = credentials;
    }

    /** The result of an event: the next state and the action to perform. */
    public record Transition(RegistrationState state, RegistrationAction action) {}

    /** Processes an event. Events that no longer fit the state are ignored. */
    public Transition on(RegistrationState state, RegistrationEvent event, Duration now) {
        RegistrationStep step = state.step();
        if (step == RegistrationStep.FINISHED) {
            return ignore(state);
        } else if (event instanceof Cancelled cancelled) {
            return finish(state, Failures.cancelled(state, cancelled.reason(), cancelled.cause()));
        } else if (event instanceof DeadlinePassed) {
            return finish(state, Failures.deadlinePassed(state, policy.timeout()));
        } else if (event instanceof Started && step == RegistrationStep.QUEUED) {
            return connect(state);
        } else if (event instanceof PauseOver && step == RegistrationStep.BACKOFF) {
            return connect(state);
        } else if (event instanceof PauseOver && step == RegistrationStep.PAUSE) {
            return request(state, Optional.empty(), now);
        } else if (event instanceof Connected && step == RegistrationStep.CONNECT) {
            return new Transition(state.at(RegistrationStep.SUBSCRIBE), new Subscribe());
        } else if (event instanceof ConnectFailed failed && step == RegistrationStep.CONNECT) {
            return connectFailed(state, failed, now);
        } else if (event instanceof Subscribed subscribed && step == RegistrationStep.SUBSCRIBE) {
            return subscribed.grantedQos() < SUBSCRIPTION_REFUSED
                    ? request(state, Optional.empty(), now)
                    : finish(state, Failures.subscriptionRefused(state));
        } else if (event instanceof Answered answered && isRequest(step)) {
            return answered(state, answered, now);
        } else if (event instanceof TimedOut && (isConnecting(step) || isRequest(step))) {
            return reconnect(state, "no answer came in time while " + step.description(), null, now);
        } else if (event instanceof ConnectionLost lost
                && (isConnecting(step) || isRequest(step) || step == RegistrationStep.PAUSE)) {
            return reconnect(state, lost.reason() + " while " + step.description(), lost.cause(), now);
        }
        return ignore(state);
    }

    private static boolean isConnecting(RegistrationStep step) {
        return step == RegistrationStep.CONNECT || step == RegistrationStep.SUBSCRIBE;
    }

    private static boolean isRequest(RegistrationStep step) {
        return step == RegistrationStep.REGISTER || step == RegistrationStep.POLL;
    }

    private static Transition ignore(RegistrationState state) {
        return new Transition(state, new Ignore());
    }

    private static Transition connect(RegistrationState state) {
        return new Transition(state.connecting(), new Connect(state.credential()));
    }

    private static Transition finish(RegistrationState state, RegistrationOutcome outcome) {
        return new Transition(state.at(RegistrationStep.FINISHED), new Finish(outcome));
    }

    private Transition connectFailed(RegistrationState state, ConnectFailed failed, Duration now) {
        return switch (failed.problem()) {
            case TRANSIENT -> reconnect(state, failed.reason(), failed.cause(), now);
            case PERMANENT -> finish(state, Failures.cannotConnect(state, failed));
            case CREDENTIAL_REFUSED ->
                nextCredential(state, failed.reason())
                        .orElseGet(() -> finish(state, Failures.cannotConnect(state, failed)));
        };
    }

    /**
     * Sends the next request, or pauses until the service accepts one. The request is a poll if the service has begun
     * an operation.
     *
     * @param latest the answer that leads to the request, if one does
     */
    private Transition request(RegistrationState state, Optional<Answer> latest, Duration now) {
        Duration earliest = later(
                state.notBefore(),
                state.operationId().isPresent() ? state.pace().next() : Duration.ZERO);
        if (earliest.compareTo(now) > 0) {
            Duration pause = earliest.minus(now);
            return earliest.compareTo(policy.timeout()) >= 0
                    ? finish(state, Failures.pauseTooLong(state, pause, policy.timeout(), latest))
                    : new Transition(state.at(RegistrationStep.PAUSE), new Pause(pause));
        }
        if (state.operationId().isEmpty()) {
            RegistrationState registering = state.requesting(RegistrationStep.REGISTER);
            return new Transition(registering, new Register(registering.requestId()));
        }
        RegistrationState polling = state.requesting(RegistrationStep.POLL).polledAt(now);
        return new Transition(
                polling, new Poll(polling.requestId(), polling.operationId().orElseThrow()));
    }

    private Transition answered(RegistrationState state, Answered answer, Duration now) {
        try {
            Optional<ResponseTopic> topic = ResponseTopic.parse(answer.topic());
            if (topic.isEmpty() || !topic.get().answers(state.requestId())) {
                return ignore(state);
            }
            return topic.get().status() < FIRST_ERROR
                    ? operation(state, topic.get(), OperationStatus.parse(answer.body(), state.operationId()), now)
                    : error(state, topic.get(), ServiceError.parse(answer.body()), now);
        } catch (MalformedAnswerException e) {
            return finish(state, Failures.malformedAnswer(state, answer.topic(), e.getMessage()));
        } catch (IllegalArgumentException e) {
            return finish(state, Failures.malformedAnswer(state, answer.topic(), ForeignText.shown(e.getMessage())));
        }
    }

    private Transition operation(
            RegistrationState state, ResponseTopic topic, OperationStatus operation, Duration now) {
        return switch (operation.status()) {
            case ASSIGNED ->
                finish(
                        state,
                        new Assigned(
                                operation.operationId(),
                                operation.registrationState().orElseThrow(),
                                state.credential()));
            case FAILED, DISABLED -> finish(state, Failures.operationEnded(state, topic.status(), operation));
            case UNASSIGNED, ASSIGNING -> {
                Duration next = now.plus(topic.retryAfter().orElse(policy.defaultPollInterval()));
                Answer answer = new Answer(Optional.of(topic.status()), Optional.empty(), operation.error());
                yield request(state.progressed(operation.operationId(), next), Optional.of(answer), now);
            }
        };
    }

    private Transition error(RegistrationState state, ResponseTopic topic, ServiceError error, Duration now) {
        if (topic.status() >= FIRST_TRANSIENT) {
            String problem = "the service answered " + Failures.describe(topic.status(), error);
            if (state.failures() >= policy.maxRetries()) {
                return finish(state, Failures.retriesExhausted(state, topic.status(), error, problem));
            }
            Duration next =
                    now.plus(topic.retryAfter().orElseGet(() -> policy.backoff().apply(state.failures())));
            Answer answer = new Answer(Optional.of(topic.status()), Optional.empty(), error);
            return request(state.failed(problem, next), Optional.of(answer), now);
        }
        if (topic.status() == UNAUTHORIZED) {
            String problem = "the service answered " + Failures.describe(topic.status(), error);
            if (state.login().accepted() && state.failures() < policy.maxRetries()) {
                return reconnect(state, problem, null, now);
            }
            return nextCredential(state, problem)
                    .orElseGet(() -> finish(state, Failures.refused(state, topic.status(), error)));
        }
        return finish(state, Failures.refused(state, topic.status(), error));
    }

    /** Reconnects with the next credential, because a connection cannot change its SAS token. */
    private Optional<Transition> nextCredential(RegistrationState state, String problem) {
        return state.credential() + 1 < credentials
                ? Optional.of(connect(state.withNextCredential(problem)))
                : Optional.empty();
    }

    private Transition reconnect(RegistrationState state, String problem, Throwable cause, Duration now) {
        if (state.failures() >= policy.maxRetries()) {
            return finish(state, Failures.connectionRetriesExhausted(state, problem, cause));
        }
        Duration pause = policy.backoff().apply(state.failures());
        RegistrationState failed = state.failed(problem, later(state.notBefore(), now));
        return now.plus(pause).compareTo(policy.timeout()) >= 0
                ? finish(failed, Failures.pauseTooLong(failed, pause, policy.timeout(), Optional.empty()))
                : new Transition(failed.at(RegistrationStep.BACKOFF), new Backoff(pause));
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
