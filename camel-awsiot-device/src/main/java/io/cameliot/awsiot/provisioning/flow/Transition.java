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

import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Commit;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.ConnectClaim;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.ConnectDevice;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Finish;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Ignore;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Open;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;

/** The result of an event: the next state and the action to perform. */
public record Transition(ProvisioningState state, ProvisioningAction action) {

    static Transition open(ProvisioningState state) {
        return new Transition(state.at(ProvisioningStep.OPEN), new Open());
    }

    static Transition connectClaim(ProvisioningState state) {
        return new Transition(state.connected(false).at(ProvisioningStep.CONNECT), new ConnectClaim());
    }

    static Transition prove(ProvisioningState state, boolean resume) {
        return new Transition(
                state.connected(false).at(ProvisioningStep.PROVE),
                new ConnectDevice(state.thing().map(RegisteredThing::name), resume));
    }

    static Transition commit(ProvisioningState state) {
        return new Transition(state.at(ProvisioningStep.COMMIT), new Commit(state.thing()));
    }

    static Transition finish(ProvisioningState state, ProvisioningOutcome outcome) {
        return new Transition(state.at(ProvisioningStep.FINISHED), new Finish(outcome));
    }

    static Transition ignore(ProvisioningState state) {
        return new Transition(state, new Ignore());
    }
}
