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
package io.cameliot.common.provisioning;

import io.cameliot.common.camel.DeviceComponent;
import io.cameliot.common.fleet.SharedFleet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** The base of components that provision devices. */
public abstract class ProvisioningComponent extends DeviceComponent {

    private final GracefulStop gracefulStop = new GracefulStop();
    private final Set<EndpointFleet> fleets = ConcurrentHashMap.newKeySet();
    private final MeteredDevices meteredDevices;
    /** The meters that this instance counts in, by their tags. */
    private final Map<Map<String, String>, FleetMeters> fleetMeters = new ConcurrentHashMap<>();

    /**
     * Creates a component that is not built yet.
     *
     * @param scheme the scheme of its URIs, and the prefix of its meters
     * @param threadName the prefix of its threads' names
     */
    protected ProvisioningComponent(
            CamelContext camelContext, String scheme, String threadName, MeteredDevices meteredDevices) {
        super(camelContext, scheme, threadName);
        this.meteredDevices = meteredDevices;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext().addLifecycleStrategy(gracefulStop);
        // Where only a message names the endpoint, in a recipientList for example, its route runs already.
        gracefulStop.onRoutesAdd(getCamelContext().getRoutes());
    }

    /**
     * Closes the fleets that are still open. A ProducerTemplate can have one, because its producers stop after the
     * component.
     */
    @Override
    protected void closeConnections() {
        for (EndpointFleet fleet : fleets) {
            removeFromMeters(fleet);
            fleet.close();
        }
        fleetMeters.clear();
    }

    /**
     * Creates the holder of an endpoint's fleet, which the component closes at the latest when it stops.
     *
     * @param open creates the fleet
     * @param tags returns the tags of the endpoint's meters
     */
    public <F extends EndpointFleet> SharedFleet<F> sharedFleet(Supplier<F> open, Supplier<Map<String, String>> tags) {
        return new SharedFleet<>(
                () -> {
                    F opened = open.get();
                    fleets.add(opened);
                    fleetMeters.computeIfAbsent(tags.get(), this::metersOf).add(opened);
                    return opened;
                },
                closing -> {
                    fleets.remove(closing);
                    removeFromMeters(closing);
                    closing.close();
                });
    }

    private void removeFromMeters(EndpointFleet fleet) {
        fleetMeters.values().forEach(meters -> meters.remove(fleet));
    }

    private FleetMeters metersOf(Map<String, String> tags) {
        String prefix = "camel." + scheme().replace('-', '.') + '.';
        return meters().sums(
                        FleetMeters.class, tags, (meters, key) -> new FleetMeters(meters, prefix, meteredDevices, key));
    }

    /**
     * Counts a device that is done.
     *
     * @param tags the tags of the endpoint's meters
     */
    public void count(Map<String, String> tags, boolean succeeded) {
        FleetMeters meters = fleetMeters.get(tags);
        if (meters != null) {
            meters.count(succeeded);
        }
    }

    /** Returns what tells producers when routes stop. */
    public GracefulStop gracefulStop() {
        return gracefulStop;
    }
}
