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

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.job.JobExecution;
import io.cameliot.awsiot.job.JobOutcome;
import io.cameliot.awsiot.job.JobRunner;
import io.cameliot.awsiot.job.JobTopic;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.report.ExecutionRejectedException;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Passes jobs to a route and creates their outcomes. */
public final class JobRoute implements JobRunner.Route {

    private final JobTopic topic;
    private final RouteEntry entry;
    private final boolean reported;

    /**
     * Creates a route for the jobs of a thing.
     *
     * @param reported whether the consumer reports the outcome; if not, the route reports it
     */
    public JobRoute(JobTopic topic, RouteEntry entry, boolean reported) {
        this.topic = topic;
        this.entry = entry;
        this.reported = reported;
    }

    /**
     * Checks the options of a consumer of jobs.
     *
     * @throws IllegalArgumentException if an option is not possible; the message names the option and the allowed
     *     values
     */
    public static void requireOptions(
            int qos, AcknowledgementMode acknowledgement, int concurrentConsumers, boolean subscribe) {
        if (qos == 0) {
            throw refused("qos=0", "the news of a job could be lost, and is not repeated: use qos=1");
        } else if (acknowledgement == AcknowledgementMode.onReceive) {
            throw refused(
                    "acknowledgement=onReceive",
                    "a job is not a message, and ends with the report of its outcome: use report=none where the route"
                            + " reports it");
        } else if (concurrentConsumers > 1) {
            throw refused(
                    "concurrentConsumers=" + concurrentConsumers,
                    "AWS IoT starts the next job of a thing after the one before: use concurrentConsumers=1");
        } else if (!subscribe) {
            throw refused("subscribe=false", "new jobs are not heard of without a subscription: use subscribe=true");
        }
    }

    private static IllegalArgumentException refused(String option, String reason) {
        return new IllegalArgumentException("Option " + option + " is not possible for a consumer of jobs: " + reason);
    }

    @Override
    public void process(JobExecution job, Consumer<JobOutcome> done) {
        Exchange exchange = entry.create();
        try {
            fill(exchange.getIn(), job);
            entry.route().process(exchange, doneSync -> done.accept(outcome(exchange, job)));
        } catch (Throwable e) {
            // After any failure the consumer must run the next job.
            exchange.setException(e);
            done.accept(outcome(exchange, job));
        }
    }

    private void fill(Message message, JobExecution job) {
        message.setBody(job.document());
        message.setHeader(AwsIotDeviceConstants.TOPIC, topic.startNext());
        message.setHeader(AwsIotDeviceConstants.JOB_ID, job.key().jobId());
        message.setHeader(AwsIotDeviceConstants.EXECUTION_NUMBER, job.key().executionNumber());
        message.setHeader(AwsIotDeviceConstants.STATUS_DETAILS, new LinkedHashMap<>(job.statusDetails()));
    }

    /**
     * Creates the outcome to report.
     *
     * @return null if there is nothing to report
     */
    private JobOutcome outcome(Exchange exchange, JobExecution job) {
        boolean failed = FailureReason.isFailed(exchange);
        try {
            if (failed && entry.isForcedToStop()) {
                return null;
            }
            if (failed && !(FailureReason.of(exchange) instanceof ExecutionRejectedException && reported)) {
                entry.failed("Error processing " + job.key() + " of thing " + topic.thing(), exchange);
            }
            return reported ? JobOutcomes.of(exchange, job.statusDetails()) : null;
        } finally {
            entry.release(exchange);
        }
    }
}
