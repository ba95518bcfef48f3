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
package io.cameliot.awsiot.provisioning.flow;

import static io.cameliot.awsiot.provisioning.flow.Transition.commit;
import static io.cameliot.awsiot.provisioning.flow.Transition.connectClaim;
import static io.cameliot.awsiot.provisioning.flow.Transition.finish;
import static io.cameliot.awsiot.provisioning.flow.Transition.ignore;
import static io.cameliot.awsiot.provisioning.flow.Transition.open;

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Backoff;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Create;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Finish;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Ignore;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Register;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Save;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Store;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Subscribe;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Answered;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Cancelled;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Committed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectProblem;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Connected;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectionLost;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.DeadlinePassed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.FilesFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Opened;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.PauseOver;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Recorded;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Started;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Stored;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Subscribed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.TimedOut;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.Provisioned;
import io.cameliot.awsiot.provisioning.flow.ProvisioningState.Certificate;
import io.cameliot.awsiot.provisioning.wire.AcceptedAnswers;
import io.cameliot.awsiot.provisioning.wire.CreatedCertificate;
import io.cameliot.awsiot.provisioning.wire.MalformedAnswerException;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.awsiot.provisioning.wire.ServiceRejection;
import java.time.Duration;
import java.util.List;

/**
 * Fleet provisioning by claim as a pure function: it maps a state and an event to the next state and an action. It uses
 * no network, file, clock or thread; "now" is the time since the provisioning began.
 *
 * <p>The certificate and its key are on the disk before AWS is asked to register the thing, so that no certificate that
 * AWS has activated can lose its key. Where the answer to the registration is missing, the certificate is tried first:
 * AWS lets it in only if the thing was registered. It is replaced only when AWS has refused it: a connection that ends
 * without a reason is a refusal only when all attempts of a run have ended so.
 */
public final class ProvisioningMachine {

    private static final int REFUSED = 0x80;

    /** How often AWS has to refuse a session that is kept until the proof does without. */
    private static final int REFUSED_SESSIONS = 2;

    private final ProvisioningPolicy policy;

    public ProvisioningMachine(ProvisioningPolicy policy) {
        this.policy = policy;
    }

    /** Processes an event. Events that no longer fit the state are ignored. */
    public Transition on(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (state.step() == ProvisioningStep.FINISHED) {
            return ignore(state);
        } else if (event instanceof Cancelled cancelled) {
            return finish(state, Failures.cancelled(state, cancelled.reason(), cancelled.cause()));
        } else if (event instanceof DeadlinePassed) {
            return state.step() == ProvisioningStep.COMMIT
                    ? finish(state, Failures.deadlinePassed(state, policy.timeout()))
                    : fail(state, Failures.deadlinePassed(state, policy.timeout()));
        } else if (event instanceof FilesFailed failed) {
            return failed.passing() && state.step() == ProvisioningStep.OPEN
                    ? retry(state, failed.reason(), failed.cause(), now)
                    : finish(state, Failures.filesFailed(state, failed));
        }
        return switch (state.step()) {
            case QUEUED -> event instanceof Started ? open(state) : ignore(state);
            case OPEN -> event instanceof Opened opened ? opened(state, opened, now) : ignore(state);
            case CONNECT -> connecting(state, event, now);
            case SUBSCRIBE -> subscribing(state, event, now);
            case CREATE -> creating(state, event, now);
            case STORE -> storing(state, event);
            case REGISTER -> registering(state, event, now);
            case RECORD -> !(event instanceof Recorded) ? ignore(state) : state.proven() ? commit(state) : prove(state);
            case PROVE -> proving(state, event, now);
            case COMMIT ->
                event instanceof Committed committed
                        ? finish(state, new Provisioned(committed.identity(), true))
                        : ignore(state);
            case BACKOFF -> event instanceof PauseOver ? resume(state) : ignore(state);
            case FINISHED -> ignore(state);
        };
    }

    private Transition opened(ProvisioningState state, Opened opened, Duration now) {
        if (opened.identity().isPresent() && !policy.reprovision()) {
            return finish(state, new Provisioned(opened.identity().get(), false));
        }
        ProvisioningState read = state.asOpened();
        return opened.pending()
                .map(left -> prove(read.with(Certificate.leftBehind(left, now))))
                .orElseGet(() -> connectClaim(read));
    }

