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

import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Sends to an endpoint on the thread of the caller, and occupies no thread until the exchange is done. */
final class AsyncSender {

    private AsyncSender() {}

    /**
     * Sends an exchange.
     *
     * @return completes with the exchange, also if it has failed
     */
    static CompletableFuture<Exchange> send(CamelContext camel, String uri, Processor message) {
        CompletableFuture<Exchange> done = new CompletableFuture<>();
        try {
            Endpoint endpoint = camel.getEndpoint(uri);
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            Exchange exchange = endpoint.createExchange();
            message.process(exchange);
            producer.process(exchange, doneSync -> done.complete(exchange));
        } catch (Exception e) {
            done.completeExceptionally(e);
        }
        return done;
    }
}
