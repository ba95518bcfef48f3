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
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.service.ServiceHelper;

/** A Camel context with one route, from {@code direct:} to the measured endpoint. */
public final class Route implements AutoCloseable {

    private static final String ENTRY = "direct:entry";

    private final CamelContext camel = new DefaultCamelContext();
    private final Endpoint entry;
    private final AsyncProducer producer;

    /**
     * Starts a context.
     *
     * @param beans the beans that the route's URIs name as {@code #name}
     * @param steps the route behind {@code from}
     */
    public Route(Map<String, Object> beans, Consumer<RouteDefinition> steps) throws Exception {
        beans.forEach(camel.getRegistry()::bind);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                steps.accept(from(ENTRY));
            }
        });
        camel.start();
        entry = camel.getEndpoint(ENTRY);
        producer = entry.createAsyncProducer();
        ServiceHelper.startService(producer);
    }

    public Exchange exchange(Object body) {
        Exchange exchange = entry.createExchange();
        exchange.getIn().setBody(body);
        return exchange;
    }

    public void process(Exchange exchange, Completion completion) {
        producer.process(exchange, doneSync -> completion.done(exchange.getException()));
    }

    public void processAndWait(Exchange exchange) throws Exception {
        producer.process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    @Override
    public void close() throws Exception {
        ServiceHelper.stopService(producer);
        camel.close();
    }
}
