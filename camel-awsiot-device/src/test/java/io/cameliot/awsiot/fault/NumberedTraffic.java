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
package io.cameliot.awsiot.fault;

import io.cameliot.testinfra.fault.DeliveryLedger;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that publishes numbered messages at QoS 1, some in flight at a time, and hears them again on the same connection.
 * A message is accepted when the exchange of its publishing completed without an exception.
 */
final class NumberedTraffic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NumberedTraffic.class);
    /** Fails at once while the route is stopped. */
    private static final String PUBLISH = "direct:publish?block=false";

    private static final int IN_FLIGHT = 20;
    private static final long PACE_MILLIS = 5;

    private final CamelContext camel;
    private final DeliveryLedger ledger;
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();

    private AsyncProducer route;

    NumberedTraffic(CamelContext camel, String uri, DeliveryLedger ledger) throws Exception {
        this.camel = camel;
        this.ledger = ledger;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("hear").process(exchange -> ledger.receive(number(exchange)));
                from(PUBLISH).routeId("publish").to(uri);
            }
        });
    }

    private static int number(Exchange exchange) {
        return Integer.parseInt(exchange.getMessage().getBody(String.class));
    }

    /** Publishes from now on. */
    void begin() throws Exception {
        route = camel.getEndpoint(PUBLISH).createAsyncProducer();
        route.start();
        publisher.scheduleWithFixedDelay(this::publish, 0, PACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Publishes one message, unless too many are on their way. */
    void publish() {
        if (!room.tryAcquire()) {
            return;
        }
        int number = ledger.next();
        Exchange exchange = route.getEndpoint().createExchange();
        exchange.getMessage().setBody(String.valueOf(number));
        route.process(exchange, doneSync -> {
            if (exchange.getException() == null) {
                ledger.accept(number);
            } else {
                LOG.debug("Message {} failed", number, exchange.getException());
                ledger.fail(number);
            }
            room.release();
        });
    }

    /**
     * Publishes no more.
     *
     * @return whether the outcome of each message is known, at the latest after the time
     */
    boolean end(long timeout, TimeUnit unit) throws InterruptedException {
        publisher.shutdown();
        boolean ended = publisher.awaitTermination(timeout, unit) && room.tryAcquire(IN_FLIGHT, timeout, unit);
        if (ended) {
            room.release(IN_FLIGHT);
        }
        return ended;
    }

    @Override
    public void close() {
        publisher.shutdownNow();
    }
}
