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
package io.cameliot.benchmarks.peer;

import java.util.Map;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.ServiceHelper;

/** Publishes through a Camel route: {@code direct:publish} to the endpoint that is measured. */
final class RoutePublisher implements Publisher {

    private static final String ROUTE = "direct:publish";

    private final CamelContext camel;
    private final Endpoint route;
    private final AsyncProducer producer;

    /** @param beans what the URI names as {@code #name} */
    RoutePublisher(String uri, Map<String, Object> beans) throws Exception {
        camel = new DefaultCamelContext();
        beans.forEach(camel.getRegistry()::bind);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(ROUTE).to(uri);
            }
        });
        camel.start();
        route = camel.getEndpoint(ROUTE);
        producer = route.createAsyncProducer();
        ServiceHelper.startService(producer);
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        Exchange exchange = exchange(payload);
        producer.process(exchange, doneSync -> completion.done(exchange.getException()));
    }

    @Override
    public void publishAndWait(byte[] payload) throws Exception {
        Exchange exchange = exchange(payload);
        producer.process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    private Exchange exchange(byte[] payload) {
        Exchange exchange = route.createExchange();
        exchange.getIn().setBody(payload);
        return exchange;
    }

    @Override
    public void close() throws Exception {
        ServiceHelper.stopService(producer);
        camel.close();
    }
}
