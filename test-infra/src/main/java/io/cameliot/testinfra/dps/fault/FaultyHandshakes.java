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

import io.cameliot.testinfra.dps.journal.DpsJournal;
import io.cameliot.testinfra.dps.mqtt.MqttTlsEndpoint;

/** Refuses handshakes according to the injected faults. */
public record FaultyHandshakes(FaultPlan faults, DpsJournal journal) implements MqttTlsEndpoint.Handshakes {

    @Override
    public boolean refuse() {
        return faults.take("", DpsStep.HANDSHAKE).isPresent();
    }

    @Override
    public void failed(Throwable cause) {
        journal.handshakeFailed();
    }
}
