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

import io.cameliot.awsiot.job.JobTopic;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.receive.ConsumerStop;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.route.ArrivalOptions;
import io.cameliot.awsiot.route.Arrivals;
import io.cameliot.awsiot.route.RouteEntry;
import io.cameliot.awsiot.route.RouteStart;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.camel.GuardedExceptionHandler;
import io.cameliot.common.retry.OptionDuration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the messages of one topic filter on its own threads: in order, or several at a time with the order kept per
 * topic. While the consumer is suspended, the subscription remains and messages wait unacknowledged. Commands are such
 * messages. A consumer of jobs starts them one after the other.
 */
public class AwsIotDeviceConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(AwsIotDeviceConsumer.class);

    private final AwsIotDeviceEndpoint endpoint;
    private final ConnectionSettings settings;
    private final ArrivalOptions options;
    /** The jobs that the consumer runs; null for none. */
    private final JobTopic jobs;

    private final RouteEntry entry = new Entry();
    private volatile DeviceConnection connection;
    private volatile Arrivals arrivals;
    private volatile ConsumerStop stop;
    /** Whether Camel's shutdown strategy has begun to suspend or stop the consumer. */
    private volatile boolean shutdownBegun;

    private ExecutorService routeThreads;

    AwsIotDeviceConsumer(AwsIotDeviceEndpoint endpoint, Processor processor, ConnectionSettings settings) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.settings = settings;
        this.options = options(endpoint);
        this.jobs = options.jobs();
        AwsIotDeviceConfiguration given = endpoint.getConfiguration();
        options.requirePossible(given.getQos(), given.isSubscribe());
    }

    private static ArrivalOptions options(AwsIotDeviceEndpoint endpoint) {
        AwsIotDeviceConfiguration given = endpoint.getConfiguration();
        return new ArrivalOptions(
                endpoint.getTopic(),
                new ArrivalOptions.Processing(
                        given.getAcknowledgement(),
                        given.getConcurrentConsumers(),
                        given.getMaxRedeliveries(),
                        OptionDuration.ofMillis(given.getRedeliveryDelay())),
                given.getReport(),
                OptionDuration.ofMillis(given.getRequestTimeout()),
                given.isCatchUp(),
                endpoint.getExchangePattern().isOutCapable());
    }

    /** Sets the exception handler. A failure of it is logged, because it must not end the consumer. */
    @Override
    public void setExceptionHandler(ExceptionHandler exceptionHandler) {
        super.setExceptionHandler(new GuardedExceptionHandler(exceptionHandler, getExceptionHandler()));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (connection != null && stop == null) {
            // Camel starts the suspended consumer of a stop that it has aborted, and does not resume it.
            doResume();
            return;
        }
        settings.requireFiles();
        stop = null;
        shutdownBegun = false;
        if (jobs != null) {
            endpoint.getComponent().jobOwners().claim(settings.endpoint(), jobs, this, getRouteId());
        }
        routeThreads = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(
                        this,
                        "AwsIotDeviceConsumer",
                        endpoint.getConfiguration().getConcurrentConsumers());
        try {
            connection = endpoint.getComponent().links().acquire(settings, DeviceConnection.class);
            arrivals = new Arrivals(
                    options,
                    entry,
                    connection,
                    endpoint.getComponent().serviceRequests(),
                    endpoint.getComponent().threads(),
                    routeThreads);
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
            RouteStart.awaitConnected(connection);
        } else {
            connection.keepConnected();
        }
        if (!endpoint.getConfiguration().isSubscribe()) {
            connection.receiveUnsolicited(TopicRules.withoutSharePrefix(endpoint.getTopic()), arrivals);
            return;
        }
        CompletableFuture<Void> granted = connection.subscribe(
                options.filter(), endpoint.getConfiguration().getQos(), arrivals);
        if (await) {
            RouteStart.awaitGranted(granted, options.filter(), connection);
        } else {
            granted.whenComplete((nothing, failure) -> {
                if (failure instanceof SubscriptionRefusedException reason) {
                    arrivals.subscriptionRefused(reason);
                }
            });
        }
    }

    private void registerHealthCheck() {
        if (HealthCheckHelper.getHealthCheckRepository(
                        endpoint.getCamelContext(), "consumers", HealthCheckRepository.class)
                != null) {
            ConnectionHealthCheck check = new ConnectionHealthCheck(
                    "consumer:awsiot-device-" + getRouteId(), () -> connection, this::refusal);
            check.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
            setHealthCheck(check);
        }
    }

    private Throwable refusal() {
        Arrivals present = arrivals;
        return present == null ? null : present.refusal();
    }

    @Override
    protected void doSuspend() throws Exception {
        arrivals.pause();
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        shutdownBegun = false;
        arrivals.resume();
    }

    @Override
    protected void doStop() throws Exception {
        release();
        super.doStop();
    }

    /** Returns false: Camel's shutdown strategy then suspends the consumer first and waits for the exchanges in flight. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        shutdownBegun = true;
        return false;
    }

    /** Returns 0, because waiting messages are processed when the consumer stops. */
    @Override
    public int getPendingExchangesSize() {
        return 0;
    }

    /** Begins to stop. Camel calls this for all stopping consumers before it stops the first of them. */
    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly) {
            beginStop();
        }
    }

    /** Begins the slow parts of the stop, without waiting. */
    private synchronized void beginStop() {
        DeviceConnection stopped = connection;
        Arrivals ending = arrivals;
        if (ending == null || stop != null) {
            return;
        }
        stopped.stopUnsolicited(ending);
        boolean contextStops = endpoint.getCamelContext().isStopping();
        CompletableFuture<Void> unsubscribed = CompletableFuture.completedFuture(null);
        if (!settings.session().clean() && contextStops) {
            // The session must keep what arrives until the next start, and what waits here unacknowledged.
            stopped.leave(options.filter(), ending);
            ending.leave();
        } else {
            CompletableFuture<Void> answer = stopped.unsubscribe(options.filter(), ending);
            boolean connectionEnds =
                    contextStops || endpoint.getComponent().links().isLastUser(stopped);
            if (!(settings.session().clean() && connectionEnds)) {
                unsubscribed = answer;
            }
        }
        stop = new ConsumerStop(entry::isForcedToStop, unsubscribed, ending.close());
    }

    /** Releases the connection when the received messages are processed and acknowledged. */
    private void release() throws Exception {
        beginStop();
        DeviceConnection released = connection;
        ConsumerStop begun = stop;
        ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
        try {
            boolean through = begun == null || awaitEnd(begun);
            if (arrivals != null) {
                arrivals.end();
            }
            if (through) {
                executors.shutdown(routeThreads);
            } else {
                executors.shutdownNow(routeThreads);
            }
        } finally {
            if (arrivals != null) {
                arrivals.release();
            }
            if (jobs != null) {
                endpoint.getComponent().jobOwners().release(settings.endpoint(), jobs, this);
            }
            routeThreads = null;
            connection = null;
            arrivals = null;
            if (released != null) {
                endpoint.getComponent()
                        .awaitClosed(endpoint.getComponent().links().release(released));
            }
        }
    }

    /**
     * Waits until the consumer has unsubscribed and processed its messages.
     *
     * @return whether the route has processed all received messages
     */
    private boolean awaitEnd(ConsumerStop begun) {
        if (!begun.awaitUnsubscribed()) {
            LOG.warn(
                    "Route {} stopped before the server confirmed that the subscription to {} has ended, on the connection"
                            + " with {}{}",
                    getRouteId(),
                    options.filter(),
                    settings,
                    settings.session().clean() ? "" : ": the session may keep messages for the next connection");
        }
        if (begun.awaitProcessed()) {
            return true;
        }
        // The server sends them again in a kept session, or to others of the group (MQTT 5 section 4.8.2), and else
        // never.
        int left = arrivals.clear(settings.session().clean() && !TopicRules.isShared(options.filter()));
        if (jobs != null) {
            // The runner of jobs logs the job that is left.
            return false;
        }
        LOG.warn(
                "Route {} stopped with {} messages of {} unprocessed, besides those in flight, because it did not complete"
                        + " them within {} s, or within Camel's shutdown timeout",
                getRouteId(),
                left,
                options.filter(),
                ConsumerStop.DRAIN_TIMEOUT.toSeconds());
        return false;
    }

    /** The view of the consumer for classes that pass exchanges to the route. */
    private final class Entry implements RouteEntry {

        @Override
        public Exchange create() {
            return createExchange(false);
        }

        @Override
        public void release(Exchange exchange) {
            releaseExchange(exchange, false);
        }

        @Override
        public AsyncProcessor route() {
            return getAsyncProcessor();
        }

        @Override
        public void failed(String message, Exchange exchange) {
            getExceptionHandler().handleException(message, exchange, exchange.getException());
        }

        @Override
        public void failed(Throwable problem) {
            getExceptionHandler().handleException(problem);
        }

        /**
         * Camel's own flag is not enough: the timeout of any route sets it, and it stays set until Camel next suspends or
         * stops a route.
         */
        @Override
        public boolean isForcedToStop() {
            CamelContext context = endpoint.getCamelContext();
            return (shutdownBegun || context.isStopping())
                    && context.getShutdownStrategy().hasTimeoutOccurred();
        }
    }
}
