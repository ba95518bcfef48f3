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

import io.cameliot.common.fleet.RunOwner;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spi.ShutdownPrepared;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Cancels the provisioning of devices as soon as its route or the whole context begins to stop. Otherwise a graceful shutdown waits
 * for it, by default up to 45 seconds, because its exchanges are in flight and Camel stops producers only after
 * that wait.
 */
public final class GracefulStop extends LifecycleStrategySupport {

    private final Set<Runs> producers = ConcurrentHashMap.newKeySet();

    /** The devices that one producer provisions. */
    public interface Runs {

        /** Cancels those of the matching owners immediately. */
        void cancel(Predicate<RunOwner> owner);
    }

    /** Adds a producer that starts. */
    public void add(Runs producer) {
        producers.add(producer);
    }

    public void remove(Runs producer) {
        producers.remove(producer);
    }

    @Override
    public void onContextStopping(CamelContext context) {
        producers.forEach(producer -> producer.cancel(owner -> true));
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        routes.forEach(route -> route.addService(new StopOfRoute(route.getRouteId())));
    }

    /**
     * A service of a route. Camel prepares the services of a route for shutdown before it waits for the exchanges in
     * flight.
     */
    private final class StopOfRoute extends ServiceSupport implements ShutdownPrepared {

        private final String stopping;

        StopOfRoute(String stopping) {
            this.stopping = stopping;
        }

        @Override
        public void prepareShutdown(boolean suspendOnly, boolean forced) {
            if (!suspendOnly) {
                producers.forEach(
                        producer -> producer.cancel(owner -> owner.routeIds().contains(stopping)));
            }
        }
    }
}
