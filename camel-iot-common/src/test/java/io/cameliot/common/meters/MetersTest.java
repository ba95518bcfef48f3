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

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** The registry of the application is the one that camel-micrometer would take. */
class MetersTest {

    private static final Meter METER = new Meter("camel.test.things", "things", "Things that there are");

    private final CamelContext camel = new DefaultCamelContext();
    private final MeterRegistry one = new SimpleMeterRegistry();
    private final MeterRegistry other = new SimpleMeterRegistry();

    @Test
    void goToTheOnlyRegistry() {
        camel.getRegistry().bind("any", one);

        register();

        assertThat(one.get("camel.test.things")
                        .tags("camelContext", camel.getName(), "kind", "a")
                        .gauge()
                        .value())
                .isEqualTo(3);
        assertThat(one.getMeters()).singleElement().satisfies(meter -> {
            assertThat(meter.getId().getBaseUnit()).isEqualTo("things");
            assertThat(meter.getId().getDescription()).isEqualTo("Things that there are");
        });
    }

    @Test
    void goToTheRegistryWithTheNameOfCamelMicrometer() {
        camel.getRegistry().bind("metricsRegistry", one);
        camel.getRegistry().bind("other", other);

        register();

        assertThat(one.getMeters()).hasSize(1);
        assertThat(other.getMeters()).isEmpty();
    }

    @Test
    void goToTheCompositeOfSeveralRegistries() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(one);
        camel.getRegistry().bind("one", one);
        camel.getRegistry().bind("other", other);
        camel.getRegistry().bind("composite", composite);

        register();

        assertThat(composite.getMeters()).hasSize(1);
        assertThat(one.getMeters()).hasSize(1);
        assertThat(other.getMeters()).isEmpty();
    }

    @Test
    void goNowhereWhereSeveralRegistriesHaveOtherNames() {
        camel.getRegistry().bind("one", one);
        camel.getRegistry().bind("other", other);

        register();

        assertThat(one.getMeters()).isEmpty();
        assertThat(other.getMeters()).isEmpty();
    }

    @Test
    void goNowhereWithoutARegistry() {
        register().removeAll();
    }

    @Test
    void areRemovedWithoutThoseOfOthers() {
        camel.getRegistry().bind("any", one);
        one.counter("of.the.application");
        Meters meters = register();
        meters.counter(new Meter("camel.test.events", null, "Events so far"), Map.of(), () -> 5);
        assertThat(one.get("camel.test.events").functionCounter().count()).isEqualTo(5);

        meters.removeAll();

        assertThat(one.getMeters()).extracting(meter -> meter.getId().getName()).containsExactly("of.the.application");
    }

    private Meters register() {
        Meters meters = Meters.of(camel);
        meters.gauge(METER, Map.of("kind", "a"), () -> 3);
        return meters;
    }
}
