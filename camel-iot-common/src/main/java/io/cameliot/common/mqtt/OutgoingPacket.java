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

import java.io.IOException;

/** A packet that waits to be written. */
interface OutgoingPacket {

    /** About how many bytes it is. */
    int size();

    /** Writes it, or tells its sender why it cannot be sent. On the event loop, in the order of the queue. */
    void write(SessionState session, PacketWriter writer);

    /** Whether nothing may follow it. */
    default boolean isLast() {
        return false;
    }

    /** Tells its sender that the connection ended before it was written. */
    void fail(IOException reason);
}
