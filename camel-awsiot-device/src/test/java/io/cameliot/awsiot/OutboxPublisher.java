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
package io.cameliot.awsiot;

import io.cameliot.awsiot.testing.Contexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;

/**
 * A process that publishes numbers, and prints each when its exchange has completed. When none goes through any more it
 * prints why, repeats the next one until it goes through, and ends in order.
 */
final class OutboxPublisher {

    private static final int OUTSTANDING = 20;

    private OutboxPublisher() {}

    /**
     * @param args URI of the endpoint, first number, bytes of a message
     */
    public static void main(String[] args) throws Exception {
        long number = Long.parseLong(args[1]);
        int size = Integer.parseInt(args[2]);
        try (CamelContext camel = Contexts.withoutJmx()) {
            camel.start();
            Endpoint endpoint = camel.getEndpoint(args[0]);
            AsyncProducer producer = (AsyncProducer) endpoint.createProducer();
            producer.start();
            Semaphore outstanding = new Semaphore(OUTSTANDING);
            AtomicBoolean failed = new AtomicBoolean();
            while (!failed.get()) {
                outstanding.acquire();
                publish(producer, number++, size).whenComplete((done, failure) -> {
                    failed.compareAndSet(false, failure != null);
                    outstanding.release();
                });
            }
            outstanding.acquire(OUTSTANDING);
            // Those that were written together were too much; one alone may still fit.
            Throwable failure = null;
            while (failure == null) {
                failure = publish(producer, number++, size)
                        .handle((done, reason) -> reason)
                        .get();
            }
            System.out.println("failed: " + failure.getMessage());
            while (publish(producer, number, size)
                            .handle((done, reason) -> reason)
                            .get()
                    != null) {
                Thread.onSpinWait();
            }
            producer.stop();
        }
        System.out.println("ended");
    }

    private static CompletableFuture<Void> publish(AsyncProducer producer, long number, int size) {
        byte[] text = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(text, Math.max(size, text.length));
        Arrays.fill(body, text.length, body.length, (byte) ' ');
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getIn().setBody(body);
        CompletableFuture<Void> completed = new CompletableFuture<>();
        producer.process(exchange, sync -> {
            if (exchange.getException() == null) {
                synchronized (System.out) {
                    System.out.println(number);
                    System.out.flush();
                }
                completed.complete(null);
            } else {
                completed.completeExceptionally(exchange.getException());
            }
        });
        return completed;
    }
}
