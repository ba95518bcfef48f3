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

import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Backoff;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Finish;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Answered;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Connected;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Opened;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.PauseOver;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Recorded;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Started;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Stored;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Subscribed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.NotProvisioned;
import io.cameliot.awsiot.service.ReservedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Walks a machine from event to event, with a clock that moves when told. */
final class Walk {

    static final String CREATE = "$aws/certificates/create-from-csr/json";
    static final String REGISTER = "$aws/provisioning-templates/factory/provision/json";
    static final String CERTIFICATE =
            "{\"certificateId\":\"c0ffee\",\"certificatePem\":\"PEM\",\"certificateOwnershipToken\":\"t0ken\"}";
    static final String THING = "{\"thingName\":\"sensor-17\",\"deviceConfiguration\":{\"interval\":\"10s\"}}";
    static final String TOKEN_REFUSED =
            "{\"statusCode\":400,\"errorCode\":\"InvalidCertificateOwnershipToken\",\"errorMessage\":\"No\"}";

    private final ProvisioningMachine machine;
    private Duration now = Duration.ZERO;
    ProvisioningState state = ProvisioningState.INITIAL;
    ProvisioningAction action;

    private Walk(boolean reprovision) {
        machine = new ProvisioningMachine(new ProvisioningPolicy(
                ReservedRequest.of(CREATE),
                ReservedRequest.of(REGISTER),
                reprovision,
                Duration.ofMinutes(2),
                3,
                failures -> Duration.ofSeconds(failures + 1L)));
    }

    static Walk started() {
        return new Walk(false).on(new Started());
    }

    static Walk reprovisioning() {
        return new Walk(true).on(new Started());
    }

    /** A provisioning of a new device that stands at a step on the way that it takes when nothing goes wrong. */
    static Walk at(ProvisioningStep step) {
        Walk walk = new Walk(false);
        List<Runnable> way = List.of(
                () -> walk.on(new Started()),
                () -> walk.on(new Opened(Optional.empty(), Optional.empty())),
                () -> walk.on(new Connected()),
                walk::subscribed,
                () -> walk.answer(CREATE + "/accepted", CERTIFICATE),
                () -> walk.on(new Stored()),
                () -> walk.answer(REGISTER + "/accepted", THING),
                () -> walk.on(new Recorded()),
                () -> walk.on(new Connected()));
        for (Runnable next : way) {
            if (walk.state.step() == step) {
                return walk;
            }
            next.run();
        }
        if (walk.state.step() != step) {
            throw new IllegalArgumentException("The way does not lead to " + step);
        }
        return walk;
    }

    Walk on(ProvisioningEvent event) {
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
        return after(((Backoff) action).time()).on(new PauseOver());
    }

    Walk subscribed() {
        return on(new Subscribed(List.of(1, 1, 1, 1)));
    }

    /** Connects with the claim and subscribes. */
    Walk reconnected() {
        return on(new Connected()).subscribed();
    }

    Walk answer(String topic, String body) {
        return on(new Answered(topic, body.getBytes(StandardCharsets.UTF_8)));
    }

    ProvisioningOutcome outcome() {
        return ((Finish) action).outcome();
    }

    NotProvisioned failure() {
        return (NotProvisioned) outcome();
    }
}
