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
package io.cameliot.testinfra.awsiot.flow;

import java.util.HashSet;
import java.util.Set;

/**
 * The QoS 1 messages of a client without a PUBACK. The announced Receive Maximum limits their number (MQTT 5, section
 * 4.9).
 */
public final class ReceiveWindow {
    private final int maximum;
    private final Set<Integer> unacknowledged = new HashSet<>();

    public ReceiveWindow(int maximum) {
        this.maximum = maximum;
    }

    public boolean isInUse(int packetId) {
        return unacknowledged.contains(packetId);
    }

    /**
     * Counts a message.
     *
     * @return false if it exceeds the maximum
     */
    public boolean open(int packetId) {
        unacknowledged.add(packetId);
        return unacknowledged.size() <= maximum;
    }

    /** Counts a PUBACK. */
    public void close(int packetId) {
        unacknowledged.remove(packetId);
    }
}
