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

import io.cameliot.common.mqtt.codec.PacketWriter;
import java.io.IOException;

/** A packet in the outgoing queue. */
interface OutgoingPacket {

    /** Its approximate number of bytes. */
    int size();

    /**
     * Writes the packet, or reports to its sender why it cannot be sent. Called on the event loop in the order of the
     * queue.
     */
    void write(SessionState session, PacketWriter writer);

    /** Whether no packet may follow it. */
    default boolean isLast() {
        return false;
    }

    /** Reports to its sender that the connection ended before the packet was written. */
    void fail(IOException reason);

    /**
     * A PUBACK with reason code 0, which has the same bytes in both versions (MQTT 5 section 3.4).
     *
     * @param message the message to acknowledge
     */
    record Puback(InboundMessage message) implements OutgoingPacket {

        private static final int SIZE = 4;
        private static final int TYPE = 0x40;

        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public void write(SessionState session, PacketWriter writer) {
            writer.reserve(SIZE).writeByte(TYPE).writeByte(Short.BYTES).writeShort(message.packetId());
            session.inbound().acknowledged(message);
        }

        @Override
        public void fail(IOException reason) {
            // The server sends the message again.
        }
    }

    /**
     * The last packet, after which the connection is closed.
     *
     * @param handler writes it and closes the connection
     * @param endsSession whether the server's session ends too
     */
    record Disconnect(SessionHandler handler, boolean endsSession) implements OutgoingPacket {

        @Override
        public int size() {
            return 2;
        }

        @Override
        public void write(SessionState session, PacketWriter writer) {
            handler.disconnect(endsSession);
        }

        @Override
        public boolean isLast() {
            return true;
        }

        @Override
        public void fail(IOException reason) {
            // The connection has ended without it.
        }
    }
}
