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
package io.cameliot.common.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/** Gives the server's packets to whom they concern, and refuses what does not fit what was sent. */
final class Answers {

    private final MqttSession session;
    private final InFlight inFlight;
    private final MqttFailures failures;

    Answers(MqttSession session, InFlight inFlight, MqttFailures failures) {
        this.session = session;
        this.inFlight = inFlight;
        this.failures = failures;
    }

    void publish(MqttPublishMessage packet) throws IOException {
        String topic = packet.variableHeader().topicName();
        if (topic.isEmpty()) {
            throw new MqttProtocolException("PUBLISH with an empty topic");
        }
        if (packet.fixedHeader().qosLevel().value() > 1) {
            throw new MqttProtocolException("PUBLISH of QoS 2, which was not asked for");
        }
        session.arrived(new InboundMessage(
                session,
                new ApplicationMessage(
                        topic,
                        ByteBufUtil.getBytes(packet.payload()),
                        packet.fixedHeader().qosLevel().value(),
                        packet.fixedHeader().isRetain(),
                        PropertyCodec.read(packet.variableHeader().properties())),
                packet.fixedHeader().isDup(),
                Math.max(0, packet.variableHeader().packetId())));
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
        answer(packet, true, ((MqttSubAckMessage) packet).payload().reasonCodes());
    }

    void unsuback(MqttMessage packet) throws IOException {
        MqttUnsubAckMessage unsuback = (MqttUnsubAckMessage) packet;
        List<Integer> codes = unsuback.payload() == null
                ? List.of()
                : unsuback.payload().unsubscribeReasonCodes().stream()
                        .map(code -> code & 0xFF)
                        .toList();
        answer(packet, false, codes);
    }

    private void answer(MqttMessage packet, boolean subscribe, List<Integer> codes) throws IOException {
        String name = subscribe ? "SUBACK" : "UNSUBACK";
        int id = id(packet);
        PendingAnswer pending = inFlight.remove(id, PendingAnswer.class);
        requireKnown(pending != null && pending.isSubscribe() == subscribe ? pending : null, name, id);
        if (codes.isEmpty() && !subscribe) {
            // MQTT 3.1.1 gives none.
            pending.answer().complete(Collections.nCopies(pending.filters(), 0));
        } else if (codes.size() == pending.filters()) {
            pending.answer().complete(codes);
        } else {
            MqttProtocolException failure = new MqttProtocolException(
                    name + " with " + codes.size() + " return codes for " + pending.filters() + " topic filters");
            pending.answer().completeExceptionally(failure);
            throw failure;
        }
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
