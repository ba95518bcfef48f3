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

import io.cameliot.awsiot.command.CommandTopic;
import io.cameliot.awsiot.job.JobTopic;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.report.ReportMode;
import java.time.Duration;

/**
 * The options of a consumer that say what it does with arriving messages.
 *
 * @param topic topic filter of the consumer
 * @param report who reports the outcome of jobs and commands
 * @param requestTimeout timeout of requests and reports to AWS's services
 * @param catchUp whether the consumer asks for missed state
 * @param replies whether the route replies to messages with a response topic
 */
public record ArrivalOptions(
        String topic,
        Processing processing,
        ReportMode report,
        Duration requestTimeout,
        boolean catchUp,
        boolean replies) {

    /**
     * How messages pass through the route.
     *
     * @param concurrentConsumers how many messages, of different topics, may be in the route at a time
     * @param maxRedeliveries maximum number of redeliveries of a message to the route; messages that are acknowledged
     *     already are not redelivered
     */
    public record Processing(
            AcknowledgementMode acknowledgement,
            int concurrentConsumers,
            int maxRedeliveries,
            Duration redeliveryDelay) {}

    /** Returns the jobs that the consumer runs; null for none. */
    public JobTopic jobs() {
        return JobTopic.of(topic);
    }

    /** Returns the topic filter of the subscription. */
    public String filter() {
        JobTopic jobs = jobs();
        return jobs == null ? topic : jobs.notifyNext();
    }

    boolean areCommands() {
        return CommandTopic.ofFilter(topic) != null;
    }

    /** Returns whether the consumer reports the outcomes of commands. */
    boolean reportsCommands() {
        return areCommands() && report != ReportMode.none;
    }

    /**
     * Checks the options of a consumer of jobs or commands.
     *
     * @throws IllegalArgumentException if an option is not possible; the message names the option and the allowed
     *     values
     */
    public void requirePossible(int qos, boolean subscribe) {
        if (jobs() != null) {
            JobRoute.requireOptions(qos, processing.acknowledgement(), processing.concurrentConsumers(), subscribe);
        } else if (reportsCommands()) {
            CommandRoute.requireOptions(subscribe);
        }
    }
}
