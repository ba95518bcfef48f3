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
package io.cameliot.common.mqtt.codec;

import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Passes only whole packets to the decoder and checks that the decoder consumes each one exactly. The decoder alone
 * would wait and buffer without limit when the contents of a packet promise more than its length, and would read past
 * the contents of a packet that is longer than they are.
 *
 * <p>Refuses packets that need no decoding: those above the Maximum Packet Size, reserved types and flags (MQTT 5
 * sections 2.1.2 and 2.1.3), and the CONNACK of a server that does not know MQTT 5, which lacks the property length
 * (MQTT 3.1.1 section 3.1.2.2). Event loop only.
 */
public final class PacketFrames extends ByteToMessageDecoder {

    /** The first byte of a CONNACK. */
    private static final int CONNACK = MqttMessageType.CONNACK.value() << 4;

    private static final int CONNACK_LENGTH_BY_311 = 4;
    private static final String LENGTH_DOES_NOT_FIT = "a packet whose contents do not fit its length";
    private static final int LARGEST_LENGTH_FIELD = 4;
    private static final int UNKNOWN = 0;
    private static final int ENDLESS = Integer.MAX_VALUE;

    private final ProtocolVersion version;
    private final IntFunction<IOException> onlyKnows311;
    private final LongSupplier decoded;
    private long count;

    /**
     * Creates the handler.
     *
     * @param decoded the number of packets that the decoder has produced
     * @param onlyKnows311 creates the failure for the return code of a server that answers MQTT 5 with an MQTT 3.1.1
     *     CONNACK
     */
    public PacketFrames(ProtocolVersion version, LongSupplier decoded, IntFunction<IOException> onlyKnows311) {
        this.version = version;
        this.decoded = decoded;
        this.onlyKnows311 = onlyKnows311;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws IOException {
        int end = in.readerIndex();
        while (end < in.writerIndex()) {
            int length = length(in, end);
            IOException refusal = refuse(in, end, length);
            if (refusal != null && end == in.readerIndex()) {
                in.skipBytes(in.readableBytes());
                throw refusal;
            }
            if (refusal != null || length == UNKNOWN || length > in.writerIndex() - end) {
                // The packets before this one are decoded first.
                break;
            }
            end += length;
            count++;
        }
        if (end > in.readerIndex()) {
            decodeWhole(context, in.readRetainedSlice(end - in.readerIndex()));
        }
    }

    private void decodeWhole(ChannelHandlerContext context, ByteBuf packets) throws MqttProtocolException {
        int references = packets.refCnt();
        context.fireChannelRead(packets);
        // Only the decoder retains the buffer, and only while part of it is not decoded.
        boolean rest = packets.refCnt() >= references;
        if (rest || decoded.getAsLong() != count) {
            throw malformed(LENGTH_DOES_NOT_FIT);
        }
    }

    /**
     * The length of the packet at {@code start}, UNKNOWN while its length field is incomplete, ENDLESS if that is too
     * long.
     */
    private static int length(ByteBuf in, int start) {
        int remaining = 0;
        for (int i = 1; i <= LARGEST_LENGTH_FIELD; i++) {
            if (start + i == in.writerIndex()) {
                return UNKNOWN;
            }
            int digit = in.getByte(start + i);
            remaining |= (digit & 0x7F) << 7 * (i - 1);
            if (digit >= 0) {
                return 1 + i + remaining;
            }
        }
        return ENDLESS;
    }

    private IOException refuse(ByteBuf in, int start, int length) {
        int head = in.getUnsignedByte(start);
        int type = head >> 4;
        int flags = head & 0x0F;
        if (type == 0) {
            return malformed("a packet of type 0, which is reserved");
        }
        if (type != MqttMessageType.PUBLISH.value() && flags != 0) {
            return new MqttProtocolException(
                    flags == prescribedFlags(type) ? MqttReasonCode.PROTOCOL_ERROR : MqttReasonCode.MALFORMED_PACKET,
                    MqttMessageType.valueOf(type) + " with flags " + flags + ", which no server sends to a client");
        }
        if (length == ENDLESS) {
            return malformed("a remaining length of more than " + LARGEST_LENGTH_FIELD + " bytes");
        }
        if (length > Packets.LARGEST) {
            return new MqttProtocolException(
                    MqttReasonCode.PACKET_TOO_LARGE,
                    "a packet of " + length + " bytes, more than the " + Packets.LARGEST + " that are taken");
        }
        if (count == 0
                && head == CONNACK
                && length == CONNACK_LENGTH_BY_311
                && version == ProtocolVersion.V5
                && start + length <= in.writerIndex()) {
            return onlyKnows311.apply(in.getUnsignedByte(start + length - 1));
        }
        if (length != UNKNOWN && length <= in.writerIndex() - start && !contentsFill(in, start, start + length)) {
            return malformed(LENGTH_DOES_NOT_FIT);
        }
        return null;
    }

    /**
     * Returns whether the contents of a packet end where it ends. The decoder would read a fixed header behind them, and then
     * the packets to come as the contents of that one.
     */
    private boolean contentsFill(ByteBuf in, int start, int end) {
        int contents = start + 2;
        while (in.getByte(contents - 1) < 0) {
            contents++;
        }
        return switch (MqttMessageType.valueOf(in.getUnsignedByte(start) >> 4)) {
            case PINGREQ, PINGRESP -> contents == end;
            case CONNACK -> version == ProtocolVersion.V5 ? propertiesFill(in, contents + 2, end) : contents + 2 >= end;
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> propertiesFill(in, contents + 3, end);
            case DISCONNECT, AUTH -> propertiesFill(in, contents + 1, end);
            default -> true; // The payload is what remains.
        };
    }

    /** Properties are laid out as a packet is after its first byte. They may be left out. */
    private static boolean propertiesFill(ByteBuf in, int start, int end) {
        return start >= end || start - 1 + length(in, start - 1) == end;
    }

    /** The flags of a packet other than a PUBLISH (MQTT 5 section 2.1.3). */
    private static int prescribedFlags(int type) {
        return switch (MqttMessageType.valueOf(type)) {
            case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> 2;
            default -> 0;
        };
    }

    private static MqttProtocolException malformed(String what) {
        return new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET, what);
    }
}
