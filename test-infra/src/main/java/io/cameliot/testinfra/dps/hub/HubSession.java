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
package io.cameliot.testinfra.dps.hub;

import io.cameliot.testinfra.dps.identity.CredentialCheck;
import io.cameliot.testinfra.dps.identity.Credentials;
import io.cameliot.testinfra.dps.mqtt.MqttApplication;
import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.event.AzureRule;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The connection of a device to its hub. */
final class HubSession implements MqttApplication {

    private final IotHubEmulator hubs;
    private final MqttServerSession mqtt;
    private HubDevice device;

    HubSession(IotHubEmulator hubs, MqttServerSession mqtt) {
        this.hubs = hubs;
        this.mqtt = mqtt;
    }

    @Override
    public void connect(MqttConnectMessage message) {
        String clientId = message.payload().clientIdentifier();
        Optional<HubUserName> userName = HubUserName.parse(
                Optional.ofNullable(message.payload().userName()).orElse(""));
        Optional<HubDevice> known = userName.filter(name -> name.deviceId().equals(clientId))
                .filter(name -> mqtt.peer()
                        .serverName()
                        .filter(name.hub()::equalsIgnoreCase)
                        .isPresent())
                .flatMap(name -> hubs.find(name.hub(), name.deviceId()));
        if (known.isEmpty()) {
            refuse(AzureRule.HUB_DEVICE, "user name, client id and server name do not name a device of this hub");
            return;
        }
        Optional<String> problem = problem(known.get(), message.payload().passwordInBytes());
        if (problem.isPresent()) {
            refuse(AzureRule.HUB_CREDENTIALS, problem.get());
            return;
        }
        device = known.get();
        device.connected(mqtt);
        mqtt.acceptConnect();
    }

    private void refuse(AzureRule rule, String reason) {
        mqtt.refuseConnect(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED, rule, reason);
    }

    private Optional<String> problem(HubDevice known, byte[] password) {
        Credentials credentials = Credentials.of(password, mqtt.peer().certificates());
        // A token without skn is signed with the device's own key; a token with skn belongs to a policy of the hub.
        return new CredentialCheck(
                        known.hub() + "/devices/" + known.id(),
                        Set.of(""),
                        hubs.clock().instant())
                .problem(credentials, known.attestation());
    }

    @Override
    public void subscribe(MqttSubscribeMessage message) {
        List<MqttQoS> grants =
                message.payload().topicSubscriptions().stream().map(this::grant).toList();
        mqtt.acknowledgeSubscribe(message.variableHeader().messageId(), grants);
        message.payload().topicSubscriptions().stream()
                .filter(requested -> requested.topicFilter().equals(deviceBound() + "#"))
                .forEach(requested -> device.subscribed(grant(requested)));
    }

    /** Refuses also the filters of twins and direct methods, which are not emulated. */
    private MqttQoS grant(MqttTopicSubscription requested) {
        if (!requested.topicFilter().equals(deviceBound() + "#")) {
            mqtt.refused(AzureRule.TOPIC_FILTER, "SUBACK 128", requested::topicFilter);
            return MqttQoS.FAILURE;
        }
        return requested.qualityOfService() == MqttQoS.AT_MOST_ONCE ? MqttQoS.AT_MOST_ONCE : MqttQoS.AT_LEAST_ONCE;
    }

    @Override
    public void unsubscribed(String topicFilter) {
        if (topicFilter.equals(deviceBound() + "#")) {
            device.subscribed(MqttQoS.FAILURE);
        }
    }

    private String deviceBound() {
        return "devices/" + device.id() + "/messages/devicebound/";
    }

    @Override
    public void publish(MqttPublishMessage message) {
        String events = "devices/" + device.id() + "/messages/events/";
        String topic = message.variableHeader().topicName();
        if (!topic.startsWith(events)) {
            mqtt.close(AzureRule.TOPIC, "topic '" + topic + "' is not supported");
            return;
        }
        Map<String, String> properties = PropertyBag.parse(topic.substring(events.length()));
        if (message.fixedHeader().isRetain()) {
            properties.put("mqtt-retain", "true");
        }
        byte[] payload = ByteBufUtil.getBytes(message.payload());
        mqtt.received(topic, payload, message.fixedHeader().qosLevel().value());
        hubs.received(device, properties, payload);
        if (message.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            mqtt.acknowledgePublish(message.variableHeader().packetId());
        }
    }

    @Override
    public void acknowledged(int packetId) {
        device.acknowledged(mqtt, packetId);
    }

    @Override
    public void closed() {
        if (device != null) {
            device.disconnected(mqtt);
        }
    }
}
