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
package io.cameliot.azure.dps;

import io.cameliot.azure.dps.fleet.DeviceFleet;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.provisioning.ProvisioningConsumer;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.retry.OptionDuration;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;

/** Registers one device when the route starts and sends the assignment into the route, once or at an interval. */
@ManagedResource(description = "Managed azure-dps consumer")
public class DpsConsumer extends ProvisioningConsumer<DeviceFleet, DeviceRegistrationResult> {

    private final DpsEndpoint endpoint;
    private volatile Duration sinceRegistration = Duration.ZERO; // the age of a result from the store

    public DpsConsumer(DpsEndpoint endpoint, Processor processor) {
        super(endpoint, processor, endpoint.sharedFleet(), backoff(endpoint.getConfiguration()));
        this.endpoint = endpoint;
    }

    private static Backoff backoff(DpsConfiguration options) {
        return new Backoff(
                OptionDuration.ofMillis(options.getRetryMinDelay()),
                OptionDuration.ofMillis(options.getRetryMaxDelay()),
                new SplittableRandom());
    }

    @Override
    protected CompletableFuture<DeviceRegistrationResult> provision(
            DeviceFleet running, RunOwner owner, boolean again) {
        String device = endpoint.getRegistrationId();
        Duration age = running.storedFor(device);
        boolean force = again || endpoint.getConfiguration().isForceRegistration() || isDue(age);
        Optional<DeviceRegistrationResult> remembered = force ? Optional.empty() : endpoint.remembered(running, device);
        sinceRegistration = remembered.isPresent() ? age : Duration.ZERO;
        return remembered
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> endpoint.register(running, device, Optional.empty(), owner));
    }

    @Override
    protected void fill(Message message, DeviceRegistrationResult result) {
        RegistrationMessage.fill(message, result);
    }

    @Override
    protected String device() {
        return endpoint.getRegistrationId();
    }

    @Override
    protected String done() {
        return "registered";
    }

    @Override
    protected Map<String, String> healthDetails() {
        return Map.of(
                "service.host",
                endpoint.getConfiguration().getServiceHost(),
                "registration.id",
                endpoint.getRegistrationId());
    }

    /** Returns whether a device that registered this long ago is to register again. */
    private boolean isDue(Duration age) {
        return !reprovisionInterval().isZero() && age.compareTo(reprovisionInterval()) >= 0;
    }

    /** Returns the rest of the interval, which a registration before the start has begun. */
    @Override
    protected Duration interval() {
        return reprovisionInterval().isZero()
                ? Duration.ZERO
                : reprovisionInterval().minus(sinceRegistration);
    }

    private Duration reprovisionInterval() {
        return OptionDuration.ofMillis(endpoint.getConfiguration().getReprovisionInterval());
    }

    @ManagedAttribute(description = "Whether the device is assigned to an IoT hub")
    public boolean isAssigned() {
        return isProvisioned();
    }

    @Override
    public DpsEndpoint getEndpoint() {
        return endpoint;
    }
}
