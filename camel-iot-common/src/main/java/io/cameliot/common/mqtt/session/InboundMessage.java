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

/** A PUBLISH that arrived. */
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

    /** The connection on which it arrived and on which alone it can be acknowledged. */
    public MqttSession session() {
        return session;
    }

    public String topic() {
        return message.topic();
    }

    /** The payload itself, no copy. */
    public byte[] payload() {
        return message.payload();
    }

    /** 0 or 1. */
    public int qos() {
        return message.qos();
    }

    /** Whether it was kept by the server from before the subscription. */
    public boolean retained() {
        return message.retained();
    }

    /** Its MQTT 5 properties; {@link MessageProperties#NONE} where there are none. */
    public MessageProperties properties() {
        return message.properties();
    }

    /** Whether the server may have sent it before. */
    public boolean duplicate() {
        return duplicate;
    }

    /** The packet identifier, 0 at QoS 0. */
    public int packetId() {
        return packetId;
    }

    /**
     * Sends the PUBACK, from any thread and without waiting. Does nothing at QoS 0, the second time, or when the connection
     * has ended: the server then sends the message again.
     */
    public void acknowledge() {
        acknowledge(false);
    }

    /**
     * As {@link #acknowledge()}.
     *
     * @param moreFollow whether other messages are likely to be acknowledged at once, so that it may take up to a
     *     millisecond for all to go out together
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
     * The messages of QoS 1 that have arrived and whose PUBACK has not been written. MQTT 5 bounds them by the Receive Maximum of
     * the CONNECT (section 3.3.4), which mosquitto 2.0.11 does not keep to; so it is their memory that ends a connection.
     * Belongs to the event loop.
     */
    static final class Window {

        /** Twice what the largest messages of AWS IoT Core within its Receive Maximum of 100 take. */
        static final int LARGEST_BYTES = 32 * 1024 * 1024;

        /** What a message takes besides its payload, about. */
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
         * @throws MqttProtocolException if the server should have waited for a PUBACK, long since
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
