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
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.text.ForeignText;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A received PUBLISH. */
public final class InboundMessage {

    private static final Logger LOG = LoggerFactory.getLogger(InboundMessage.class);

    private final MqttSession session;
    private final ApplicationMessage message;
    private final boolean duplicate;
    private final int packetId;
    private final AtomicBoolean acknowledged = new AtomicBoolean();

    InboundMessage(MqttSession session, ApplicationMessage message, boolean duplicate, int packetId) {
        this.session = session;
        this.message = message;
        this.duplicate = duplicate;
        this.packetId = packetId;
    }

    /**
     * Makes a message of this one, with QoS 1, that was never on the wire: it has no packet identifier and needs no
     * acknowledgement.
     */
    public InboundMessage derived(String topic, byte[] payload) {
        InboundMessage derived = new InboundMessage(
                session, new ApplicationMessage(topic, payload, 1, false, MessageProperties.NONE), false, 0);
        derived.acknowledged.set(true);
        return derived;
    }

    /** Whether {@link #derived} made it. */
    public boolean isDerived() {
        return qos() > 0 && packetId == 0;
    }

    /** The connection of the message. Only on it can the message be acknowledged. */
    public MqttSession session() {
        return session;
    }

    public String topic() {
        return message.topic();
    }

    /** The payload without a copy. */
    public byte[] payload() {
        return message.payload();
    }

    /** 0 or 1. */
    public int qos() {
        return message.qos();
    }

    /** Whether it is a retained message, older than the subscription. */
    public boolean retained() {
        return message.retained();
    }

    /** Its MQTT 5 properties; {@link MessageProperties#NONE} if it has none. */
    public MessageProperties properties() {
        return message.properties();
    }

    /** Whether the server may have sent it before (DUP flag). */
    public boolean duplicate() {
        return duplicate;
    }

    /** The packet identifier; 0 at QoS 0. */
    public int packetId() {
        return packetId;
    }

    /**
     * Sends the PUBACK without blocking. Thread-safe. Does nothing at QoS 0, on a second call, or after the connection
     * has ended; the server then sends the message again.
     */
    public void acknowledge() {
        acknowledge(false);
    }

    /**
     * Sends the PUBACK as {@link #acknowledge()} does.
     *
     * @param moreFollow whether other messages are likely to be acknowledged at once; the PUBACK may then wait up to a
     *     millisecond, so that all are sent together
     */
    public void acknowledge(boolean moreFollow) {
        if (qos() > 0 && acknowledged.compareAndSet(false, true)) {
            session.acknowledge(this, moreFollow);
        }
    }

    @Override
    public String toString() {
        return "InboundMessage[topic=" + ForeignText.shown(topic()) + ", qos=" + qos() + ", packetId=" + packetId + ", "
                + payload().length + " bytes]";
    }

    /**
     * The received messages of QoS 1 whose PUBACK has not been written. MQTT 5 limits their number by the Receive
     * Maximum of the CONNECT (section 3.3.4), but mosquitto 2.0.11 exceeds it, so only their memory ends a connection.
     * Event loop only.
     */
    static final class Window {

        /** Bytes. Twice the largest messages of AWS IoT Core within its Receive Maximum of 100. */
        static final int LARGEST_BYTES = 32 * 1024 * 1024;

        /** Approximate bytes of a message without its payload. */
        private static final int OVERHEAD = 256;

        private final int receiveMaximum;
        private int unacknowledged;
        private long bytes;
        private boolean told;

        Window(MqttConnectRequest.Session session) {
            this.receiveMaximum =
                    session.version() == ProtocolVersion.V5 ? session.receiveMaximum() : Integer.MAX_VALUE;
        }

        /**
         * Counts a message.
         *
         * @throws MqttProtocolException if the messages exceed both the Receive Maximum and {@link #LARGEST_BYTES}
         */
        void arrived(InboundMessage message) throws MqttProtocolException {
            unacknowledged++;
            bytes += size(message);
            if (unacknowledged <= receiveMaximum) {
                return;
            }
            if (bytes > LARGEST_BYTES) {
                throw new MqttProtocolException(
                        MqttReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                        unacknowledged + " messages of QoS 1 of together more than " + (LARGEST_BYTES >> 20)
                                + " MB, without waiting for their PUBACKs, where the Receive Maximum of the CONNECT is "
                                + receiveMaximum);
            }
            if (!told) {
                told = true;
                LOG.warn(
                        "{} gets more than {} messages of QoS 1 before it has acknowledged the first, which is the Receive"
                                + " Maximum that it has told the server: they are taken, up to {} MB",
                        message.session,
                        receiveMaximum,
                        LARGEST_BYTES >> 20);
            }
        }

        void acknowledged(InboundMessage message) {
            unacknowledged--;
            bytes -= size(message);
        }

        private static int size(InboundMessage message) {
            return OVERHEAD + message.payload().length;
        }
    }
}
