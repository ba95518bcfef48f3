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
package io.cameliot.awsiot.provisioning;

import io.cameliot.awsiot.provisioning.fleet.ProvisioningFleet;
import io.cameliot.awsiot.provisioning.fleet.ProvisioningRequest;
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

/** Provisions one device when the route starts, unless its identity is there, and sends the result into the route. */
@ManagedResource(description = "Managed awsiot-provisioning consumer")
public class AwsIotProvisioningConsumer extends ProvisioningConsumer<ProvisioningFleet, DeviceProvisioningResult> {

    private final AwsIotProvisioningEndpoint endpoint;

    public AwsIotProvisioningConsumer(AwsIotProvisioningEndpoint endpoint, Processor processor) {
        super(endpoint, processor, endpoint.sharedFleet(), backoff(endpoint.getConfiguration()));
        this.endpoint = endpoint;
    }

    private static Backoff backoff(AwsIotProvisioningConfiguration options) {
        return new Backoff(
                OptionDuration.ofMillis(options.getRetryMinDelay()),
                OptionDuration.ofMillis(options.getRetryMaxDelay()),
                new SplittableRandom());
    }

    @Override
    protected CompletableFuture<DeviceProvisioningResult> provision(
            ProvisioningFleet running, RunOwner owner, boolean again) {
        return endpoint.provision(
                running,
                new ProvisioningRequest(
                        Optional.empty(),
                        TemplateParameters.of(endpoint.getConfiguration()),
                        endpoint.getConfiguration().isReprovision(),
                        owner));
    }

    @Override
    protected void fill(Message message, DeviceProvisioningResult result) {
        ProvisioningMessage.fill(message, result);
    }

    @Override
    protected String device() {
        return "of " + endpoint.getConfiguration().getIdentityDirectory();
    }

    @Override
    protected String done() {
        return "provisioned";
    }

    @Override
    protected Map<String, String> healthDetails() {
        return Map.of(
                "endpoint", endpoint.getConfiguration().getEndpoint(),
                "template", endpoint.getTemplate(),
                "identity.directory", endpoint.getConfiguration().getIdentityDirectory());
    }

    @Override
    protected Duration interval() {
        return Duration.ZERO;
    }

    @Override
    @ManagedAttribute(description = "Whether the device has an identity")
    public boolean isProvisioned() {
        return super.isProvisioned();
    }

    @Override
    public AwsIotProvisioningEndpoint getEndpoint() {
        return endpoint;
    }
}
