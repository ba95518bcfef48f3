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
package io.cameliot.common.fleet;

import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The owner of a run, by which it can be cancelled.
 *
 * @param service the producer or consumer
 * @param routeIds the routes whose stop cancels the runs of a producer; empty outside a route and for a consumer
 * @param stopping returns whether one of the routes, or the context, stops, so that no further run begins
 */
public record RunOwner(Object service, Set<String> routeIds, BooleanSupplier stopping) {

    /** The reason of a run that ends because its route or the context stops. */
    public static final String STOPPED = "Cancelled, because the route is stopped";
}
