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
package io.cameliot.testinfra.dps.fault;

import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.event.AzureRule;
import java.util.Optional;

/** Applies the faults that work at any step and for any answer. */
public final class StepFaults {

    private final MqttServerSession mqtt;

    public StepFaults(MqttServerSession mqtt) {
        this.mqtt = mqtt;
    }

    /** Sends an answer as the fault requires. */
    public void strike(Optional<DpsFault> strikes, Runnable answer) {
        DpsFault fault = strikes.orElse(null);
        if (fault instanceof DpsFault.DropBefore) {
            mqtt.close(AzureRule.INJECTED_FAULT, "injected: " + fault);
        } else if (fault instanceof DpsFault.Delay delay) {
            mqtt.schedule(delay.by(), answer);
        } else if (isAnswered(strikes)) {
            answer.run();
            if (fault instanceof DpsFault.DropAfter drop) {
                mqtt.schedule(drop.by(), () -> mqtt.close(AzureRule.INJECTED_FAULT, "injected: " + fault));
            }
        }
    }

    /** Returns whether an answer is sent, possibly late. */
    public static boolean isAnswered(Optional<DpsFault> fault) {
        return fault.filter(DpsFault.DropBefore.class::isInstance).isEmpty()
                && fault.filter(DpsFault.Withhold.class::isInstance).isEmpty();
    }
}
