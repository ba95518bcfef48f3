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
package io.cameliot.common.meters;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters in the {@link MeterRegistry} that the application has put into Camel's registry. */
final class MicrometerMeters implements Meters {

    private static final Logger LOG = LoggerFactory.getLogger(MicrometerMeters.class);

    /** The name and the tag are those of camel-micrometer, {@code MicrometerConstants}. */
    private static final String REGISTRY_NAME = "metricsRegistry";

    private static final String CONTEXT_TAG = "camelContext";

    private final MeterRegistry registry;
    private final Tags contextTag;
    private final Queue<io.micrometer.core.instrument.Meter> registered = new ConcurrentLinkedQueue<>();

    private MicrometerMeters(MeterRegistry registry, String camelContext) {
        this.registry = registry;
        this.contextTag = Tags.of(CONTEXT_TAG, camelContext);
    }

    static Meters of(CamelContext camelContext) {
        MeterRegistry registry = find(camelContext.getRegistry());
        if (registry != null) {
            return new MicrometerMeters(registry, camelContext.getName());
        }
        int found = camelContext.getRegistry().findByType(MeterRegistry.class).size();
        if (found > 0) {
            LOG.warn(
                    "There are no meters: Camel's registry has {} beans of type MeterRegistry, and none has the name {}",
                    found,
                    REGISTRY_NAME);
        }
        return new NoMeters();
    }

    /**
     * Finds the registry as camel-micrometer does: by name or as the only one, and a composite before the registries
     * that it consists of.
     *
     * @return null if there is none
     */
    private static MeterRegistry find(Registry beans) {
        MeterRegistry composite = find(beans, CompositeMeterRegistry.class);
        return composite != null ? composite : find(beans, MeterRegistry.class);
    }

    private static <T extends MeterRegistry> T find(Registry beans, Class<T> type) {
        T named = beans.lookupByNameAndType(REGISTRY_NAME, type);
        if (named != null) {
            return named;
        }
        Set<T> all = beans.findByType(type);
        return all.size() == 1 ? all.iterator().next() : null;
    }

    @Override
    public void gauge(Meter meter, Map<String, String> tags, DoubleSupplier value) {
        registered.add(Gauge.builder(meter.name(), value::getAsDouble)
                .baseUnit(meter.unit())
                .description(meter.description())
                .tags(tagged(tags))
                .register(registry));
    }

    @Override
    public void counter(Meter meter, Map<String, String> tags, DoubleSupplier count) {
        // Micrometer refers to its first argument weakly, and to the function strongly.
        registered.add(FunctionCounter.builder(meter.name(), this, meters -> count.getAsDouble())
                .baseUnit(meter.unit())
                .description(meter.description())
                .tags(tagged(tags))
                .register(registry));
    }

    private Tags tagged(Map<String, String> tags) {
        Tags all = contextTag;
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            all = all.and(tag.getKey(), tag.getValue());
        }
        return all;
    }

    @Override
    public void removeAll() {
        registered.forEach(registry::remove);
        registered.clear();
    }
}
