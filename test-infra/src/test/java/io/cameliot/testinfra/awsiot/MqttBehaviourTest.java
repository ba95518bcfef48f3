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
import io.cameliot.testinfra.awsiot.PahoDevice.Received;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions, retained messages, wills, shared subscriptions, duplicate client ids and lifecycle events. */
class MqttBehaviourTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain("localhost"));

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void deliversMessagesOfTheOfflineTime() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "persistent")) {
            device.options().setCleanSession(false);
            device.connect().subscribe("missed/+", 1);
            device.client().disconnect();

            aws.publish("missed/1", "one", 1);
            aws.publish("missed/2", "two", 1);
            device.connect();

            assertThat(List.of(device.next().payload(), device.next().payload()))
                    .containsExactly("one", "two");
        }
    }

    @Test
    void discardsACleanSession() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "clean").connect()) {
            device.subscribe("clean/+", 1);
            device.client().disconnect();
            aws.publish("clean/1", "lost", 1);

            device.connect();
            device.subscribe("clean/marker", 1).publish("clean/marker", "end", 1);

            assertThat(device.next().payload()).isEqualTo("end");
        }
    }

    @Test
    void keepsSessionsWhileTheListenersAreDown() throws Exception {
        int port = aws.port(GatewayPort.MQTT_8883);
        try (PahoDevice device = new PahoDevice(aws, "outage")) {
            device.options().setCleanSession(false);
            device.connect().subscribe("outage/+", 1);
            aws.publish("outage/before", "before", 1);
            assertThat(device.next().payload()).isEqualTo("before");

            aws.stop();
            device.awaitConnectionLoss();
            aws.publish("outage/during", "during", 1);
            aws.start();

            assertThat(aws.port(GatewayPort.MQTT_8883)).isEqualTo(port);
            device.connect();
            device.awaitPayload("during");
            assertThat(aws.connectionsOf("outage").get(0).disconnectReason())
                    .contains(DisconnectReason.SERVER_INITIATED_DISCONNECT);
        }
    }

    @Test
    void deliversARetainedMessageToAnExactFilterOnly() throws Exception {
        aws.publish("retained/one", "kept".getBytes(StandardCharsets.UTF_8), 1, true);
        try (PahoDevice device = new PahoDevice(aws, "retained").connect()) {
            device.subscribe("retained/+", 1).subscribe("$share/group/+/one", 1).subscribe("retained/one", 1);

            assertThat(device.next()).isEqualTo(new Received("retained/one", "kept", 1, true, false));
            device.client().unsubscribe("retained/one");
            device.client().unsubscribe("retained/+");
            device.publish("retained/one", "now", 1);
            assertThat(device.next()).isEqualTo(new Received("retained/one", "now", 1, false, false));
        }
    }

    @Test
    void publishesTheWillWithoutADisconnect() throws Exception {
        try (PahoDevice watcher = new PahoDevice(aws, "watcher").connect();
                PahoDevice device = new PahoDevice(aws, "mortal")) {
            watcher.subscribe("wills/mortal", 1);
            device.options().setWill("wills/mortal", "gone".getBytes(StandardCharsets.UTF_8), 1, false);
            device.connect();

            assertThat(aws.disconnect("mortal")).isTrue();

            assertThat(watcher.next().payload()).isEqualTo("gone");
        }
    }

    @Test
    void publishesNoWillAfterADisconnect() throws Exception {
        TlsClient tls = TlsClient.trusting(aws.serverAuthority().certificate(), aws.issueDevice("polite"));
        try (PahoDevice watcher = new PahoDevice(aws, "watcher").connect()) {
            watcher.subscribe("wills/polite", 1).subscribe("wills/marker", 1);

            for (int i = 0; i < 20; i++) { // a fault would be a race condition
                try (MqttWire wire =
                        new MqttWire(tls.connect("127.0.0.1", aws.port(GatewayPort.MQTT_8883), aws.endpoint()))) {
                    wire.send(MqttWire.connect(MqttVersion.MQTT_3_1_1, "polite")
                                    .willFlag(true)
                                    .willTopic("wills/polite")
                                    .willMessage("gone".getBytes(StandardCharsets.UTF_8))
                                    .build())
                            .expect(MqttMessageType.CONNACK);
                    wire.send(MqttMessage.DISCONNECT).expectEnd();
                }
            }

            watcher.publish("wills/marker", "end", 1);
            assertThat(watcher.next().payload()).isEqualTo("end");
        }
    }

    @Test
    void dropsTheOlderConnectionOfAClientIdAndPublishesItsWill() throws Exception {
        try (PahoDevice watcher = new PahoDevice(aws, "twin-watcher").connect();
                PahoDevice older = new PahoDevice(aws, "twin");
                PahoDevice newer = new PahoDevice(aws, "twin")) {
            watcher.subscribe("wills/twin", 1);
            older.options().setWill("wills/twin", "replaced".getBytes(StandardCharsets.UTF_8), 1, false);
            older.connect();

            newer.connect().subscribe("twin/topic", 1);

            older.awaitConnectionLoss();
            assertThat(watcher.next().payload()).isEqualTo("replaced");
            aws.publish("twin/topic", "to the newer", 1);
            assertThat(newer.next().payload()).isEqualTo("to the newer");
            assertThat(aws.connectionsOf("twin"))
                    .extracting(ConnectionInfo::disconnectReason)
                    .containsExactly(Optional.of(DisconnectReason.DUPLICATE_CLIENTID), Optional.empty());
        }
    }

    @Test
    void sharesASubscriptionAmongClients() throws Exception {
        try (PahoDevice first = new PahoDevice(aws, "worker-1").connect();
                PahoDevice second = new PahoDevice(aws, "worker-2").connect();
                PahoDevice other = new PahoDevice(aws, "worker-3").connect()) {
            first.subscribe("$share/workers/jobs/+", 1);
            second.subscribe("$share/workers/jobs/+", 1);
            other.subscribe("$share/others/jobs/+", 1);

            for (int i = 0; i < 20; i++) {
                aws.publish("jobs/" + i, "job " + i, 1);
            }

            List<String> ofOthers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ofOthers.add(other.next().payload());
            }
            assertThat(ofOthers).doesNotHaveDuplicates();
            await().untilAsserted(() ->
                    assertThat(deliveries("worker-1") + deliveries("worker-2")).isEqualTo(20));
            assertThat(deliveries("worker-1")).isBetween(1L, 19L);
        }
    }

    @Test
    void separatesAShareFromAClientOfTheSameName() throws Exception {
        try (PahoDevice namesake = new PahoDevice(aws, "pool").connect();
                PahoDevice member = new PahoDevice(aws, "pool-member").connect()) {
            namesake.subscribe("pooled/+", 1);
            member.subscribe("$share/pool/pooled/+", 1);

            aws.publish("pooled/1", "for both", 1);

            assertThat(namesake.next().payload()).isEqualTo("for both");
            assertThat(member.next().payload()).isEqualTo("for both");
            member.client().unsubscribe("$share/pool/pooled/+");
            member.subscribe("pooled/marker", 1);
            aws.publish("pooled/2", "for one", 1);
            aws.publish("pooled/marker", "end", 1);
            assertThat(member.next().payload()).isEqualTo("end");
        }
    }

    @Test
    void publishesLifecycleEventsOfConnections() throws Exception {
        try (PahoDevice watcher = new PahoDevice(aws, "presence-watcher").connect();
                PahoDevice device = new PahoDevice(aws, "presence")) {
            watcher.subscribe("$aws/events/presence/+/presence", 1);

            device.connect();
            Received connected = watcher.next();
            aws.disconnect("presence");
            Received disconnected = watcher.next();

            assertThat(connected.topic()).isEqualTo("$aws/events/presence/connected/presence");
            JsonNode event = JSON.readTree(connected.payload());
            assertThat(event.get("clientId").textValue()).isEqualTo("presence");
            assertThat(event.get("eventType").textValue()).isEqualTo("connected");
            assertThat(event.get("ipAddress").textValue()).isEqualTo("127.0.0.1");
            assertThat(event.get("principalIdentifier").textValue())
                    .isEqualTo(aws.connectionsOf("presence").get(0).principal().identifier());
            assertThat(event.get("versionNumber").intValue()).isZero();
            assertThat(disconnected.topic()).isEqualTo("$aws/events/presence/disconnected/presence");
            JsonNode end = JSON.readTree(disconnected.payload());
            assertThat(end.get("sessionIdentifier")).isEqualTo(event.get("sessionIdentifier"));
            assertThat(end.get("clientInitiatedDisconnect").booleanValue()).isFalse();
            assertThat(end.get("disconnectReason").textValue()).isEqualTo("API_INITIATED_DISCONNECT");
        }
    }

    @Test
    void resendsUnacknowledgedMessagesWithoutTheDupFlag() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "redelivered")) {
            device.options().setCleanSession(false);
            device.withManualAcks().connect().subscribe("again", 1);
            aws.publish("again", "once", 1);
            assertThat(device.next().payload()).isEqualTo("once");

            aws.disconnect("redelivered");
            device.awaitConnectionLoss();
            device.connect();

            assertThat(device.next()).isEqualTo(new Received("again", "once", 1, false, false));
        }
    }

    @Test
    void stopsSendingAtAHundredUnacknowledgedMessages() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "window")) {
            device.withManualAcks().connect().subscribe("window", 1);
            for (int i = 0; i < 110; i++) {
                aws.publish("window", "message " + i, 1);
            }

            for (int i = 0; i < 100; i++) {
                device.next();
            }

            await().during(Duration.ofMillis(300)).until(device::hasReceivedNothing);
            assertThat(deliveries("window")).isEqualTo(100);
        }
    }

    @Test
    void reconnectsManyTimesWithoutLosingTheSession() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "restless")) {
            MqttConnectOptions options = device.options();
            options.setCleanSession(false);
            device.connect().subscribe("restless", 1);
            for (int i = 0; i < 8; i++) {
                aws.disconnect("restless");
                device.awaitConnectionLoss();
                aws.publish("restless", "message " + i, 1);
                device.connect();
                device.awaitPayload("message " + i);
            }
        }
    }

    private long deliveries(String clientId) {
        return aws.connectionsOf(clientId).stream()
                .mapToLong(ConnectionInfo::deliveries)
                .sum();
    }
}
