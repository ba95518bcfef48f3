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

import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stops reading from a device that publishes faster than the broker works.
 *
 * <p>The broker reads its socket into an unbounded queue, so the socket shows no congestion. This class therefore sends
 * the broker a probe after every so many bytes: an UNSUBSCRIBE for a subscription that does not exist, which the broker
 * answers in order and without effect. Nothing is read while too many probes are unanswered.
 */
public final class PublishFlow {
    /** A filter that no device subscribes to. MQTT allows such characters but advises against them. */
    private static final String NO_FILTER = "$emulator/\u0001flow";

    private static final int PACKET_ID = 0xFFFF;
    private static final int BYTES_PER_QUESTION = 256 * 1024;
    private static final int BYTES_PER_MESSAGE = 512;
    private static final int MAX_OPEN_QUESTIONS = 16;

    private final Channel device;
    private final Channel broker;
    /** The unanswered UNSUBSCRIBE packets in order: true for a probe, false for one of the device. */
    private final Deque<Boolean> unanswered = new ArrayDeque<>();

    private int openQuestions;
    private int bytesSinceQuestion;

    public PublishFlow(Channel device, Channel broker) {
        this.device = device;
        this.broker = broker;
    }

    /** Counts a message that was passed to the broker. */
    public void published(int payloadBytes) {
        bytesSinceQuestion += payloadBytes + BYTES_PER_MESSAGE;
        if (bytesSinceQuestion >= BYTES_PER_QUESTION) {
            bytesSinceQuestion = 0;
            openQuestions++;
            unanswered.addLast(true);
            broker.write(MqttMessageBuilders.unsubscribe()
                    .messageId(PACKET_ID)
                    .addTopicFilter(NO_FILTER)
                    .build());
            update();
        }
    }

    /** Forwards an UNSUBSCRIBE of the device. */
    public void forward(MqttUnsubscribeMessage unsubscribe) {
        unanswered.addLast(false);
        broker.write(unsubscribe);
    }

    /** Counts an UNSUBACK; returns whether it answers a probe and must not reach the device. */
    public boolean isOwnAnswer() {
        boolean own = unanswered.removeFirst();
        if (own) {
            openQuestions--;
            update();
        }
        return own;
    }

    /** Resumes or stops reading, depending on the broker and its socket. */
    public void update() {
        device.config().setAutoRead(broker.isWritable() && openQuestions < MAX_OPEN_QUESTIONS);
    }
}
