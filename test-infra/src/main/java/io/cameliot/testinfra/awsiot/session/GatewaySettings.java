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
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/**
 * What a gateway is made from.
 *
 * @param listeners where and how it listens
 * @param identities judge who a client is and what it may do
 * @param limits the quotas in force
 * @param mqtt5 what MQTT 5 clients are granted
 * @param faults what is to go wrong
 */
public record GatewaySettings(
        Listeners listeners, Identities identities, Limits limits, Mqtt5Settings mqtt5, Faults faults) {
    /**
     * Where and how a gateway listens.
     *
     * @param certificates the server's certificate by endpoint name, in lower case
     * @param tlsVersions JSSE's names
     * @param ipv6 whether to listen on {@code ::1} too
     * @param ports where to listen; 0 for a free port
     */
    public record Listeners(
            Map<String, IssuedCertificate> certificates,
            Collection<String> tlsVersions,
            boolean ipv6,
            Map<GatewayPort, Integer> ports) {}

    /**
     * What judges who a client is and what it may do.
     *
     * @param devices judges client certificates
     * @param verifier judges Signature Version 4
     * @param authorizers judge custom authentication
     * @param policies the policy of a client id; of the empty one over HTTPS
     */
    public record Identities(
            DeviceCertificates devices,
            SigV4Verifier verifier,
            CustomAuthorizers authorizers,
            Function<String, DevicePolicy> policies) {}
}
