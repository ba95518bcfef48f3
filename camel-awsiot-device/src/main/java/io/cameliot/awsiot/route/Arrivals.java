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

import io.cameliot.awsiot.catchup.CatchUp;
import io.cameliot.awsiot.job.JobTopic;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.message.ArrivedMessage;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.Intake;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.awsiot.service.ServiceClient;
import io.cameliot.awsiot.service.ServiceRequests;
import io.cameliot.common.camel.MqttThreads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What arrives for a consumer while it is started: its messages, commands or jobs on their way through the route, and
 * their reports.
 */
public final class Arrivals implements MessageHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private final ArrivalOptions options;
    private final RouteEntry entry;
    private final DeviceConnection connection;
    private final MqttThreads threads;
    private final Executor routeThreads;
    /** Null if the consumer runs no jobs and reports no commands. */
    private final Reporting reporting;
    /** Null if there is a reporting. */
    private final MessageRoute messages;

    private final Intake intake;
    private volatile IOException refusal;

    /**
     * Creates the arrivals of a consumer. The caller must call {@link #release} once, before it releases the connection.
     *
     * @param routeThreads runs the route
     */
    public Arrivals(
            ArrivalOptions options,
            RouteEntry entry,
            DeviceConnection connection,
            RequestManager<ServiceRequests> services,
            MqttThreads threads,
            Executor routeThreads) {
        this.options = options;
        this.entry = entry;
        this.connection = connection;
        this.threads = threads;
        this.routeThreads = routeThreads;
        JobTopic jobs = options.jobs();
        this.reporting = jobs != null || options.reportsCommands()
                ? new Reporting(
                        entry,
                        options.report(),
                        client(services),
                        connection.settings().timing(),
                        threads)
                : null;
        this.messages = reporting == null
                ? new MessageRoute(
                        entry,
                        connection,
                        options.processing(),
                        options.areCommands() ? CommandRoute::fill : ArrivedMessage::fill,
                        threads)
                : null;
        this.intake = jobs != null ? reporting.jobs(jobs, routeThreads) : queue(services);
    }

    private ServiceClient client(RequestManager<ServiceRequests> services) {
        return new ServiceClient(services, connection, options.requestTimeout());
    }

    private Intake queue(RequestManager<ServiceRequests> services) {
        InboundQueue.Route route = reporting != null ? reporting.commands() : messages;
        return options.catchUp()
                ? new CatchUp(options.topic(), client(services), threads.timer(), this::queue, route, this::complain)
                : queue(route);
    }

    private Intake queue(InboundQueue.Route route) {
        return new InboundQueue(
                options.processing().acknowledgement() == AcknowledgementMode.onReceive,
                options.reportsCommands() || options.replies(),
                options.processing().concurrentConsumers(),
                routeThreads,
                route);
    }

    @Override
    public void messageArrived(InboundDelivery delivery) {
        if (!intake.offer(delivery)) {
            connection.counters().receive().dropped().increment();
            LOG.debug("The route of {} is too far behind: {} was dropped", options.topic(), delivery.message());
        }
    }

    @Override
    public void subscriptionRefused(IOException reason) {
        refusal = reason;
        complain(reason);
    }

    @Override
    public void subscriptionGranted() {
        refusal = null;
        intake.subscribed();
    }

    /** Returns why the server refuses the subscription, or what the route needs beside it; null if it does not. */
    public Throwable refusal() {
        IOException unsubscribed = refusal;
        return unsubscribed == null ? intake.refusal() : unsubscribed;
    }

    private void complain(Exception reason) {
        threads.io().execute(() -> entry.failed(reason));
    }

    /** Passes no more messages to the route until {@link #resume}. */
    public void pause() {
        intake.pause();
    }

    public void resume() {
        intake.resume();
    }

    /**
     * Leaves the messages that wait and are not acknowledged, and those with which the route fails from now on, to the
     * session of the server. The server has deleted the others: the route must finish them.
     */
    public void leave() {
        // Not even withdrawn: the server must keep them although another route of the connection is done with them.
        intake.leave();
        if (messages != null) {
            messages.leave();
        }
    }

    /**
     * Accepts no more messages, and lets the route finish those that wait.
     *
     * @return completes when all messages are done
     */
    public CompletableFuture<Void> close() {
        return intake.close();
    }

    /**
     * Discards the messages that wait. They hold no place in the server's window for a route that has stopped.
     *
     * @param lost whether nobody else can get the messages, so that they are done; else they are left to the other
     *     routes of the connection that have them, or to the server
     * @return number of discarded messages
     */
    public int clear(boolean lost) {
        return intake.clear(lost ? delivery -> delivery.done(false) : InboundDelivery::withdrawn);
    }

    /**
     * Ends the reports. Must be called before the route is interrupted, or else the interrupt would be reported as its
     * outcome.
     */
    public void end() {
        intake.end();
        if (reporting != null) {
            reporting.end();
        }
    }

    /** Ends redeliveries to the route and releases the requests of reports. */
    public void release() {
        if (messages != null) {
            messages.stop();
        }
        if (reporting != null) {
            reporting.close();
        }
    }
}
