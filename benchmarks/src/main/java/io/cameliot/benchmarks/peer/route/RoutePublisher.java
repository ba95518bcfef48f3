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
package io.cameliot.benchmarks.peer.route;

import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.Publisher;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.model.RouteDefinition;

/** Publishes through a Camel route to the measured endpoint. */
public final class RoutePublisher implements Publisher {

    private final Route route;

    /**
     * Creates a publisher to one endpoint.
     *
     * @param beans the beans that the URI names as {@code #name}
     */
    public RoutePublisher(String uri, Map<String, Object> beans) throws Exception {
        this(beans, from -> from.to(uri));
    }

    /**
     * Creates a publisher to a route.
     *
     * @param beans the beans that the route's URIs name as {@code #name}
     * @param steps the route behind {@code from}
     */
    public RoutePublisher(Map<String, Object> beans, Consumer<RouteDefinition> steps) throws Exception {
        route = new Route(beans, steps);
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        route.process(route.exchange(payload), completion);
    }

    @Override
    public void publishAndWait(byte[] payload) throws Exception {
        route.processAndWait(route.exchange(payload));
    }

    @Override
    public void close() throws Exception {
        route.close();
    }
}
