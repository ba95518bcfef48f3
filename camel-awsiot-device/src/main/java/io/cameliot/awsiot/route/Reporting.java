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
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.Intake;
import io.cameliot.awsiot.report.Delays;
import io.cameliot.awsiot.report.ReportContext;
import io.cameliot.awsiot.report.ReportMode;
import io.cameliot.awsiot.report.Requester;
import io.cameliot.awsiot.service.ReservedRequest;
import io.cameliot.awsiot.service.ServiceClient;
import io.cameliot.awsiot.settings.Timing;
import io.cameliot.common.camel.MqttThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The requests and reports of a consumer of jobs or commands to AWS IoT. */
public final class Reporting {

    private final RouteEntry entry;
    private final ReportMode mode;
    private final ServiceClient client;
    private final ReportContext context;
    private volatile CommandReports commands;

    /**
     * Creates the reporting of a consumer. The caller must call {@link #close} once, before it releases the connection.
     *
     * @param client sends the requests; closed with the reporting
     * @param timing contains the delays between retries
     */
    public Reporting(RouteEntry entry, ReportMode mode, ServiceClient client, Timing timing, MqttThreads threads) {
        this.entry = entry;
        this.mode = mode;
        this.client = client;
        this.context = new ReportContext(
                this::send,
                new Delays(timing.reconnectMinDelay(), timing.reconnectMaxDelay()),
                threads.io(),
                threads.timer(),
                entry::failed);
    }

    /**
     * Creates the intake that runs the jobs of a thing.
     *
     * @param routeThread runs the route
     */
    public Intake jobs(JobTopic topic, Executor routeThread) {
        return new JobRunner(topic, context, routeThread, new JobRoute(topic, entry, mode != ReportMode.none));
    }

    /** Creates the route that processes commands and reports them. */
    public InboundQueue.Route commands() {
        commands = new CommandReports(context, mode == ReportMode.aroundRoute);
        return new CommandRoute(entry, commands);
    }

    private CompletableFuture<Requester.Answer> send(String topic, byte[] body) {
        return client.send(ReservedRequest.of(topic), body)
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
        client.close();
    }
}
