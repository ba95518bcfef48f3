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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;

/**
 * A process that publishes numbers through each of its endpoints, and prints each with its endpoint when its exchange has
 * completed. When none goes through any more it prints why, repeats the next one until it goes through, and ends in order.
 */
final class OutboxPublisher {

    private static final int OUTSTANDING = 20;

    private final int endpoint;
    private final AsyncProducer producer;
    private final int size;

    private OutboxPublisher(int endpoint, AsyncProducer producer, int size) {
        this.endpoint = endpoint;
        this.producer = producer;
        this.size = size;
    }

    /**
     * @param args first number, bytes of a message, URIs of the endpoints
     */
    public static void main(String[] args) throws Exception {
        long number = Long.parseLong(args[0]);
        int size = Integer.parseInt(args[1]);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (CamelContext camel = Contexts.withoutJmx()) {
            camel.start();
            List<Future<?>> publishers = new ArrayList<>();
            for (int endpoint = 0; endpoint < args.length - 2; endpoint++) {
                OutboxPublisher publisher = new OutboxPublisher(
                        endpoint,
                        (AsyncProducer) camel.getEndpoint(args[endpoint + 2]).createProducer(),
                        size);
                publishers.add(threads.submit(() -> publisher.publishFrom(number)));
            }
            for (Future<?> publisher : publishers) {
                publisher.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("ended");
    }

    private Void publishFrom(long first) throws Exception {
        long number = first;
        producer.start();
        Semaphore outstanding = new Semaphore(OUTSTANDING);
        AtomicBoolean failed = new AtomicBoolean();
        while (!failed.get()) {
            outstanding.acquire();
            publish(number++).whenComplete((done, failure) -> {
                failed.compareAndSet(false, failure != null);
                outstanding.release();
            });
        }
        outstanding.acquire(OUTSTANDING);
        // Those that were written together were too much; one alone may still fit.
        Throwable failure = null;
        while (failure == null) {
            failure = publish(number++).handle((done, reason) -> reason).get();
        }
        System.out.println("failed: " + failure.getMessage());
        while (publish(number).handle((done, reason) -> reason).get() != null) {
            Thread.onSpinWait();
        }
        producer.stop();
        return null;
    }

    private CompletableFuture<Void> publish(long number) {
        byte[] text = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(text, Math.max(size, text.length));
        Arrays.fill(body, text.length, body.length, (byte) ' ');
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getIn().setBody(body);
        CompletableFuture<Void> completed = new CompletableFuture<>();
        producer.process(exchange, sync -> {
            if (exchange.getException() == null) {
                synchronized (System.out) {
                    System.out.println(endpoint + " " + number);
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
