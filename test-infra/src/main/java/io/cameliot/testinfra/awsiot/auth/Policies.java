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
package io.cameliot.testinfra.awsiot.auth;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The policies of the account. The policy of a client id applies, or else that of the client's certificate; without either
 * everything is allowed.
 */
public final class Policies {
    private final Map<String, DevicePolicy> byClientId = new ConcurrentHashMap<>();
    private final Map<String, DevicePolicy> byCertificateId = new ConcurrentHashMap<>();

    /** Sets the policy of a client id, from now on. */
    public void set(String clientId, DevicePolicy policy) {
        byClientId.put(clientId, policy);
    }

    /** Attaches a policy to a certificate, instead of the one that it has. */
    public void attach(String certificateId, DevicePolicy policy) {
        byCertificateId.put(certificateId, policy);
    }

    /** Returns what is set now. */
    public Policies copy() {
        Policies copy = new Policies();
        copy.byClientId.putAll(byClientId);
        copy.byCertificateId.putAll(byCertificateId);
        return copy;
    }

    /** Sets exactly what was set when the copy was made. */
    public void restore(Policies copy) {
        byClientId.keySet().retainAll(copy.byClientId.keySet());
        byClientId.putAll(copy.byClientId);
        byCertificateId.keySet().retainAll(copy.byCertificateId.keySet());
        byCertificateId.putAll(copy.byCertificateId);
    }

    /** The policy that applies to a client. */
    public DevicePolicy of(String clientId, Principal principal) {
        DevicePolicy own = byClientId.get(clientId);
        return own == null ? ofCertificate(principal.identifier()) : own;
    }

    /** The policy that is attached to a certificate. */
    public DevicePolicy ofCertificate(String certificateId) {
        return Optional.ofNullable(byCertificateId.get(certificateId)).orElse(DevicePolicy.ALLOW_ALL);
    }
}
