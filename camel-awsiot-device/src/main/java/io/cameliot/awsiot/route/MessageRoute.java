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
package io.cameliot.awsiot.route;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.message.ReplyTo;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.report.Unreported;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes messages to a route, redelivers them if it fails, and sends its replies. */
public final class MessageRoute implements InboundQueue.Route {

    private static final Logger LOG = LoggerFactory.getLogger(MessageRoute.class);

    private final RouteEntry entry;
    private final DeviceConnection connection;
    private final ArrivalOptions.Processing options;
    private final Filler filler;
    private final MqttThreads threads;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean leaving;

    /** Sets the message of an exchange from a received message. */
    @FunctionalInterface
    public interface Filler {

        /**
         * Sets body and headers.
         *
         * @param redelivered whether a route got the message before
         */
        void fill(Message message, InboundMessage arrived, boolean redelivered);
    }

    /**
     * Creates a message route.
     *
     * @param filler sets the message of an exchange from a received message
     * @param threads settle messages whose replies the server acknowledges later
     */
    public MessageRoute(
            RouteEntry entry,
            DeviceConnection connection,
            ArrivalOptions.Processing options,
            Filler filler,
            MqttThreads threads) {
        this.entry = entry;
        this.connection = connection;
        this.options = options;
        this.filler = filler;
        this.threads = threads;
    }

    /** From now on leaves messages with which the route fails to the server's session. */
    public void leave() {
        leaving = true;
        stop();
    }

    /** Ends the redelivery of messages to the route. */
    public void stop() {
        stopping.countDown();
    }

    @Override
    public CompletableFuture<Boolean> process(InboundDelivery delivery, boolean held) {
        int redeliveries = held ? options.maxRedeliveries() : 0;
        Routed routed = route(delivery.message(), false);
        for (int i = 0;
                i < redeliveries
                        && FailureReason.isFailed(routed.exchange)
                        && !isStoppingWithin(options.redeliveryDelay());
                i++) {
            LOG.debug("The route failed with {}, redelivering it", delivery, routed.exchange.getException());
            entry.release(routed.exchange);
            connection.counters().receive().redelivered().increment();
            routed = route(delivery.message(), true);
        }
        return routed.reply == null
                ? CompletableFuture.completedFuture(settle(routed.exchange, delivery, held))
                : reply(routed, delivery, held);
    }

    /**
     * Sends the reply. The message is done when the server has acknowledged the reply; the route goes on meanwhile. If the
     * server does not accept the reply, the exchange fails, because a redelivery to the route would not help.
     */
    private CompletableFuture<Boolean> reply(Routed routed, InboundDelivery delivery, boolean held) {
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        CompletableFuture<PublishReceipt> sent = send(routed.reply);
        sent.whenComplete((receipt, failure) -> {
            if (failure != null) {
                routed.exchange.setException(Unreported.cause(failure));
            }
            threads.continueWith(() -> settled.complete(settle(routed.exchange, delivery, held)));
        });
        return settled;
    }

    private CompletableFuture<PublishReceipt> send(PublishRequest reply) {
        try {
            return connection.publish(reply);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Returns whether the message is to be acknowledged. */
    private boolean settle(Exchange exchange, InboundDelivery delivery, boolean held) {
        boolean failed = FailureReason.isFailed(exchange);
        boolean left = failed && held && leaving;
        if (failed && !left) {
            entry.failed(
                    "Error processing message of topic " + delivery.message().topic(), exchange);
        }
        entry.release(exchange);
        return !left;
    }

    private Routed route(InboundMessage message, boolean redelivered) {
        Exchange exchange = entry.create();
        PublishRequest reply = null;
        try {
            filler.fill(exchange.getIn(), message, redelivered);
            ReplyTo replyTo = ReplyTo.of(message, exchange);
            entry.route().process(exchange);
            if (replyTo != null && !FailureReason.isFailed(exchange)) {
                reply = replyTo.reply(exchange);
            }
        } catch (Throwable e) {
            // After any failure the consumer must receive the next message.
            exchange.setException(e);
        }
        return new Routed(exchange, reply);
    }

    private boolean isStoppingWithin(Duration delay) {
        try {
            return stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * The result of one run of the route.
     *
     * @param reply the reply to send; null for none
     */
    private record Routed(Exchange exchange, PublishRequest reply) {}
}
