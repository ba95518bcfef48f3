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

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.RouteStart;
import io.cameliot.awsiot.message.ArrivedMessage;
import io.cameliot.awsiot.message.ReplyTo;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.receive.ConsumerStop;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the messages of one topic filter, on threads of its own: in order, or several at a time and those of each topic
 * in order. While it is suspended the subscription stays, and messages wait unacknowledged.
 */
public class AwsIotDeviceConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(AwsIotDeviceConsumer.class);

    private final AwsIotDeviceEndpoint endpoint;
    private final ConnectionSettings settings;
    private final Handler handler = new Handler();
    private volatile DeviceConnection connection;
    private volatile InboundQueue queue;
    private volatile CountDownLatch stopping;
    private volatile boolean leaving;
    private volatile IOException refusal;
    private volatile ConsumerStop stop;
    private ExecutorService routeThreads;

    AwsIotDeviceConsumer(AwsIotDeviceEndpoint endpoint, Processor processor, ConnectionSettings settings) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.settings = settings;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        settings.requireFiles();
        stopping = new CountDownLatch(1);
        leaving = false;
        stop = null;
        int concurrent = endpoint.getConfiguration().getConcurrentConsumers();
        routeThreads = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "AwsIotDeviceConsumer", concurrent);
        queue = new InboundQueue(
                endpoint.getConfiguration().getAcknowledgement() == AcknowledgementMode.onReceive,
                concurrent,
                routeThreads,
                this::process);
        try {
            connection = endpoint.getComponent().links().acquire(settings, DeviceConnection.class);
            connect();
        } catch (Exception e) {
            release();
            throw e;
        }
        registerHealthCheck();
    }

    private void connect() throws Exception {
        boolean await = endpoint.getConfiguration().awaitsConnection();
        if (await) {
            RouteStart.await(connection.connected(), settings);
        } else {
            connection.keepConnected();
        }
        if (!endpoint.getConfiguration().isSubscribe()) {
            connection.receiveUnsolicited(endpoint.getTopic(), handler);
            return;
        }
        CompletableFuture<Void> granted = connection.subscribe(
                endpoint.getTopic(), endpoint.getConfiguration().getQos(), handler);
        if (await) {
            RouteStart.await(granted, settings);
        } else {
            granted.whenComplete((nothing, failure) -> {
                if (failure instanceof SubscriptionRefusedException reason) {
                    handler.subscriptionRefused(reason);
                }
            });
        }
    }

    private void registerHealthCheck() {
        if (HealthCheckHelper.getHealthCheckRepository(
                        endpoint.getCamelContext(), "consumers", HealthCheckRepository.class)
                != null) {
            ConnectionHealthCheck check = new ConnectionHealthCheck(
                    "consumer:awsiot-device-" + getRouteId(), () -> connection, () -> refusal);
            check.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
            setHealthCheck(check);
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        queue.pause();
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        queue.resume();
    }

    @Override
    protected void doStop() throws Exception {
        release();
        super.doStop();
    }

    /** Camel suspends the consumer first, and waits for the exchanges on their way. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    /** What waits has its time when the consumer stops. */
    @Override
    public int getPendingExchangesSize() {
        return 0;
    }

    /** Called for all consumers that stop, before the first of them is stopped. */
    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly) {
            beginStop();
        }
    }

    /** Begins what takes its time, and waits for nothing. */
    private synchronized void beginStop() {
        DeviceConnection stopped = connection;
        if (stopped == null || stop != null) {
            return;
        }
        stopped.stopUnsolicited(handler);
        boolean contextStops = endpoint.getCamelContext().isStopping();
        CompletableFuture<Void> unsubscribed = CompletableFuture.completedFuture(null);
        if (!settings.session().clean() && contextStops) {
            // The session is to keep the messages of the time until the next start, and those that wait here.
            leaving = true;
            stopped.leave(endpoint.getTopic(), handler);
            queue.clear();
            stopping.countDown();
        } else {
            CompletableFuture<Void> answer = stopped.unsubscribe(endpoint.getTopic(), handler);
            boolean connectionEnds =
                    contextStops || endpoint.getComponent().links().isLastUser(stopped);
            if (!(settings.session().clean() && connectionEnds)) {
                unsubscribed = answer;
            }
        }
        stop = new ConsumerStop(endpoint.getCamelContext().getShutdownStrategy(), unsubscribed, queue.close());
    }

    /** Lets the connection go when the messages that have arrived are processed and acknowledged. */
    private void release() throws Exception {
        beginStop();
        DeviceConnection released = connection;
        ConsumerStop begun = stop;
        ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
        try {
            if (begun == null || awaitEnd(begun)) {
                executors.shutdown(routeThreads);
            } else {
                executors.shutdownNow(routeThreads);
            }
        } finally {
            stopping.countDown();
            routeThreads = null;
            connection = null;
            if (released != null) {
                endpoint.getComponent()
                        .awaitClosed(endpoint.getComponent().links().release(released));
            }
        }
    }

    /**
     * @return whether the route is through with what has arrived
     */
    private boolean awaitEnd(ConsumerStop begun) {
        if (!begun.awaitUnsubscribed()) {
            LOG.warn(
                    "Route {} stopped before the server confirmed that the subscription to {} has ended, on the connection"
                            + " with {}{}",
                    getRouteId(),
                    endpoint.getTopic(),
                    settings,
                    settings.session().clean() ? "" : ": the session may keep messages for the next connection");
        }
        if (begun.awaitProcessed()) {
            return true;
        }
        LOG.warn(
                "Route {} stopped with {} messages of {} unprocessed, besides those on their way, because it was not done"
                        + " with them within {} s, or within Camel's shutdown timeout",
                getRouteId(),
                queue.clear(),
                endpoint.getTopic(),
                ConsumerStop.DRAIN_TIMEOUT.toSeconds());
        return false;
    }

    /** See {@link InboundQueue.Route#process}. */
    private boolean process(InboundDelivery delivery, boolean held) {
        int redeliveries = held ? endpoint.getConfiguration().getMaxRedeliveries() : 0;
        Routed routed = route(delivery.message(), false);
        for (int i = 0; i < redeliveries && isFailed(routed.exchange) && !isStoppingWithin(redeliveryDelay()); i++) {
            LOG.debug(
                    "Route {} failed with {}, redelivering it", getRouteId(), delivery, routed.exchange.getException());
            releaseExchange(routed.exchange, false);
            countRedelivery();
            routed = route(delivery.message(), true);
        }
        Exchange exchange = routed.exchange;
        if (routed.reply != null) {
            ReplyTo.send(routed.reply, connection, exchange);
        }
        if (isFailed(exchange) && held && leaving) {
            releaseExchange(exchange, false);
            return false;
        }
        if (isFailed(exchange)) {
            getExceptionHandler()
                    .handleException(
                            "Error processing message of topic "
                                    + delivery.message().topic(),
                            exchange,
                            exchange.getException());
        }
        releaseExchange(exchange, false);
        return true;
    }

    private Routed route(InboundMessage message, boolean redelivered) {
        Exchange exchange = createExchange(false);
        PublishRequest reply = null;
        try {
            ArrivedMessage.fill(exchange.getIn(), message, redelivered);
            ReplyTo replyTo = ReplyTo.of(message, exchange);
            getProcessor().process(exchange);
            if (replyTo != null && !isFailed(exchange)) {
                reply = replyTo.reply(exchange);
            }
        } catch (Throwable e) {
            // Whatever it was, the consumer is to hear the next message.
            exchange.setException(e);
        }
        return new Routed(exchange, reply);
    }

    private static boolean isFailed(Exchange exchange) {
        return exchange.isFailed() || exchange.isRollbackOnly();
    }

    private Duration redeliveryDelay() {
        return Duration.ofMillis(endpoint.getConfiguration().getRedeliveryDelay());
    }

    private boolean isStoppingWithin(Duration delay) {
        try {
            return stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void countRedelivery() {
        DeviceConnection current = connection;
        if (current != null) {
            current.counters().receive().redelivered().increment();
        }
    }

    /**
     * @param reply what is to be sent of it; null for nothing
     */
    private record Routed(Exchange exchange, PublishRequest reply) {}

    private final class Handler implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {
            DeviceConnection current = connection;
            if (!queue.offer(delivery) && current != null) {
                current.counters().receive().dropped().increment();
                LOG.debug("Route {} is too far behind: {} was dropped", getRouteId(), delivery.message());
            }
        }

        @Override
        public void subscriptionRefused(IOException reason) {
            refusal = reason;
            endpoint.getComponent().threads().io().execute(() -> getExceptionHandler()
                    .handleException(reason));
        }

        @Override
        public void subscriptionGranted() {
            refusal = null;
        }
    }
}
