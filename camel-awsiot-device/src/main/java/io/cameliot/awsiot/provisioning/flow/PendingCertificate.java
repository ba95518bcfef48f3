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
package io.cameliot.awsiot.provisioning.flow;

import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import java.time.Duration;
import java.util.Optional;

/**
 * A certificate and its key that are on the disk but not in use yet.
 *
 * @param certificateId AWS's id of the certificate
 * @param ownershipToken the proof for the registration
 * @param age the time since AWS created it
 * @param thing the thing, if the answer to the registration is known
 */
public record PendingCertificate(
        String certificateId, String ownershipToken, Duration age, Optional<RegisteredThing> thing) {

    /** Shows no token. */
    @Override
    public String toString() {
        return "PendingCertificate[" + certificateId + ", " + age + ", " + thing + "]";
    }
}
