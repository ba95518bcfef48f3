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

import io.cameliot.common.meters.Meter;
import io.cameliot.common.meters.Meters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;

/**
 * The meters of all endpoints whose tags are the same: the sums of their figures in JMX. Device names are no tag, because
 * a fleet would have as many time series as devices. When an endpoint stops, its counts remain in the sums.
 */
final class FleetMeters {

    private final Meters meters;
    private final String prefix;
    private final MeteredDevices devices;
    private final Map<String, String> tags;
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Set<EndpointFleet> fleets = ConcurrentHashMap.newKeySet();

    /**
     * Registers the meters.
     *
     * @param prefix the first part of their names, with a dot at the end
     */
    FleetMeters(Meters meters, String prefix, MeteredDevices devices, Map<String, String> tags) {
        this.meters = meters;
        this.prefix = prefix;
        this.devices = devices;
        this.tags = tags;
        count(devices.outcome(), succeeded);
        count("failed", failed);
        sum("active", "in progress, each with at most one connection", EndpointFleet::active);
        sum("waiting", "that wait for their turn", EndpointFleet::waiting);
    }

    private void count(String outcome, LongAdder adder) {
        Map<String, String> tagged = new LinkedHashMap<>(tags);
        tagged.put("outcome", outcome);
        meters.counter(
                new Meter(
                        prefix + devices.unit(),
                        devices.unit(),
                        "Number of " + devices.unit() + " with the outcome of the tag"),
                tagged,
                adder::sum);
    }

    private void sum(String name, String description, ToIntFunction<EndpointFleet> figure) {
        meters.gauge(
                new Meter(prefix + name, devices.unit(), "Number of " + devices.unit() + " " + description),
                tags,
                () -> fleets.stream().mapToInt(figure).sum());
    }

    void add(EndpointFleet fleet) {
        fleets.add(fleet);
    }

    void remove(EndpointFleet fleet) {
        fleets.remove(fleet);
    }

    void count(boolean success) {
        (success ? succeeded : failed).increment();
    }
}
