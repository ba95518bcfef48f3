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

/** Gives each packet of the server to whom it concerns, and refuses what does not fit what was sent. For one thread. */
final class Incoming implements PacketHandler {

    private final MqttSession session;
    private final MqttSessionListener listener;
    private final InFlight inFlight;
    private final KeepAlive keepAlive;
    private boolean connected;
    private volatile long heardAt = System.nanoTime();

    Incoming(MqttSession session, MqttSessionListener listener, InFlight inFlight, KeepAlive keepAlive) {
        this.session = session;
        this.listener = listener;
        this.inFlight = inFlight;
        this.keepAlive = keepAlive;
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    /** When anything came last, as {@link System#nanoTime()} tells it. */
    long heardAt() {
        return heardAt;
    }

    @Override
    public void connack(boolean sessionPresent, int returnCode) throws IOException {
        if (connected) {
            throw new MqttProtocolException("a second CONNACK");
        }
        connected = true;
        session.answered(sessionPresent, returnCode);
    }

    @Override
    public void publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId)
            throws IOException {
        requireConnected("PUBLISH");
        if (!session.isEnded()) {
            InboundMessage message = new InboundMessage(session, topic, payload, qos, retained, duplicate, packetId);
            Callbacks.guard(() -> listener.messageArrived(message));
        }
    }

    @Override
    public void puback(int packetId) throws IOException {
        requireConnected("PUBACK");
        PublishCallback callback = inFlight.remove(packetId, PublishCallback.class);
        requireKnown(callback, "PUBACK", packetId);
        Callbacks.complete(callback, null);
    }

    @Override
    public void suback(int packetId, List<Integer> returnCodes) throws IOException {
        requireConnected("SUBACK");
        PendingAnswer.Suback pending = inFlight.remove(packetId, PendingAnswer.Suback.class);
        requireKnown(pending, "SUBACK", packetId);
        if (returnCodes.size() != pending.filters()) {
            MqttProtocolException failure = new MqttProtocolException(
                    "SUBACK with " + returnCodes.size() + " return codes for " + pending.filters() + " topic filters");
            pending.answer().completeExceptionally(failure);
            throw failure;
        }
        pending.answer().complete(returnCodes);
    }

    @Override
    public void unsuback(int packetId) throws IOException {
        requireConnected("UNSUBACK");
        PendingAnswer.Unsuback pending = inFlight.remove(packetId, PendingAnswer.Unsuback.class);
        requireKnown(pending, "UNSUBACK", packetId);
        pending.answer().complete(null);
    }

    @Override
    public void pingresp() throws IOException {
        requireConnected("PINGRESP");
        keepAlive.answered();
    }

    private void requireConnected(String packet) throws MqttProtocolException {
        if (!connected) {
            throw new MqttProtocolException(packet + " before the CONNACK");
        }
    }

    private static void requireKnown(Object pending, String packet, int packetId) throws MqttProtocolException {
        if (pending == null) {
            throw new MqttProtocolException(packet + " for packet identifier " + packetId + ", which is not in use");
        }
    }
}
