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

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttMessage;

/**
 * Collects packets in buffers of the size of a TLS record, because a record costs as much as many small packets. Event
 * loop only.
 */
public final class PacketWriter {

    /** Bytes. A record carries at most 16,384 bytes (RFC 8446, section 5.1), and TLS 1.3 uses some of them. */
    private static final int RECORD = 16_000;

    private final ChannelHandlerContext context;
    private ByteBuf record;

    public PacketWriter(ChannelHandlerContext context) {
        this.context = context;
    }

    /** Returns a buffer with room for a packet of this size. */
    public ByteBuf reserve(int bytes) {
        if (record != null && record.writableBytes() < bytes) {
            writeRecord();
        }
        if (record == null) {
            int capacity = Math.max(RECORD, bytes);
            record = context.alloc().directBuffer(capacity, capacity);
        }
        return record;
    }

    /**
     * Writes a packet that Netty encodes.
     *
     * @return fails also if the packet cannot be encoded
     */
    public ChannelFuture write(MqttMessage packet) {
        writeRecord();
        return context.write(packet);
    }

    public void flush() {
        writeRecord();
        context.flush();
    }

    /** Releases the buffer that has not been written yet. */
    public void discard() {
        if (record != null) {
            record.release();
            record = null;
        }
    }

    private void writeRecord() {
        if (record != null) {
            ByteBuf full = record;
            record = null;
            context.write(full);
        }
    }
}
