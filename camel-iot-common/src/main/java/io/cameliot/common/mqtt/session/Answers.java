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

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.PropertyIds;
import io.cameliot.common.mqtt.codec.PropertyCodec;
import io.cameliot.common.mqtt.session.RequestPacket.PendingAnswer;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Dispatches the server's packets to the messages and requests that they answer, and refuses packets that answer none.
 */
final class Answers {

    private final MqttSession session;
    private final InFlight inFlight;
    private final InboundMessage.Window inbound;
    private final MqttFailures failures;

    Answers(MqttSession session, InFlight inFlight, InboundMessage.Window inbound, MqttFailures failures) {
        this.session = session;
        this.inFlight = inFlight;
        this.inbound = inbound;
        this.failures = failures;
    }

    void publish(MqttPublishMessage packet) throws IOException {
        String topic = packet.variableHeader().topicName();
        if (packet.variableHeader().properties().getProperty(PropertyIds.TOPIC_ALIAS) != null) {
            throw new MqttProtocolException(
                    MqttReasonCode.TOPIC_ALIAS_INVALID,
                    "PUBLISH with a topic alias, which the CONNECT has not allowed");
        }
        if (topic.isEmpty()) {
            throw new MqttProtocolException("PUBLISH with an empty topic");
        }
        if (topic.indexOf(0) >= 0) {
            throw new MqttProtocolException(
                    MqttReasonCode.MALFORMED_PACKET, "PUBLISH with a topic that contains U+0000");
        }
        if (packet.fixedHeader().qosLevel().value() > 1) {
            throw new MqttProtocolException("PUBLISH of QoS 2, which was not asked for");
        }
        InboundMessage message = new InboundMessage(
                session,
                new ApplicationMessage(
                        topic,
                        ByteBufUtil.getBytes(packet.payload()),
                        packet.fixedHeader().qosLevel().value(),
                        packet.fixedHeader().isRetain(),
                        PropertyCodec.read(packet.variableHeader().properties())),
                packet.fixedHeader().isDup(),
                Math.max(0, packet.variableHeader().packetId()));
        if (message.qos() == 1) {
            inbound.arrived(message);
        }
        session.arrived(message);
    }

    void puback(MqttMessage packet) throws IOException {
        int id = id(packet);
        PublishCallback callback = inFlight.remove(id, PublishCallback.class);
        requireKnown(callback, "PUBACK", id);
        int code = packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply
                ? reply.reasonCode() & 0xFF
                : 0;
        Callbacks.complete(
                callback,
                MqttReasonCode.isFailure(code)
                        ? failures.notPublished(
                                code,
                                PropertyCodec.reasonString(
                                        ((MqttPubReplyMessageVariableHeader) packet.variableHeader()).properties()))
                        : null);
    }

    void suback(MqttMessage packet) throws IOException {
        MqttSubAckPayload payload = ((MqttSubAckMessage) packet).payload();
        requireDefined(payload.typedReasonCodes(), "SUBACK");
        answer(packet, true, payload.reasonCodes());
    }

    void unsuback(MqttMessage packet) throws IOException {
        MqttUnsubAckPayload payload = ((MqttUnsubAckMessage) packet).payload();
        requireDefined(payload.typedReasonCodes(), "UNSUBACK");
        List<Integer> codes = payload.unsubscribeReasonCodes().stream()
                .map(code -> code & 0xFF)
                .toList();
        answer(packet, false, codes);
    }

    /**
     * Refuses undefined reason codes.
     *
     * @param codes null for each code that MQTT does not define, as Netty decodes it
     */
    private static void requireDefined(List<?> codes, String packet) throws MqttProtocolException {
        if (codes.stream().anyMatch(Objects::isNull)) {
            throw new MqttProtocolException(packet + " with a reason code that MQTT does not define");
        }
    }

    private void answer(MqttMessage packet, boolean subscribe, List<Integer> codes) throws IOException {
        String name = subscribe ? "SUBACK" : "UNSUBACK";
        int id = id(packet);
        // A request that gets a wrong answer stays in flight until the connection ends.
        PendingAnswer pending = inFlight.get(id, PendingAnswer.class);
        requireKnown(pending != null && pending.isSubscribe() == subscribe ? pending : null, name, id);
        // An UNSUBACK of MQTT 3.1.1 has no reason codes.
        boolean none = codes.isEmpty() && !subscribe;
        if (!none && codes.size() != pending.filters()) {
            throw new MqttProtocolException(
                    name + " with " + codes.size() + " return codes for " + pending.filters() + " topic filters");
        }
        inFlight.remove(id, PendingAnswer.class);
        pending.answer().complete(none ? Collections.nCopies(pending.filters(), 0) : codes);
    }

    private static int id(MqttMessage packet) {
        return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
    }

    private static void requireKnown(Object pending, String packet, int packetId) throws MqttProtocolException {
        if (pending == null) {
            throw new MqttProtocolException(packet + " for packet identifier " + packetId + ", which is not in use");
        }
    }
}
