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
import io.cameliot.common.mqtt.PropertyIds;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.codec.PacketWriter;
import io.cameliot.common.mqtt.codec.PropertyCodec;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/**
 * A PUBLISH (MQTT 5 section 3.3). It is encoded here because Netty's encoder allocates a buffer for each packet, which
 * at QoS 0 costs two fifths of the rate.
 */
final class PublishPacket implements OutgoingPacket {

    private static final int TYPE = 0x30;
    private static final int DUPLICATE = 0x08;
    private static final int RETAIN = 0x01;
    private static final int LARGEST_REMAINING_LENGTH = 268_435_455;

    /** Bytes. Far more than a topic and properties take. */
    private static final int LARGEST_HEAD = 435_455;

    private static final int ALIAS_PROPERTY = 3;
    static final byte[] NOTHING = {};

    private final ApplicationMessage message;
    private final byte[] topic;
    private final byte[] properties;
    private final boolean duplicate;
    private final PublishCallback callback;

    /**
     * Creates a packet.
     *
     * @param topic the encoded topic
     * @param properties the result of {@link PropertyCodec#encode}
     * @param callback null if nobody needs the result
     */
    PublishPacket(
            ApplicationMessage message, byte[] topic, byte[] properties, boolean duplicate, PublishCallback callback) {
        this.message = message;
        this.topic = topic;
        this.properties = properties;
        this.duplicate = duplicate;
        this.callback = callback;
    }

    /**
     * Creates the packet of a message.
     *
     * @param topic the encoded topic
     * @param version decides whether the properties of the message go out
     * @param callback null if nobody needs the result
     * @throws IllegalArgumentException if MQTT does not allow the message
     */
    static PublishPacket of(
            ApplicationMessage message,
            byte[] topic,
            ProtocolVersion version,
            boolean duplicate,
            PublishCallback callback) {
        requirePublishable(message);
        byte[] properties = version == ProtocolVersion.V5 ? PropertyCodec.encode(message.properties()) : NOTHING;
        return new PublishPacket(message, topic, properties, duplicate, callback);
    }

    private static void requirePublishable(ApplicationMessage message) {
        if (message.qos() != 0 && message.qos() != 1) {
            throw new IllegalArgumentException("QoS " + message.qos() + " is not supported, 0 and 1 are");
        }
        if (message.payload().length > LARGEST_REMAINING_LENGTH - LARGEST_HEAD) {
            throw new IllegalArgumentException("A payload of " + message.payload().length
                    + " bytes is too long: MQTT allows packets of " + LARGEST_REMAINING_LENGTH);
        }
    }

    /** At least the number of bytes that the packet has without a topic alias, and a few more at the most. */
    @Override
    public int size() {
        return 16 + topic.length + properties.length + message.payload().length;
    }

    @Override
    public void write(SessionState session, PacketWriter writer) {
        PublishRefusedException refusal = session.failures().refuse(message, session.server());
        if (refusal != null) {
            complete(refusal);
            return;
        }
        int known = session.aliases().known(message.topic());
        int assigned = known > 0 ? 0 : session.aliases().next(message.topic());
        int largest = session.server().maximumPacketSize();
        if (assigned > 0 && length(remainingLength(session, topic, assigned)) > largest) {
            assigned = 0;
        }
        int alias = known + assigned;
        byte[] sentTopic = known > 0 ? NOTHING : topic;
        int remaining = remainingLength(session, sentTopic, alias);
        int length = length(remaining);
        if (length > largest) {
            complete(session.failures().tooLarge(message, length, session.server()));
            return;
        }
        ByteBuf out = writer.reserve(length);
        int id = message.qos() == 0 ? 0 : session.inFlight().add(callback);
        if (message.qos() > 0 && id == 0) {
            complete(session.failures().noPacketId());
            return;
        }
        if (assigned > 0) {
            session.aliases().assign(message.topic(), assigned);
        }
        out.writeByte(TYPE | (duplicate ? DUPLICATE : 0) | message.qos() << 1 | (message.retained() ? RETAIN : 0));
        writeVariable(out, remaining);
        out.writeShort(sentTopic.length).writeBytes(sentTopic);
        if (id > 0) {
            out.writeShort(id);
        }
        if (session.isV5()) {
            writeVariable(out, propertyLength(alias));
            if (alias > 0) {
                out.writeByte(PropertyIds.TOPIC_ALIAS).writeShort(alias);
            }
            out.writeBytes(properties);
        }
        out.writeBytes(message.payload());
        if (id == 0) {
            complete(null);
        }
    }

    private int remainingLength(SessionState session, byte[] sentTopic, int alias) {
        int propertyLength = propertyLength(alias);
        return Short.BYTES
                + sentTopic.length
                + (message.qos() > 0 ? Short.BYTES : 0)
                + (session.isV5() ? variableLength(propertyLength) + propertyLength : 0)
                + message.payload().length;
    }

    private int propertyLength(int alias) {
        return properties.length + (alias > 0 ? ALIAS_PROPERTY : 0);
    }

    private static int length(int remaining) {
        return 1 + variableLength(remaining) + remaining;
    }

    /** The number of bytes of a variable byte integer (MQTT 5 section 1.5.5). */
    private static int variableLength(int number) {
        return number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : 4;
    }

    private static void writeVariable(ByteBuf out, int number) {
        int left = number;
        while (left >= 1 << 7) {
            out.writeByte(left & 0x7F | 0x80);
            left >>>= 7;
        }
        out.writeByte(left);
    }

    @Override
    public void fail(IOException reason) {
        complete(reason);
    }

    private void complete(IOException failure) {
        if (callback != null) {
            Callbacks.complete(callback, failure);
        }
    }
}
