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
package io.cameliot.awsiot.provisioning.wire;

import java.util.Optional;

/**
 * The certificate that AWS has created for a device and that is not registered yet.
 *
 * @param certificateId AWS's id of the certificate
 * @param certificatePem the certificate
 * @param privateKeyPem the key if AWS made it; empty if the device made it
 * @param ownershipToken proves at the registration that this device owns the certificate, for an hour
 */
public record CreatedCertificate(
        String certificateId, String certificatePem, Optional<String> privateKeyPem, String ownershipToken) {

    /** Shows neither key nor token. */
    @Override
    public String toString() {
        return "CreatedCertificate[" + certificateId + "]";
    }
}
