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

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizers;
import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.credentials.RoleAliases;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.provisioning.FleetProvisioning;
import io.cameliot.testinfra.awsiot.service.EmulatorClock;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.util.Collection;
import java.util.Map;

/**
 * The settings of a gateway.
 *
 * @param listeners the listeners
 * @param identities authenticate and authorize clients
 * @param account the state that outlives a gateway
 * @param limits the quotas
 * @param mqtt5 what MQTT 5 clients are granted
 * @param faults the faults to inject
 * @param events records refusals and messages
 */
public record GatewaySettings(
        Listeners listeners,
        Identities identities,
        Account account,
        Limits limits,
        Mqtt5Settings mqtt5,
        Faults faults,
        EventLog events) {
    /**
     * The settings of the listeners.
     *
     * @param certificates the server's certificate by endpoint name, in lower case
     * @param credentialsEndpoint the endpoint among them that is the credentials provider
     * @param tlsVersions JSSE's names
     * @param ipv6 whether to listen on {@code ::1} too
     * @param ports port numbers; 0 for a free port
     */
    public record Listeners(
            Map<String, IssuedCertificate> certificates,
            String credentialsEndpoint,
            Collection<String> tlsVersions,
            boolean ipv6,
            Map<GatewayPort, Integer> ports) {}

    /**
     * Authentication and authorization.
     *
     * @param devices verifies client certificates
     * @param verifier verifies Signature Version 4
     * @param authorizers decide on custom authentication
     * @param policies the policy of a client id; the empty id is for HTTPS
     */
    public record Identities(
            DeviceCertificates devices, SigV4Verifier verifier, CustomAuthorizers authorizers, Policies policies) {}

    /**
     * The state of the account that outlives a gateway.
     *
     * @param clock the time of the services behind the gateway
     * @param provisioning provisions devices
     * @param roleAliases gives devices credentials
     */
    public record Account(EmulatorClock clock, FleetProvisioning provisioning, RoleAliases roleAliases) {}
}
