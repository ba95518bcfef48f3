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

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.camel.CamelContext;

/** The meters of a component. Each meter has the name of the Camel context as its tag {@code camelContext}. */
public interface Meters {

    /**
     * Registers a gauge.
     *
     * @param tags the values of the tags by their keys
     * @param value reads the present value on any thread
     */
    void gauge(Meter meter, Map<String, String> tags, DoubleSupplier value);

    /**
     * Registers a counter.
     *
     * @param tags the values of the tags by their keys
     * @param count reads the count on any thread; it never decreases
     */
    void counter(Meter meter, Map<String, String> tags, DoubleSupplier count);

    /** Removes all meters that were registered here. */
    void removeAll();

    /** Returns meters in the meter registry of the application; without Micrometer or such a registry, none. */
    static Meters of(CamelContext camelContext) {
        return isMicrometerPresent() ? MicrometerMeters.of(camelContext) : new NoMeters();
    }

    /** Asks the class loader that will load {@link MicrometerMeters}: under OSGi, Camel's sees more. */
    private static boolean isMicrometerPresent() {
        try {
            Class.forName("io.micrometer.core.instrument.MeterRegistry", false, Meters.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
