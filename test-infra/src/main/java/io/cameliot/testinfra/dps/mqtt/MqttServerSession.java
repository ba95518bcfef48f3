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
package io.cameliot.testinfra.dps.mqtt;

import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.Published;
import io.cameliot.testinfra.event.Refused;
import io.cameliot.testinfra.event.RemoteClient;
import io.cameliot.testinfra.event.Rule;
import io.cameliot.testinfra.net.FailedHandshakes;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device's MQTT connection, for its service to write to. A write to a closed connection has no effect. Event loop
 * only; {@link #execute} runs a task there.
 */
public final class MqttServerSession {

    private static final Logger LOG = LoggerFactory.getLogger(MqttServerSession.class);
    private static final int MAX_PACKET_ID = 65_535;

    private final Channel channel;
    private final Cloud cloud;
    private final EventLog events;
    private final Peer peer;
    private String clientId = "";
    private int lastPacketId;
    private boolean closing;

    MqttServerSession(Channel channel, Cloud cloud, EventLog events) {
        this.channel = channel;
        this.cloud = cloud;
        this.events = events;
        this.peer = Peer.of(channel);
    }

    /**
     * Returns the properties of the connection below MQTT.
     *
     * @return the other side
     */
    public Peer peer() {
        return peer;
    }

    /** Sends CONNACK: accepted, no session present. */
    public void acceptConnect() {
        channel.writeAndFlush(MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .sessionPresent(false)
                .build());
    }

    /**
     * Sends CONNACK with a refusal and closes the connection.
     *
     * @param returnCode the return code of MQTT 3.1.1, section 3.2.2.3
     * @param rule the rule that the client has broken
     * @param reason the reason for the log
     */
    public void refuseConnect(MqttConnectReturnCode returnCode, Rule rule, String reason) {
        refused(rule, "CONNACK " + returnCode.byteValue(), () -> reason);
        LOG.info("{} refused with {}: {}", channel, returnCode, reason);
        closing = true;
        channel.writeAndFlush(MqttMessageBuilders.connAck()
                        .returnCode(returnCode)
                        .sessionPresent(false)
                        .build())
                .addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Sends SUBACK.
     *
     * @param packetId the packet id of the SUBSCRIBE
     * @param grants a granted QoS, or {@link MqttQoS#FAILURE}, for each filter
     */
    public void acknowledgeSubscribe(int packetId, List<MqttQoS> grants) {
        channel.writeAndFlush(MqttMessageBuilders.subAck()
                .packetId(packetId)
                .addGrantedQoses(grants.toArray(MqttQoS[]::new))
                .build());
    }

    /**
     * Sends PUBACK.
     *
     * @param packetId the packet id of the PUBLISH
     */
    public void acknowledgePublish(int packetId) {
        channel.writeAndFlush(MqttMessageBuilders.pubAck().packetId(packetId).build());
    }

    /**
     * Publishes to the device.
     *
     * @param topic the topic
     * @param payload the payload, sent as UTF-8
     * @param qos 0 or 1
     * @return the packet id, which only QoS 1 sends
     */
    public int publish(String topic, String payload, MqttQoS qos) {
        lastPacketId = lastPacketId % MAX_PACKET_ID + 1;
        channel.writeAndFlush(MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(qos)
                .messageId(lastPacketId)
                .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
                .build());
        return lastPacketId;
    }

    /**
     * Closes the connection after pending writes.
     *
     * @param reason the reason for the log
     */
    public void close(String reason) {
        LOG.info("{} closed: {}", channel, reason);
        closing = true;
        channel.close();
    }

    /**
     * Closes the connection of a client that has broken a rule.
     *
     * @param rule the rule
     * @param reason the reason for the log
     */
    public void close(Rule rule, String reason) {
        refused(rule, "the connection was closed", () -> reason);
        close(reason);
    }

    /**
     * Records that the client was refused something.
     *
     * @param rule the rule that it has broken
     * @param answer what the client gets
     * @param detail what exactly was wrong, without secrets
     */
    public void refused(Rule rule, String answer, Supplier<String> detail) {
        RemoteClient client = new RemoteClient(clientId, FailedHandshakes.addressOf(channel));
        events.refusals().record(() -> new Refused(cloud, rule, client, answer, detail));
    }

    /**
     * Records a message of the device.
     *
     * @param topic its topic
     * @param payload its payload
     * @param qos 0 or 1
     */
    public void received(String topic, byte[] payload, int qos) {
        events.published(
                topic,
                () -> Published.of(
                        new Published.Origin(Published.Kind.DEVICE, clientId), topic, payload, qos, false, Map.of()));
    }

    /** Sets the client id of CONNECT, for records. */
    void identified(String id) {
        clientId = id;
    }

    /** Returns whether the service has decided to end the connection. Later packets of the device are ignored. */
    boolean isClosing() {
        return closing;
    }

    /**
     * Runs a task on the event loop after the tasks that already wait there.
     *
     * @param task the task
     */
    public void execute(Runnable task) {
        channel.eventLoop().execute(task);
    }

    /**
     * Runs a task on the event loop after a delay, even if the connection has ended then.
     *
     * @param delay the delay
     * @param task the task
     */
    public void schedule(Duration delay, Runnable task) {
        channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
