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
package io.cameliot.testinfra.dps.session;

import io.cameliot.testinfra.dps.fault.FaultPlan;
import io.cameliot.testinfra.dps.journal.DpsJournal;
import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.dps.service.ProvisioningService;
import io.cameliot.testinfra.event.AzureRule;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The state that the connections of an emulator share. */
public final class DpsFront {

    private final String idScope;
    private final ProvisioningService service;
    private final FaultPlan faults;
    private final DpsJournal journal;
    private final Clock clock;
    private final Map<String, MqttServerSession> sessions = new ConcurrentHashMap<>();
    private volatile ResponseTopicStyle responseTopics = ResponseTopicStyle.RID_FIRST;

    public DpsFront(String idScope, ProvisioningService service, FaultPlan faults, DpsJournal journal, Clock clock) {
        this.idScope = idScope;
        this.service = service;
        this.faults = faults;
        this.journal = journal;
        this.clock = clock;
    }

    String idScope() {
        return idScope;
    }

    ProvisioningService service() {
        return service;
    }

    public FaultPlan faults() {
        return faults;
    }

    public DpsJournal journal() {
        return journal;
    }

    Clock clock() {
        return clock;
    }

    public ResponseTopicStyle responseTopics() {
        return responseTopics;
    }

    public void responseTopics(ResponseTopicStyle style) {
        responseTopics = style;
    }

    /**
     * Assigns a client id to a connection and closes the connection that had it (MQTT 3.1.1, section 3.1.4). This is
     * documented for IoT Hub and assumed for DPS.
     */
    void takeOver(String clientId, MqttServerSession session) {
        MqttServerSession before = sessions.put(key(clientId), session);
        if (before != null) {
            before.execute(() -> before.close(AzureRule.DUPLICATE_CLIENT_ID, "another connection took its client id"));
        }
    }

    void release(String clientId, MqttServerSession session) {
        sessions.remove(key(clientId), session);
    }

    private static String key(String clientId) {
        return clientId.toLowerCase(Locale.ROOT);
    }
}
