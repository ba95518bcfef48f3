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

import io.cameliot.awsiot.catchup.CatchUp;
import io.cameliot.awsiot.command.CommandTopic;
import io.cameliot.awsiot.job.JobTopic;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.RouteStart;
import io.cameliot.awsiot.message.ArrivedMessage;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.receive.ConsumerStop;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.Intake;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.report.ReportMode;
import io.cameliot.awsiot.route.CommandRoute;
import io.cameliot.awsiot.route.JobRoute;
import io.cameliot.awsiot.route.MessageRoute;
import io.cameliot.awsiot.route.Reporting;
import io.cameliot.awsiot.route.RouteEntry;
import io.cameliot.awsiot.settings.ConnectionSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncProcessor;
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
 * Receives the messages of one topic filter on its own threads: in order, or several at a time with the order kept per
 * topic. While the consumer is suspended, the subscription remains and messages wait unacknowledged. Commands are such
 * messages. A consumer of jobs starts them one after the other.
 */
public class AwsIotDeviceConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(AwsIotDeviceConsumer.class);

    private final AwsIotDeviceEndpoint endpoint;
    private final ConnectionSettings settings;
    /** The jobs that the consumer runs; null for none. */
    private final JobTopic jobs;
    /** Whether the consumer receives commands. */
    private final boolean commands;
    /** Whether the consumer reports the outcomes of jobs or commands. */
    private final boolean reports;

    private final RouteEntry entry = new Entry();
    private final Handler handler = new Handler();
    private volatile DeviceConnection connection;
    private volatile Intake intake;
    private volatile MessageRoute messages;
    private volatile Reporting reporting;
    private volatile IOException refusal;
    private volatile ConsumerStop stop;
    private ExecutorService routeThreads;

    AwsIotDeviceConsumer(AwsIotDeviceEndpoint endpoint, Processor processor, ConnectionSettings settings) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.settings = settings;
        this.jobs = JobTopic.of(endpoint.getTopic());
        this.commands = CommandTopic.ofFilter(endpoint.getTopic()) != null;
        this.reports = (jobs != null || commands) && endpoint.getConfiguration().getReport() != ReportMode.none;
        if (jobs != null) {
            JobRoute.requireOptions(
                    endpoint.getConfiguration().getQos(),
                    endpoint.getConfiguration().getAcknowledgement(),
                    endpoint.getConfiguration().getConcurrentConsumers(),
                    endpoint.getConfiguration().isSubscribe());
        } else if (reports) {
            CommandRoute.requireOptions(endpoint.getConfiguration().isSubscribe());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        settings.requireFiles();
        stop = null;
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
            DeviceConnection acquired = endpoint.getComponent().links().acquire(settings, DeviceConnection.class);
            reporting = jobs != null || reports ? newReporting(acquired) : null;
            intake = jobs != null ? reporting.jobs(jobs, routeThreads) : messagesOf(acquired);
            connection = acquired;
            connect();
        } catch (Exception e) {
            release();
            throw e;
        }
        registerHealthCheck();
    }

    private Intake messagesOf(DeviceConnection acquired) {
        InboundQueue.Route route = reports ? reporting.commands() : messages(acquired);
        AwsIotDeviceComponent component = endpoint.getComponent();
        return !endpoint.getConfiguration().isCatchUp()
                ? queue(route)
                : new CatchUp(
                        endpoint.getTopic(),
                        Duration.ofMillis(endpoint.getConfiguration().getRequestTimeout()),
                        component.threads(),
                        component.serviceRequests(),
                        acquired,
                        this::queue,
                        route,
                        reason -> component.threads().io().execute(() -> getExceptionHandler()
                                .handleException(reason)));
    }

    private Intake queue(InboundQueue.Route route) {
        return new InboundQueue(
                endpoint.getConfiguration().getAcknowledgement() == AcknowledgementMode.onReceive,
                reports,
                endpoint.getConfiguration().getConcurrentConsumers(),
                routeThreads,
                route);
    }

    private InboundQueue.Route messages(DeviceConnection acquired) {
        messages = new MessageRoute(
                entry,
                acquired,
                endpoint.getConfiguration().getMaxRedeliveries(),
                Duration.ofMillis(endpoint.getConfiguration().getRedeliveryDelay()),
                commands ? CommandRoute::fill : ArrivedMessage::fill);
        return messages;
    }

    private Reporting newReporting(DeviceConnection acquired) {
        return new Reporting(
                entry,
                endpoint.getConfiguration().getReport(),
                endpoint.getComponent().serviceRequests(),
                acquired,
                Duration.ofMillis(endpoint.getConfiguration().getRequestTimeout()),
                endpoint.getComponent().threads(),
                getExceptionHandler()::handleException);
    }

    /** Returns the topic filter of the subscription. */
    private String filter() {
        return jobs == null ? endpoint.getTopic() : jobs.notifyNext();
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
        CompletableFuture<Void> granted =
                connection.subscribe(filter(), endpoint.getConfiguration().getQos(), handler);
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
        intake.pause();
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        intake.resume();
    }

    @Override
    protected void doStop() throws Exception {
        release();
        super.doStop();
    }

    /** Returns false: Camel then suspends the consumer first and waits for the exchanges in flight. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
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
        if (stopped == null || stop != null) {
            return;
        }
        stopped.stopUnsolicited(handler);
        boolean contextStops = endpoint.getCamelContext().isStopping();
        CompletableFuture<Void> unsubscribed = CompletableFuture.completedFuture(null);
        if (!settings.session().clean() && contextStops) {
            // The session must keep the messages that arrive until the next start, and those that wait here.
            stopped.leave(filter(), handler);
            intake.clear();
            if (messages != null) {
                messages.leave();
            }
        } else {
            CompletableFuture<Void> answer = stopped.unsubscribe(filter(), handler);
            boolean connectionEnds =
                    contextStops || endpoint.getComponent().links().isLastUser(stopped);
            if (!(settings.session().clean() && connectionEnds)) {
                unsubscribed = answer;
            }
        }
        stop = new ConsumerStop(endpoint.getCamelContext().getShutdownStrategy(), unsubscribed, intake.close());
    }

    /** Releases the connection when the received messages are processed and acknowledged. */
    private void release() throws Exception {
        beginStop();
        DeviceConnection released = connection;
        ConsumerStop begun = stop;
        ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
        try {
            boolean through = begun == null || awaitEnd(begun);
            end();
            if (through) {
                executors.shutdown(routeThreads);
            } else {
                executors.shutdownNow(routeThreads);
            }
        } finally {
            if (messages != null) {
                messages.stop();
            }
            if (jobs != null) {
                endpoint.getComponent().jobOwners().release(settings.endpoint(), jobs, this);
            }
            routeThreads = null;
            connection = null;
            if (released != null) {
                if (reporting != null) {
                    reporting.close();
                }
                endpoint.getComponent()
                        .awaitClosed(endpoint.getComponent().links().release(released));
            }
        }
    }

    /** Ends the reports before the route is interrupted. Otherwise the interrupt would be reported as its outcome. */
    private void end() {
        if (intake != null) {
            intake.end();
        }
        if (reporting != null) {
            reporting.end();
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
                    filter(),
                    settings,
                    settings.session().clean() ? "" : ": the session may keep messages for the next connection");
        }
        if (begun.awaitProcessed()) {
            return true;
        }
        int left = intake.clear();
        if (jobs != null) {
            // The runner of jobs logs the job that is left.
            return false;
        }
        LOG.warn(
                "Route {} stopped with {} messages of {} unprocessed, besides those on their way, because it was not done"
                        + " with them within {} s, or within Camel's shutdown timeout",
                getRouteId(),
                left,
                filter(),
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
        public boolean isForcedToStop() {
            return endpoint.getCamelContext().getShutdownStrategy().hasTimeoutOccurred();
        }
    }

    private final class Handler implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {
            DeviceConnection current = connection;
            if (!intake.offer(delivery) && current != null) {
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
            intake.subscribed();
        }
    }
}
