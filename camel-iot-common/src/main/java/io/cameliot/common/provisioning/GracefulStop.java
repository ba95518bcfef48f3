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
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.ShutdownPrepared;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Cancels the provisioning of devices as soon as its route or the whole context begins to stop, and remembers the route, so
 * that no further one begins. Otherwise a graceful shutdown waits for it, by default up to 45 seconds, because its
 * exchanges are in flight and Camel stops producers only after that wait.
 */
public final class GracefulStop extends LifecycleStrategySupport {

    private final Set<Runs> producers = ConcurrentHashMap.newKeySet();
    private final Set<String> stoppingRoutes = ConcurrentHashMap.newKeySet();

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

    /** Returns whether one of the routes has begun to stop, and has not started since. */
    public boolean isStopping(Set<String> routeIds) {
        return routeIds.stream().anyMatch(stoppingRoutes::contains);
    }

    @Override
    public void onContextStopping(CamelContext context) {
        producers.forEach(producer -> producer.cancel(owner -> true));
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        routes.forEach(route -> route.addService(new StopOfRoute(route)));
    }

    /** Camel calls this for the consumer of a route that starts, and of one that goes on after an aborted stop. */
    @Override
    public void onServiceAdd(CamelContext context, Service service, Route route) {
        if (route != null && service instanceof Consumer) {
            stoppingRoutes.remove(route.getRouteId());
        }
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        routes.forEach(route -> stoppingRoutes.remove(route.getRouteId()));
    }

    /**
     * A service of a route. Camel prepares the services of a route for shutdown before it waits for the exchanges in
     * flight.
     */
    private final class StopOfRoute extends ServiceSupport implements ShutdownPrepared {

        private final Route route;

        StopOfRoute(Route route) {
            this.route = route;
        }

        @Override
        public void prepareShutdown(boolean suspendOnly, boolean forced) {
            if (!suspendOnly) {
                String stopping = route.getRouteId();
                // After an aborted stop Camel resumes a suspended route, and tells nobody.
                if (route.getCamelContext().getRouteController().getRouteStatus(stopping) == ServiceStatus.Started) {
                    stoppingRoutes.add(stopping);
                }
                producers.forEach(
                        producer -> producer.cancel(owner -> owner.routeIds().contains(stopping)));
            }
        }
    }
}
