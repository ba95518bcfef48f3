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
package io.cameliot.testinfra.dps.session;

import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.fault.StepFaults;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.dps.service.Device;
import io.cameliot.testinfra.dps.service.DpsAnswer;
import io.cameliot.testinfra.event.AzureRule;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request and its answer. */
final class DpsExchange {

    private static final String FOREIGN_ASSIGNMENT =
            """
            {"operationId":"4.0000000000000000.foreign","status":"assigned","registrationState":{\
            "registrationId":"foreign","assignedHub":"foreign.azure-devices.net","deviceId":"foreign",\
            "status":"assigned","substatus":"initialAssignment"}}""";

    private final DpsFront front;
    private final MqttServerSession mqtt;
    private final Device device;
    private final RequestTopic topic;
    private final Optional<MqttQoS> subscription;
    private final MqttQoS qos;
    private final int packetId;
    private final String body;
    private final Instant receivedAt;
    private final DpsStep step;
    private final Optional<DpsFault> fault;

    DpsExchange(
            DpsFront front,
            MqttServerSession mqtt,
            Device device,
            RequestTopic topic,
            MqttPublishMessage message,
            Optional<MqttQoS> subscription) {
        this.front = front;
        this.mqtt = mqtt;
        this.device = device;
        this.topic = topic;
        this.subscription = subscription;
        this.qos = message.fixedHeader().qosLevel();
        this.packetId = message.variableHeader().packetId();
        this.body = message.payload().toString(StandardCharsets.UTF_8);
        this.receivedAt = front.clock().instant();
        this.step = step();
        this.fault = front.faults().take(device.registrationId(), step);
    }

    private DpsStep step() {
        if (topic instanceof RequestTopic.Poll poll) {
            return front.service().endsWithNextPoll(poll.operationId()) ? DpsStep.RESULT : DpsStep.POLL;
        }
        return DpsStep.REGISTER;
    }

    void run() {
        boolean answerFirst =
                fault.filter(DpsFault.AnswerBeforePubAck.class::isInstance).isPresent();
        if (!answerFirst) {
            acknowledge();
        }
        ask().whenComplete((answer, failure) -> mqtt.execute(() -> {
            if (failure != null) {
                mqtt.close("the emulator failed: " + failure);
                return;
            }
            journal(answer);
            answer.rule().ifPresent(rule -> mqtt.refused(rule, "status " + answer.status(), () -> detail(answer)));
            new StepFaults(mqtt).strike(fault, () -> send(answer));
            if (answerFirst) {
                acknowledge();
            }
        }));
    }

    private void acknowledge() {
        if (qos == MqttQoS.AT_LEAST_ONCE) {
            mqtt.acknowledgePublish(packetId);
        }
    }

    private CompletionStage<DpsAnswer> ask() {
        if (fault.orElse(null) instanceof DpsFault.Answer injected) {
            return CompletableFuture.completedFuture(new DpsAnswer(
                    injected.status(),
                    injected.retryAfter(),
                    injected.body(),
                    "injected",
                    Optional.of(AzureRule.INJECTED_FAULT)));
        }
        if (topic instanceof RequestTopic.Poll poll) {
            return front.service().poll(device, poll.operationId());
        }
        return CompletableFuture.completedFuture(front.service().register(device, body));
    }

    private String detail(DpsAnswer answer) {
        String request = step == DpsStep.REGISTER ? "Register: " : "Poll: ";
        return request + (answer.reason().isEmpty() ? answer.body() : answer.reason());
    }

    private void journal(DpsAnswer answer) {
        front.journal()
                .add(new DpsRequest(
                        device.registrationId(),
                        topic.rid(),
                        topic instanceof RequestTopic.Poll poll ? Optional.of(poll.operationId()) : Optional.empty(),
                        qos.value(),
                        body,
                        receivedAt,
                        new DpsRequest.Answer(
                                StepFaults.isAnswered(fault) ? OptionalInt.of(answer.status()) : OptionalInt.empty(),
                                answer.reason())));
    }

    private void send(DpsAnswer answer) {
        if (fault.filter(DpsFault.ForeignAnswerFirst.class::isInstance).isPresent()) {
            publish(200, "foreign-" + topic.rid(), Optional.empty(), FOREIGN_ASSIGNMENT);
        }
        Optional<String> retryAfter = fault.orElse(null) instanceof DpsFault.RetryAfter other
                ? Optional.of(other.value())
                : answer.retryAfter().stream().mapToObj(Integer::toString).findFirst();
        publish(answer.status(), topic.rid(), retryAfter, answer.body());
    }

    private void publish(int status, String rid, Optional<String> retryAfter, String json) {
        // A device without a subscription at the time of the request receives no answer.
        subscription.ifPresent(
                granted -> mqtt.publish(front.responseTopics().topic(status, rid, retryAfter), json, granted));
    }
}
