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
package io.cameliot.testinfra.awsiot.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.job.JobQueues;
import io.cameliot.testinfra.awsiot.job.JobRejectedException;
import io.cameliot.testinfra.awsiot.job.JobReply;
import io.cameliot.testinfra.awsiot.job.JobRequest;
import io.cameliot.testinfra.awsiot.job.QueueNews;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code $aws/things/<thing>/jobs/…}: answers go only to the requesting device, with or without a subscription. */
final class JobService {
    private static final Pattern REQUEST =
            Pattern.compile("\\$aws/things/(?<thing>" + ResourceNames.THING + ")/jobs/(?<operation>.+)");
    private static final Pattern OF_ONE_JOB =
            Pattern.compile("(?<job>\\$next|" + ResourceNames.JOB + ")/(?<operation>get|update)");

    private final JobQueues queues;

    JobService(JobQueues queues) {
        this.queues = queues;
    }

    Optional<RecognizedRequest> recognize(String topic) {
        Matcher matcher = REQUEST.matcher(topic);
        return matcher.matches()
                ? Optional.of(new Request(matcher.group("thing"), topic, matcher.group("operation")))
                : Optional.empty();
    }

    static List<ServiceMessage> messages(List<QueueNews> news) {
        return news.stream().flatMap(JobService::messages).toList();
    }

    private static Stream<ServiceMessage> messages(QueueNews news) {
        String topic = "$aws/things/" + news.thing() + "/jobs/";
        return Stream.concat(
                news.list().stream().map(list -> ServiceMessage.publish(topic + "notify", list)),
                news.next().stream().map(next -> ServiceMessage.publish(topic + "notify-next", next)));
    }

    private final class Request implements RecognizedRequest {
        private final String thing;
        private final String topic;
        private final String operation;

        Request(String thing, String topic, String operation) {
            this.thing = thing;
            this.topic = topic;
            this.operation = operation;
        }

        @Override
        public ServiceReply handle(byte[] payload) {
            List<QueueNews> timedOut = queues.timePassed();
            try {
                JobReply reply = reply(JobRequest.read(payload));
                return new ServiceReply(
                        ServiceMessage.reply(topic + "/accepted", reply.accepted()),
                        messages(Stream.concat(timedOut.stream(), reply.news().stream())
                                .toList()));
            } catch (JobRejectedException e) {
                return new ServiceReply(rejected(payload, e), messages(timedOut));
            }
        }

        private JobReply reply(JobRequest request) throws JobRejectedException {
            Matcher ofOneJob = OF_ONE_JOB.matcher(operation);
            if (ofOneJob.matches()) {
                String job = ofOneJob.group("job");
                return ofOneJob.group("operation").equals("get")
                        ? told(queues.describe(thing, job, request))
                        : queues.update(thing, job, request);
            }
            return switch (operation) {
                case "get" -> told(queues.getPending(thing, request));
                case "start-next" -> told(queues.startNext(thing, request));
                default -> throw JobRejectedException.invalidTopic(topic);
            };
        }

        private static JobReply told(ObjectNode answer) {
            return new JobReply(answer, List.of());
        }

        @Override
        public ServiceReply reject(byte[] payload, String code, String message) {
            return ServiceReply.of(rejected(payload, new JobRejectedException(code, message)));
        }

        private ServiceMessage rejected(byte[] payload, JobRejectedException reason) {
            return ServiceMessage.reply(topic + "/rejected", queues.rejection(reason, ClientToken.of(payload)));
        }
    }
}
