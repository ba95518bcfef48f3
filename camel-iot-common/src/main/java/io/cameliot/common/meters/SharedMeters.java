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

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;

/**
 * The meters of all instances of a component in one Camel context. Their names and tags are the same, and of such meters
 * Micrometer has one only.
 */
public final class SharedMeters {

    /** Kept by the context, by the schemes of the components. Guarded by the class {@link SharedMeters}. */
    private record OfContext(Map<String, SharedMeters> byScheme) {}

    private final Meters meters;
    private final Runnable forget;
    /** What registers the meters and sums up their values, by their tags. */
    private final Map<Map<String, String>, Object> sums = new HashMap<>();

    private int instances; // guarded by the class

    private SharedMeters(Meters meters, Runnable forget) {
        this.meters = meters;
        this.forget = forget;
    }

    /** Returns the meters for an instance that starts. */
    public static SharedMeters acquire(CamelContext camelContext, String scheme) {
        synchronized (SharedMeters.class) {
            ExtendedCamelContext extension = camelContext.getCamelContextExtension();
            if (extension.getContextPlugin(OfContext.class) == null) {
                extension.addContextPlugin(OfContext.class, new OfContext(new HashMap<>()));
            }
            Map<String, SharedMeters> byScheme =
                    extension.getContextPlugin(OfContext.class).byScheme();
            SharedMeters shared = byScheme.computeIfAbsent(
                    scheme, key -> new SharedMeters(Meters.of(camelContext), () -> byScheme.remove(key)));
            shared.instances++;
            return shared;
        }
    }

    /** Ends the use by an instance that stops. The last one removes the meters. */
    public void release() {
        synchronized (SharedMeters.class) {
            instances--;
            if (instances == 0) {
                forget.run();
                meters.removeAll();
            }
        }
    }

    /**
     * Returns the sums with these tags.
     *
     * @param create registers the meters
     */
    public synchronized <S> S sums(
            Class<S> type, Map<String, String> tags, BiFunction<Meters, Map<String, String>, S> create) {
        return type.cast(sums.computeIfAbsent(tags, key -> create.apply(meters, key)));
    }
}
