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
package io.cameliot.testinfra.awsiot.provisioning;

import java.util.Optional;

/**
 * A certificate that waits for its registration, with everything that its device receives.
 *
 * @param certificateId the certificate's id
 * @param certificatePem the certificate
 * @param privateKeyPem the RSA key in PKCS#1 form, if the service generated the key
 * @param ownershipToken the proof that the device owns the certificate
 */
public record UnregisteredCertificate(
        String certificateId, String certificatePem, Optional<String> privateKeyPem, String ownershipToken) {
    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "UnregisteredCertificate[" + certificateId + "]";
    }
}
