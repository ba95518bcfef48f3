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
import java.util.List;

/** Takes the packets of the server, checked each for itself, in the order of their arrival. */
interface PacketHandler {

    void connack(boolean sessionPresent, int returnCode) throws IOException;

    /** QoS is 0 or 1; the packet identifier is 0 at QoS 0. */
    void publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId)
            throws IOException;

    void puback(int packetId) throws IOException;

    void suback(int packetId, List<Integer> returnCodes) throws IOException;

    void unsuback(int packetId) throws IOException;

    void pingresp() throws IOException;
}
