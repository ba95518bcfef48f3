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
package io.cameliot.testinfra.awsiot.session;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.broker.EmbeddedBroker;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.Counters;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.journal.Journal;
import io.cameliot.testinfra.awsiot.service.DeviceServices;

/**
 * The services that the handlers of all connections share.
 *
 * @param settings the settings of the gateway
 * @param broker the broker behind the gateway
 * @param admission checks CONNECT packets
 * @param connections the MQTT connections
 * @param announcements what is published about connections
 * @param deviceServices answers the requests of devices
 * @param seen records what clients have sent
 */
public record GatewayServices(
        GatewaySettings settings,
        EmbeddedBroker broker,
        Admission admission,
        Connections connections,
        Announcements announcements,
        DeviceServices deviceServices,
        Seen seen) {

    /**
     * What the gateway publishes about connections.
     *
     * @param lifecycle publishes their lifecycle events
     * @param wills publishes the wills of those that are closed
     */
    public record Announcements(LifecycleEvents lifecycle, Wills wills) {}

    /**
     * Records of what clients have sent.
     *
     * @param journal the latest packets
     * @param counters their numbers
     */
    public record Seen(Journal journal, Counters counters) {}

    LifecycleEvents lifecycle() {
        return announcements.lifecycle();
    }

    Wills wills() {
        return announcements.wills();
    }

    Limits limits() {
        return settings.limits();
    }

    Mqtt5Settings mqtt5() {
        return settings.mqtt5();
    }

    public Faults faults() {
        return settings.faults();
    }

    public DevicePolicy policyOf(String clientId, Principal principal) {
        return settings.identities().policies().of(clientId, principal);
    }

    public Journal journal() {
        return seen.journal();
    }

    public Counters counters() {
        return seen.counters();
    }
}