    private Transition connecting(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (event instanceof Connected) {
            return new Transition(state.connected(true).at(ProvisioningStep.SUBSCRIBE), new Subscribe());
        }
        if (event instanceof ConnectFailed failed) {
            return switch (failed.problem()) {
                case TRANSIENT -> retry(state, failed.reason(), failed.cause(), now);
                case CLOSED -> {
                    Transition again = retry(state, failed.reason(), failed.cause(), now);
                    yield again.action() instanceof Finish last ? finish(state, Failures.claimClosed(last)) : again;
                }
                case REFUSED, NOT_AUTHORIZED, PERMANENT -> fail(state, Failures.cannotConnect(state, failed));
            };
        }
        return lost(state, event, now);
    }

    private Transition subscribing(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (!(event instanceof Subscribed subscribed)) {
            return lost(state, event, now);
        }
        List<Integer> granted = subscribed.granted();
        for (int i = 0; i < granted.size(); i++) {
            int code = granted.get(i);
            if (code >= REFUSED) {
                String filter = policy.filters().get(i);
                return AwsReasons.isPassing(code) && code != REFUSED
                        ? retry(state, Failures.subscriptionProblem(code, filter), null, now)
                        : fail(state, Failures.subscriptionRefused(state, code, filter));
            }
        }
        return request(state, now);
    }

    /** Sends the next request on the open connection. */
    private Transition request(ProvisioningState state, Duration now) {
        if (state.certificate().isEmpty()) {
            return create(state);
        } else if (state.waiting().isValid(now)) {
            return register(state);
        }
        return state.proven() ? commit(state) : replace(state, now);
    }

    private static Transition register(ProvisioningState state) {
        Certificate waiting = state.waiting();
        return new Transition(
                state.with(waiting.asked(true)).at(ProvisioningStep.REGISTER), new Register(waiting.token()));
    }

    private static Transition create(ProvisioningState state) {
        return new Transition(state.withoutCertificate().at(ProvisioningStep.CREATE), new Create());
    }

    /**
     * Asks for another certificate if AWS has refused the one on the disk. A server that only closed may have had another
     * cause, and the certificate may be registered: it is tried again while there are attempts.
     */
    private Transition replace(ProvisioningState state, Duration now) {
        ProvisioningState tried = state.with(state.waiting().asked(true)).at(ProvisioningStep.PROVE);
        Transition again = retry(tried, Failures.MAYBE_REGISTERED, null, now);
        boolean last = again.action() instanceof Finish;
        return state.waiting().refusals() == Certificate.REFUSED || last && state.isRefused() ? create(state) : again;
    }

    private Transition creating(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (event instanceof Answered answer
                && answer.topic().equals(policy.create().accepted())) {
            try {
                CreatedCertificate created = AcceptedAnswers.certificate(answer.body());
                Certificate waiting = Certificate.created(created.ownershipToken(), now);
                return new Transition(state.progressed().with(waiting).at(ProvisioningStep.STORE), new Store(created));
            } catch (MalformedAnswerException e) {
                return fail(state, Failures.malformedAnswer(state, answer.topic(), e.getMessage()));
            }
        }
        if (event instanceof Answered answer
                && answer.topic().equals(policy.create().rejected())) {
            return rejected(state, ServiceRejection.read(answer.body()), now);
        }
        return lost(state, event, now);
    }

    private Transition storing(ProvisioningState state, ProvisioningEvent event) {
        if (event instanceof ConnectionLost) {
            return new Transition(state.connected(false), new Ignore());
        }
        if (!(event instanceof Stored)) {
            return ignore(state);
        }
        return state.connected() ? register(state) : connectClaim(state);
    }

    private Transition registering(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (event instanceof Answered answer
                && answer.topic().equals(policy.register().accepted())) {
            try {
                RegisteredThing thing = AcceptedAnswers.thing(answer.body());
                ProvisioningState registered =
                        state.progressed().with(state.waiting().of(thing));
                return new Transition(registered.at(ProvisioningStep.RECORD), new Save(thing));
            } catch (MalformedAnswerException e) {
                return fail(state, Failures.malformedAnswer(state, answer.topic(), e.getMessage()));
            }
        }
        if (event instanceof Answered answer
                && answer.topic().equals(policy.register().rejected())) {
            ServiceRejection rejection = ServiceRejection.read(answer.body());
            Certificate waiting = state.waiting();
            return rejected(
                    state.with(rejection.passing() ? waiting.afterProblem() : waiting.asked(false)), rejection, now);
        }
        boolean missing = event instanceof TimedOut || event instanceof ConnectionLost;
        return lost(missing ? state.with(state.waiting().withoutAnswer()) : state, event, now);
    }

