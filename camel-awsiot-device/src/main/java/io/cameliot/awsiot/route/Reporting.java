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

import io.cameliot.awsiot.command.CommandReports;
import io.cameliot.awsiot.job.JobRunner;
import io.cameliot.awsiot.job.JobTopic;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.Intake;
import io.cameliot.awsiot.report.Delays;
import io.cameliot.awsiot.report.ReportMode;
import io.cameliot.awsiot.report.Requester;
import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.awsiot.service.ReservedRequest;
import io.cameliot.awsiot.service.ServiceBody;
import io.cameliot.awsiot.service.ServiceCall;
import io.cameliot.awsiot.service.ServiceRequests;
import io.cameliot.common.camel.MqttThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The requests and reports of a consumer of jobs or commands to AWS IoT. */
public final class Reporting {

    private final RouteEntry entry;
    private final ReportMode mode;
    private final RequestManager<ServiceRequests> manager;
    private final ServiceRequests requests;
    private final Duration timeout;
    private final Delays delays;
    private final MqttThreads threads;
    private final Consumer<Throwable> complaints;
    private volatile CommandReports commands;

    /**
     * Creates the reporting of a consumer. The caller must call {@link #close} once, before it releases the connection.
     *
     * @param timeout timeout of a request
     * @param complaints receives problems that do not pass by themselves, on threads that may block
     */
    public Reporting(
            RouteEntry entry,
            ReportMode mode,
            RequestManager<ServiceRequests> manager,
            DeviceConnection connection,
            Duration timeout,
            MqttThreads threads,
            Consumer<Throwable> complaints) {
        this.entry = entry;
        this.mode = mode;
        this.manager = manager;
        this.requests = manager.acquire(connection, this);
        this.timeout = timeout;
        this.delays = new Delays(
                connection.settings().timing().reconnectMinDelay(),
                connection.settings().timing().reconnectMaxDelay());
        this.threads = threads;
        this.complaints = complaints;
    }

    /**
     * Creates the intake that runs the jobs of a thing.
     *
     * @param routeThread runs the route
     */
    public Intake jobs(JobTopic topic, Executor routeThread) {
        return new JobRunner(
                topic,
                this::send,
                delays,
                threads.io(),
                threads.timer(),
                routeThread,
                new JobRoute(topic, entry, mode != ReportMode.none),
                complaints);
    }

    /** Creates the route that processes commands and reports them. */
    public InboundQueue.Route commands() {
        commands = new CommandReports(
                this::send, delays, mode == ReportMode.aroundRoute, threads.io(), threads.timer(), complaints);
        return new CommandRoute(entry, commands);
    }

    private CompletableFuture<Requester.Answer> send(String topic, byte[] body) {
        ServiceCall call = ReservedRequest.of(topic);
        return requests.send(this, call, ServiceBody.of(call, body), timeout)
                .thenApply(answer -> new Requester.Answer(
                        answer.accepted() ? null : answer.reason().code(),
                        answer.accepted() ? null : answer.reason().message(),
                        answer.body()));
    }

    /** Stops all reports. */
    public void end() {
        if (commands != null) {
            commands.end();
        }
    }

    /** Releases the requests. */
    public void close() {
        manager.release(requests, this);
    }
}
