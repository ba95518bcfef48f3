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

import io.cameliot.azure.dps.registration.RegistrationAction.Finish;
import io.cameliot.azure.dps.registration.RegistrationEvent.Answered;
import io.cameliot.azure.dps.registration.RegistrationEvent.Connected;
import io.cameliot.azure.dps.registration.RegistrationEvent.PauseOver;
import io.cameliot.azure.dps.registration.RegistrationEvent.Started;
import io.cameliot.azure.dps.registration.RegistrationEvent.Subscribed;
import io.cameliot.azure.dps.registration.RegistrationMachine.Transition;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Walks a machine from event to event, with a clock that moves when told. */
final class Walk {

    static final String ASSIGNING = "{\"operationId\":\"4.op\",\"status\":\"assigning\"}";
    static final String ASSIGNED = "{\"operationId\":\"4.op\",\"status\":\"assigned\",\"registrationState\":"
            + "{\"registrationId\":\"dev\",\"assignedHub\":\"hub.azure-devices.net\",\"deviceId\":\"device\"}}";

    /** Timeout 60 s, polls every 2 s, 3 retries after 1, 2 and 3 s. */
    static final RegistrationPolicy POLICY = new RegistrationPolicy(
            Duration.ofSeconds(60), Duration.ofSeconds(2), 3, failures -> Duration.ofSeconds(failures + 1L));

    private final RegistrationMachine machine;
    private Duration now = Duration.ZERO;
    RegistrationState state = RegistrationState.INITIAL;
    RegistrationAction action;

    private Walk(RegistrationPolicy policy, int credentials) {
        this.machine = new RegistrationMachine(policy, credentials);
    }

    static Walk queued(RegistrationPolicy policy, int credentials) {
        return new Walk(policy, credentials);
    }

    /** A registration that stands at a step on the way that it takes when nothing goes wrong. */
    static Walk at(RegistrationStep step) {
        return at(step, POLICY, 1);
    }

    static Walk at(RegistrationStep step, RegistrationPolicy policy, int credentials) {
        Walk walk = queued(policy, credentials);
        if (step == RegistrationStep.QUEUED) {
            return walk;
        }
        walk.on(new Started());
        if (step == RegistrationStep.BACKOFF) {
            return walk.on(new RegistrationEvent.TimedOut());
        }
        if (step == RegistrationStep.FINISHED) {
            return walk.on(new RegistrationEvent.Cancelled("test", null));
        }
        if (step == RegistrationStep.CONNECT) {
            return walk;
        }
        walk.on(new Connected());
        if (step == RegistrationStep.SUBSCRIBE) {
            return walk;
        }
        walk.on(new Subscribed(1));
        if (step == RegistrationStep.REGISTER) {
            return walk;
        }
        walk.answer(202, "retry-after=3", ASSIGNING);
        return step == RegistrationStep.PAUSE ? walk : walk.pauseOver();
    }

    Walk on(RegistrationEvent event) {
        Transition transition = machine.on(state, event, now);
        state = transition.state();
        action = transition.action();
        return this;
    }

    Walk after(Duration time) {
        now = now.plus(time);
        return this;
    }

    /** Lets the pause pass that the latest action asks for. */
    Walk pauseOver() {
        return after(pause()).on(new PauseOver());
    }

    Duration pause() {
        return action instanceof RegistrationAction.Pause waits
                ? waits.time()
                : ((RegistrationAction.Backoff) action).time();
    }

    /** Connects again and subscribes. */
    Walk reconnected() {
        return on(new Connected()).on(new Subscribed(1));
    }

    /** An answer to the latest request. */
    Walk answer(int status, String properties, String body) {
        return message("$dps/registrations/res/" + status + "/?$rid=" + state.requestId() + "&" + properties, body);
    }

    Walk answer(int status, String body) {
        return answer(status, "x=y", body);
    }

    Walk message(String topic, String body) {
        return on(new Answered(topic, body.getBytes(StandardCharsets.UTF_8)));
    }

    RegistrationOutcome outcome() {
        return ((Finish) action).outcome();
    }

    NotAssigned failure() {
        return (NotAssigned) outcome();
    }

    Duration now() {
        return now;
    }
}
