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
package io.cameliot.awsiot.provisioning.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.awsiot.service.ReservedRequest;
import io.cameliot.awsiot.service.ServiceCall;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.identity.DeviceKeys;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The requests of a connection with the claim certificate: for the device's own certificate, with a key that the device
 * makes or one that AWS makes, and for its registration.
 *
 * @param keys the kind of the key that the device makes; empty if AWS makes it
 * @param template the name of the template by which the thing is registered
 */
public record ClaimRequests(Optional<DeviceKeys.Algorithm> keys, String template) {

    /** The common name where none says more; AWS gives it to the certificates whose keys it makes. */
    private static final String COMMON_NAME = "AWS IoT Certificate";

    /** RFC 5280, appendix A.1: ub-common-name. */
    private static final int LONGEST_COMMON_NAME = 64;

    ServiceCall create() {
        return ReservedRequest.of(
                keys.isPresent() ? "$aws/certificates/create-from-csr/json" : "$aws/certificates/create/json");
    }

    ServiceCall register() {
        return ReservedRequest.of("$aws/provisioning-templates/" + template + "/provision/json");
    }

    /** Makes a key, which takes its time. */
    Optional<DeviceKeys> newKeys(Optional<String> serialNumber) {
        X500Principal subject = new X500Principal("CN="
                + serialNumber
                        .filter(number -> number.length() <= LONGEST_COMMON_NAME)
                        .orElse(COMMON_NAME));
        return keys.map(algorithm -> DeviceKeys.generate(algorithm, subject));
    }

    static byte[] creation(Optional<DeviceKeys> made) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        made.ifPresent(keys -> body.put("certificateSigningRequest", keys.signingRequestPem()));
        return ServiceJson.write(body);
    }

    static byte[] registration(String ownershipToken, Map<String, String> parameters) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("certificateOwnershipToken", ownershipToken);
        ObjectNode named = body.putObject("parameters");
        parameters.forEach(named::put);
        return ServiceJson.write(body);
    }
}
