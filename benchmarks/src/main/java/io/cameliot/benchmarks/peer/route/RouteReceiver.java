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

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Receives with a Camel route from the measured endpoint to a processor. */
public final class RouteReceiver implements AutoCloseable {

    private final CamelContext camel = new DefaultCamelContext();

    public RouteReceiver(String uri, Map<String, Object> beans, Runnable onMessage) throws Exception {
        beans.forEach(camel.getRegistry()::bind);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).process(exchange -> onMessage.run());
            }
        });
        camel.start();
    }

    @Override
    public void close() throws Exception {
        camel.close();
    }
}
