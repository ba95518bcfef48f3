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
package io.cameliot.testinfra.awsiot.gateway;

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizers;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/**
 * What a gateway is made from.
 *
 * @param certificates the server's certificate by endpoint name, in lower case
 * @param devices judges client certificates
 * @param tlsVersions JSSE's names
 * @param ipv6 whether to listen on {@code ::1} too
 * @param ports where to listen; 0 for a free port
 * @param limits the quotas in force
 * @param mqtt5 what MQTT 5 clients are granted
 * @param policies the policy of a client id; of the empty one over HTTPS
 * @param verifier judges Signature Version 4
 * @param authorizers judge custom authentication
 * @param faults what is to go wrong
 */
public record GatewaySettings(
        Map<String, IssuedCertificate> certificates,
        DeviceCertificates devices,
        Collection<String> tlsVersions,
        boolean ipv6,
        Map<GatewayPort, Integer> ports,
        Limits limits,
        Mqtt5Settings mqtt5,
        Function<String, DevicePolicy> policies,
        SigV4Verifier verifier,
        CustomAuthorizers authorizers,
        Faults faults) {}
