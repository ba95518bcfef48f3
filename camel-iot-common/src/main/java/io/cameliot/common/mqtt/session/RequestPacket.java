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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.codec.PacketWriter;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A SUBSCRIBE (MQTT 5 section 3.8) or UNSUBSCRIBE (section 3.10).
 *
 * @param filters its topic filters
 * @param qos the requested QoS; not used by an UNSUBSCRIBE
 * @param pending waits for the answer
 */
record RequestPacket(List<String> filters, int qos, PendingAnswer pending) implements OutgoingPacket {

    /**
     * Waits for a SUBACK or an UNSUBACK.
     *
     * @param isSubscribe whether the answer is a SUBACK
     * @param filters number of topic filters in the request
     * @param answer completes with a reason code for each filter
     */
    record PendingAnswer(boolean isSubscribe, int filters, CompletableFuture<List<Integer>> answer) {}

    @Override
    public int size() {
        return filters.stream().mapToInt(String::length).sum();
    }

    @Override
    public void write(SessionState session, PacketWriter writer) {
        MqttReasonException refusal =
                pending.isSubscribe() ? session.failures().refuseSubscribe(filters, session.server()) : null;
        int id = refusal == null ? session.inFlight().add(pending) : 0;
        if (refusal != null) {
            fail(refusal);
        } else if (id == 0) {
            fail(session.failures().noPacketId());
        } else {
            writer.write(packet(id));
        }
    }

    private MqttMessage packet(int id) {
        MqttMessageType type = pending.isSubscribe() ? MqttMessageType.SUBSCRIBE : MqttMessageType.UNSUBSCRIBE;
        MqttFixedHeader header = new MqttFixedHeader(type, false, MqttQoS.AT_LEAST_ONCE, false, 0);
        MqttMessageIdAndPropertiesVariableHeader variableHeader =
                new MqttMessageIdAndPropertiesVariableHeader(id, MqttProperties.NO_PROPERTIES);
        if (!pending.isSubscribe()) {
            return new MqttUnsubscribeMessage(header, variableHeader, new MqttUnsubscribePayload(filters));
        }
        List<MqttTopicSubscription> subscriptions = filters.stream()
                .map(filter -> new MqttTopicSubscription(filter, MqttQoS.valueOf(qos)))
                .toList();
        return new MqttSubscribeMessage(header, variableHeader, new MqttSubscribePayload(subscriptions));
    }

    @Override
    public void fail(IOException reason) {
        pending.answer().completeExceptionally(reason);
    }
}
