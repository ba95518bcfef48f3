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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.job.JobState;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The services as any MQTT client sees them; AWS's own clients have tests of their own. */
class DeviceServicesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger THINGS = new AtomicInteger();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();
    private String thing;
    private String topics;

    @BeforeEach
    void nameTheThing() {
        thing = "thing-" + THINGS.incrementAndGet();
        topics = "$aws/things/" + thing + "/";
    }

    @ParameterizedTest
    @EnumSource(
            value = MqttVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5"})
    void answersWhoAsksForJobsWithoutASubscription(MqttVersion version) throws Exception {
        String job = aws.jobs().create(thing, "{}");
        try (MqttWire wire = Mqtt5Packets.connected(aws, version, thing)) {
            wire.send(publish("jobs/get", 1, "{\"clientToken\":\"t\"}"));

            wire.expect(MqttMessageType.PUBACK);
            MqttPublishMessage answer = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
            assertThat(answer.variableHeader().topicName()).isEqualTo(topics + "jobs/get/accepted");
            assertThat(answer.fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_MOST_ONCE);
            JsonNode body = body(answer);
            assertThat(body.at("/queuedJobs/0/jobId").textValue()).isEqualTo(job);
            assertThat(body.get("clientToken").textValue()).isEqualTo("t");
        }
    }

    @Test
    void tellsNobodyElseOfRequestsForJobsAndOfTheirAnswers() throws Exception {
        try (PahoDevice other = new PahoDevice(aws, thing + "-other").connect();
                PahoDevice device = new PahoDevice(aws, thing).connect()) {
            other.subscribe(topics + "jobs/#", 1);

            device.publish(topics + "jobs/start-next", "{}", 1);
            assertThat(device.next().topic()).isEqualTo(topics + "jobs/start-next/accepted");
            aws.publish(topics + "jobs/after", "this", 1);

            assertThat(other.next().payload()).isEqualTo("this");
        }
    }

    @Test
    void answersAtTheQosOfTheSubscriptionBesidesTheMessagesOfTheBroker() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, thing)) {
            wire.send(MqttWire.subscribe(1, topics + "jobs/get/+", "plain")).expect(MqttMessageType.SUBACK);

            for (int round = 0; round < 3; round++) {
                wire.send(publish("jobs/get", 2, "{}")).expect(MqttMessageType.PUBACK);
                MqttPublishMessage answer = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
                assertThat(answer.fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_LEAST_ONCE);
                aws.publish("plain", "x", 1);
                MqttPublishMessage plain = wire.expect(MqttPublishMessage.class, MqttMessageType.PUBLISH);
                assertThat(plain.variableHeader().topicName()).isEqualTo("plain");
                assertThat(plain.variableHeader().packetId())
                        .isNotEqualTo(answer.variableHeader().packetId());
                wire.send(puback(answer), puback(plain));
            }
            wire.send(MqttWire.pingRequest()).expect(MqttMessageType.PINGRESP);
        }
    }

    @Test
    void answersWhoAsksForAShadowOnlyIfItHasSubscribed() throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, thing)) {
            wire.send(publish("shadow/get", 1, "")).expect(MqttMessageType.PUBACK);
            wire.expectSilence();
        }
    }

    @Test
    void rejectsATopicOfJobsThatIsNoRequest() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.publish(topics + "jobs/next", "{\"clientToken\":\"t\"}", 1);

            PahoDevice.Received answer = device.next();
            assertThat(answer.topic()).isEqualTo(topics + "jobs/next/rejected");
            assertThat(JSON.readTree(answer.payload()).get("code").textValue()).isEqualTo("InvalidTopic");
            assertThat(JSON.readTree(answer.payload()).get("clientToken").textValue())
                    .isEqualTo("t");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void rejectsASecondReportBeforeTheFirstIsAnswered(int qos) throws Exception {
        SentCommand sent = aws.commands().send(thing, "{}");
        String topic = "$aws/commands/things/" + thing + "/executions/" + sent.executionId() + "/response/json";
        try (MqttWire wire = Mqtt5Packets.connected(aws, thing)) {
            wire.send(
                    message(topic, qos, "{\"status\":\"IN_PROGRESS\"}"),
                    message(topic, qos * 2, "{\"status\":\"SUCCEEDED\"}"));

            List<MqttPublishMessage> answers = publishes(wire, 2);
            assertThat(answers.get(0).variableHeader().topicName()).endsWith("/response/accepted/json");
            assertThat(answers.get(1).variableHeader().topicName()).endsWith("/response/rejected/json");
            assertThat(body(answers.get(1)).get("error").textValue()).isEqualTo("DataConflict");
            assertThat(sent.state()).isEqualTo(CommandState.IN_PROGRESS);

            wire.send(message(topic, qos * 3, "{\"status\":\"SUCCEEDED\"}"));
            publishes(wire, 1);
            assertThat(sent.state()).isEqualTo(CommandState.SUCCEEDED);
        }
    }

    @Test
    void rejectsTheEleventhRequestInFlightOfAConnectionToAThing() throws Exception {
        aws.thing(thing).shadow().setReported("{\"a\":1}");
        try (MqttWire wire = Mqtt5Packets.connected(aws, thing)) {
            wire.send(MqttWire.subscribe(1, topics + "shadow/get/+")).expect(MqttMessageType.SUBACK);

            wire.send(IntStream.rangeClosed(1, 11)
                    .mapToObj(i -> publish("shadow/get", i, "{\"clientToken\":\"" + i + "\"}"))
                    .toArray(MqttMessage[]::new));

            List<MqttPublishMessage> answers = publishes(wire, 11);
            List<MqttPublishMessage> rejected = answers.stream()
                    .filter(answer -> answer.variableHeader().topicName().endsWith("/rejected"))
                    .toList();
            assertThat(rejected).hasSize(1);
            JsonNode body = body(rejected.get(0));
            assertThat(body.get("code").intValue()).isEqualTo(429);
            assertThat(body.get("clientToken").textValue()).isEqualTo("11");
        }
    }

    @Test
    void countsNoRequestAsInFlightWhoseAnswerIsLost() throws Exception {
        aws.thing(thing).shadow().setReported("{\"a\":1}");
        InjectedFault loss = aws.faults().inject(new Fault.WithholdMessage(topics + "shadow/get/accepted"), 10);
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.subscribe(topics + "shadow/get/+", 1);

            for (int i = 0; i < 11; i++) {
                device.publish(topics + "shadow/get", "", 1);
            }

            assertThat(device.next().topic()).isEqualTo(topics + "shadow/get/accepted");
            assertThat(loss.triggered()).isEqualTo(10);
        }
    }

    @Test
    void answersFirstAndThenTellsOfTheDelta() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.subscribe(topics + "shadow/update/+", 1);

            device.publish(topics + "shadow/update", "{\"state\":{\"desired\":{\"a\":1}}}", 1);

            assertThat(device.next().topic()).endsWith("/update/accepted");
            assertThat(device.next().topic()).endsWith("/update/delta");
            assertThat(device.next().topic()).endsWith("/update/documents");
        }
    }

    @Test
    void tellsOfTheDeltaFirstIfAFaultWantsIt() throws Exception {
        aws.faults().inject(new Fault.EventsFirst("$aws/things/+/shadow/update"));
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.subscribe(topics + "shadow/update/+", 1);

            device.publish(topics + "shadow/update", "{\"state\":{\"desired\":{\"a\":1}}}", 1);

            assertThat(device.next().topic()).endsWith("/update/delta");
            assertThat(device.next().topic()).endsWith("/update/documents");
            assertThat(device.next().topic()).endsWith("/update/accepted");
        }
    }

    @Test
    void closesTheConnectionAfterARequestIfAFaultWantsIt() throws Exception {
        String job = aws.jobs().create(thing, "{}");
        aws.faults().inject(new Fault.DropAfterRequest("$aws/things/+/jobs/start-next"));
        try (MqttWire wire = Mqtt5Packets.connected(aws, thing)) {
            wire.send(message(topics + "jobs/start-next", 0, "{}")).expectEnd();
        }
        assertThat(aws.jobs().execution(thing, job).state()).isEqualTo(JobState.IN_PROGRESS);
    }

    @Test
    void losesDelaysAndRepeatsMessagesIfAFaultWantsIt() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.subscribe(topics + "jobs/+", 1);

            InjectedFault loss = aws.faults().inject(new Fault.WithholdMessage(topics + "jobs/notify"), 2);
            aws.faults().inject(new Fault.RepeatMessage(topics + "jobs/notify-next"));
            String job = aws.jobs().create(thing, "{}");
            String first = device.next().payload();
            assertThat(device.next().payload()).isEqualTo(first);
            assertThat(JSON.readTree(first).at("/execution/jobId").textValue()).isEqualTo(job);

            aws.faults().inject(new Fault.DelayMessage(topics + "jobs/notify-next", Duration.ofMillis(500)));
            long before = System.nanoTime();
            aws.jobs().cancel(job);
            assertThat(JSON.readTree(device.next().payload()).has("execution")).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            assertThat(loss.triggered()).isEqualTo(2);
            aws.publish(topics + "jobs/marker", "marker", 1);
            assertThat(device.next().payload()).isEqualTo("marker");
            assertThat(device.hasReceivedNothing()).isTrue();
        }
    }

    @Test
    void answersWithoutTheClientTokenIfAFaultWantsIt() throws Exception {
        aws.faults().inject(new Fault.OmitClientToken("$aws/things/+/jobs/get/+"));
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.publish(topics + "jobs/get", "{\"clientToken\":\"t\"}", 1);
            device.publish(topics + "jobs/get", "{\"clientToken\":\"t\"}", 1);

            assertThat(JSON.readTree(device.next().payload()).has("clientToken"))
                    .isFalse();
            assertThat(JSON.readTree(device.next().payload()).has("clientToken"))
                    .isTrue();
        }
    }

    @Test
    void takesMetricsWhoseReportIdsRise() throws Exception {
        String topic = topics + "defender/metrics/json";
        String metrics = "\"metrics\":{\"tcp_connections\":{\"established_connections\":{\"total\":1}}}}";
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.subscribe(topic + "/+", 1);

            device.publish(topic, "{\"header\":{\"report_id\":5,\"version\":\"1.0\"}," + metrics, 1);
            PahoDevice.Received accepted = device.next();
            assertThat(accepted.topic()).isEqualTo(topic + "/accepted");
            assertThat(JSON.readTree(accepted.payload()).get("reportId").intValue())
                    .isEqualTo(5);

            device.publish(topic, "{\"hed\":{\"rid\":6,\"v\":\"1.0\"},\"met\":{}}", 1);
            assertThat(device.next().topic()).isEqualTo(topic + "/accepted");
            device.publish(topic, "{\"header\":{\"report_id\":7},\"custom_metrics\":{}}", 1);
            assertThat(device.next().topic()).isEqualTo(topic + "/accepted");
            for (String bad : List.of(
                    "{\"header\":{\"report_id\":7}," + metrics,
                    "{\"header\":{\"report_id\":\"8\"}," + metrics,
                    "{\"header\":{\"report_id\":8}}",
                    "{\"header\":")) {
                device.publish(topic, bad, 1);
                assertThat(device.next().topic()).as(bad).isEqualTo(topic + "/rejected");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/commands/things/T/executions/+/request/+",
                "$aws/commands/clients/C/executions/+/request/#",
                "$aws/commands/things/+/executions/+/request/json",
                "$aws/commands/things/T/executions/#",
                "$aws/commands/+/T/executions/+/request"
            })
    void closesTheConnectionForAWildcardThatCommandsDoNotHave(String filter) throws Exception {
        try (MqttWire wire = Mqtt5Packets.connected(aws, MqttVersion.MQTT_3_1_1, thing)) {
            wire.send(MqttWire.subscribe(1, filter)).expectEnd();
        }
        await().untilAsserted(() ->
                assertThat(aws.connectionsOf(thing).get(0).disconnectReason()).contains(DisconnectReason.CLIENT_ERROR));
    }

    @Test
    void takesAWildcardForTheExecution() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, thing).connect()) {
            device.subscribe("$aws/commands/things/" + thing + "/executions/+/request/json", 1);
            device.subscribe("$aws/commands/things/" + thing + "/executions/+/response/accepted/json", 1);

            SentCommand sent = aws.commands().send(thing, "{\"open\":1}");

            assertThat(device.next().topic()).contains(sent.executionId());
        }
    }

    @Test
    void asksThePolicy() throws Exception {
        aws.policy(thing, DevicePolicy.ALLOW_ALL.deny(Action.PUBLISH, topics + "shadow/update"));
        try (PahoDevice device = new PahoDevice(aws, thing)) {
            device.options().setAutomaticReconnect(false);
            device.connect();
            device.client().setTimeToWait(500);
            try {
                device.publish(topics + "shadow/update", "{\"state\":{\"desired\":{\"a\":1}}}", 1);
            } catch (MqttException e) {
                // the connection ends before the acknowledgement
            }
            device.awaitConnectionLoss();
        }
        assertThat(aws.thing(thing).shadow().exists()).isFalse();
    }

    @Test
    void keepsWhatItKnowsThroughAnOutage() {
        aws.thing(thing).shadow("door").setDesired("{\"open\":true}");
        String job = aws.jobs().create(thing, "{}");

        aws.stop();
        aws.start();

        assertThat(aws.thing(thing).shadow("door").desired().get("open").booleanValue())
                .isTrue();
        assertThat(aws.jobs().execution(thing, job).state()).isEqualTo(JobState.QUEUED);
    }

    private MqttPublishMessage publish(String topic, int packetId, String payload) {
        return message(topics + topic, packetId, payload);
    }

    /** At QoS 0 without a packet id, else at QoS 1. */
    private static MqttPublishMessage message(String topic, int packetId, String payload) {
        return MqttWire.publish(
                topic,
                packetId,
                packetId == 0 ? MqttQoS.AT_MOST_ONCE : MqttQoS.AT_LEAST_ONCE,
                payload.getBytes(StandardCharsets.UTF_8));
    }

    private static MqttMessage puback(MqttPublishMessage message) {
        return MqttMessageBuilders.pubAck()
                .packetId(message.variableHeader().packetId())
                .build();
    }

    /** The messages that come next, acknowledged, past the acknowledgements of what was sent. */
    private static List<MqttPublishMessage> publishes(MqttWire wire, int count) throws Exception {
        List<MqttPublishMessage> found = new ArrayList<>();
        while (found.size() < count) {
            MqttMessage next = wire.next();
            if (next instanceof MqttPublishMessage publish) {
                found.add(publish);
                if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                    wire.send(puback(publish));
                }
            } else {
                assertThat(next.fixedHeader().messageType()).isEqualTo(MqttMessageType.PUBACK);
            }
        }
        return found;
    }

    private static JsonNode body(MqttPublishMessage message) throws Exception {
        return JSON.readTree(message.payload().toString(StandardCharsets.UTF_8));
    }
}