    private Transition rejected(ProvisioningState state, ServiceRejection rejection, Duration now) {
        if (rejection.passing()) {
            if (!state.proven() && state.failures() >= policy.maxRetries()) {
                return finish(state, Failures.retriesExhausted(state, rejection));
            }
            Transition again = retry(state, Failures.rejection(rejection), null, now);
            return again.action() instanceof Finish last ? finish(state, Failures.notRetried(last, rejection)) : again;
        }
        return rejection.isOfToken() && state.isUncertain() && !state.proven()
                ? replace(state, now)
                : fail(state, Failures.rejected(state, rejection));
    }

    private Transition proving(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (event instanceof Connected) {
            // The name of the thing is in the answer that was lost. While the token is valid, AWS may repeat it.
            return state.thing().isPresent() || !state.waiting().isValid(now)
                    ? commit(state)
                    : connectClaim(state.asProven());
        }
        if (event instanceof ConnectFailed failed) {
            if (failed.problem() == ConnectProblem.NOT_AUTHORIZED && keepsSession(state)) {
                // It may be the session that the policy does not allow (PersistentConnect), and not the certificate.
                return pause(state.with(state.waiting().notAuthorizedToResume()), failed.reason(), now);
            }
            if (failed.isRefusal()) {
                boolean withReason = failed.problem() != ConnectProblem.CLOSED;
                return refused(state.with(state.waiting().refused(withReason)), failed, now);
            }
            return failed.problem() == ConnectProblem.PERMANENT
                    ? finish(state, Failures.cannotConnect(state, failed))
                    : retry(state, failed.reason(), failed.cause(), now);
        }
        return event instanceof TimedOut ? retry(state, Failures.NO_ANSWER, null, now) : ignore(state);
    }

    private Transition prove(ProvisioningState state) {
        return Transition.prove(state, keepsSession(state));
    }

    /** Only a device that has an identity can have a session to keep, and only if its policy allows that. */
    private boolean keepsSession(ProvisioningState state) {
        return policy.reprovision() && state.waiting().unauthorized() < REFUSED_SESSIONS;
    }

    private Transition refused(ProvisioningState state, ConnectFailed failed, Duration now) {
        if (state.thing().isEmpty()) {
            // It is not registered, or its policy allows another client id, or the server closed for another cause.
            return connectClaim(state);
        }
        if (state.failures() < policy.maxRetries()) {
            // AWS may take a while to know an activated certificate everywhere.
            return retry(state, failed.reason(), failed.cause(), now);
        }
        // AWS may have deleted it. Without this, only someone who deletes the files could help the device.
        return policy.reprovision() && state.isUncertain() && state.isRefused()
                ? connectClaim(state.withoutCertificate().progressed())
                : finish(state, Failures.cannotConnect(state, failed));
    }

    /** Handles the end of the connection with the claim and the lack of an answer. */
    private Transition lost(ProvisioningState state, ProvisioningEvent event, Duration now) {
        if (event instanceof TimedOut) {
            return retry(state, Failures.NO_ANSWER, null, now);
        }
        if (event instanceof ConnectionLost lost) {
            return lost.notAuthorized()
                    ? fail(state, Failures.notAuthorized(state, lost, policy))
                    : retry(state, lost.reason(), lost.cause(), now);
        }
        return ignore(state);
    }

    /** Pauses before the next attempt, or ends the provisioning after too many. */
    private Transition retry(ProvisioningState state, String problem, Throwable cause, Duration now) {
        if (state.proven()) {
            return commit(state);
        }
        if (state.failures() >= policy.maxRetries()) {
            return finish(state, Failures.retriesExhausted(state, problem, cause, policy));
        }
        return pause(state, problem, now);
    }

    private Transition pause(ProvisioningState state, String problem, Duration now) {
        Duration pause = policy.backoff().apply(state.failures());
        if (now.plus(pause).compareTo(policy.timeout()) >= 0) {
            return finish(state, Failures.pauseTooLong(state, pause, policy.timeout(), problem));
        }
        ProvisioningState failed =
                state.failed(problem + " while " + state.step().description());
        return new Transition(failed.at(ProvisioningStep.BACKOFF), new Backoff(pause));
    }

    /** Goes on after a pause. */
    private Transition resume(ProvisioningState state) {
        if (!state.opened()) {
            return open(state);
        }
        boolean toProve = state.certificate()
                .map(waiting -> waiting.asked() || waiting.thing().isPresent())
                .orElse(false);
        return toProve ? prove(state) : connectClaim(state);
    }

    /** Ends the provisioning, unless only the name of the thing is missing. */
    private static Transition fail(ProvisioningState state, ProvisioningOutcome outcome) {
        return state.proven() ? commit(state) : finish(state, outcome);
    }
}
