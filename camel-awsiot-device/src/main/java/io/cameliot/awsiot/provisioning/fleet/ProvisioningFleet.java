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

import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.Provisioned;
import io.cameliot.awsiot.provisioning.flow.ProvisioningPolicy;
import io.cameliot.awsiot.provisioning.identity.IdentityDirectory;
import io.cameliot.common.fleet.FleetProgress;
import io.cameliot.common.fleet.FleetScheduler;
import io.cameliot.common.provisioning.RouteThreads;
import io.cameliot.common.provisioning.ScheduledFleet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** The devices of one endpoint, only one for a consumer. */
public final class ProvisioningFleet extends ScheduledFleet<ProvisioningOutcome> {

    private final ClaimRequests certificates;
    private final IdentityDirectory directory;
    private final ProvisioningLimits limits;
    private final ProvisioningConnector connector;

    /**
     * Creates a fleet without devices.
     *
     * @param certificates how devices come to their certificates
     * @param directory where their identities are kept
     * @param connector opens their connections
     * @param timer an executor with a single thread, on which they are provisioned
     * @param routes the threads of the routes, which the fleet closes
     */
    public ProvisioningFleet(
            ClaimRequests certificates,
            IdentityDirectory directory,
            ProvisioningLimits limits,
            ProvisioningConnector connector,
            ScheduledExecutorService timer,
            RouteThreads routes) {
        super(
                new FleetScheduler<>(
                        limits.places(),
                        0,
                        timer,
                        routes,
                        new FleetProgress<>(
                                "awsiot-provisioning:" + certificates.template(), Provisioned.class::isInstance)),
                routes);
        this.certificates = certificates;
        this.directory = directory;
        this.limits = limits;
        this.connector = connector;
    }

    /**
     * Provisions a device, unless its directory holds an identity already.
     *
     * @return completes with the outcome, on a thread where routes may continue
     */
    public CompletableFuture<ProvisioningOutcome> provision(ProvisioningRequest request) {
        ProvisioningPolicy policy = new ProvisioningPolicy(
                certificates.create(),
                certificates.register(),
                request.reprovision(),
                limits.timeout(),
                limits.maxRetries(),
                limits.pauses());
        ProvisioningFiles files =
                new ProvisioningFiles(request, certificates, directory.of(request.serialNumber()), connector);
        return submit(thread -> new ProvisioningRun(request, policy, files, connector, limits.request(), thread));
    }
}
