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

import io.cameliot.awsiot.provisioning.wire.ServiceRejection;
import java.util.Optional;

/** The outcome of a provisioning. */
public sealed interface ProvisioningOutcome {

    /**
     * The device has an identity.
     *
     * @param identity the identity
     * @param fresh false if the directory held it already and nothing was sent
     */
    record Provisioned(StoredIdentity identity, boolean fresh) implements ProvisioningOutcome {}

    /**
     * The device was not provisioned.
     *
     * @param step the step at which it ended
     * @param rejection the rejection by AWS that ended it, if one did
     * @param problem the problem and the advice to the user, in one or more sentences
     * @param retryable whether another attempt can succeed without a change
     * @param cause the exception, or {@code null}
     */
    record NotProvisioned(
            ProvisioningStep step,
            Optional<ServiceRejection> rejection,
            String problem,
            boolean retryable,
            Throwable cause)
            implements ProvisioningOutcome {}
}
