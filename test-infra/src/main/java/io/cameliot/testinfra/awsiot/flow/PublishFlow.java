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
 * <p>The broker takes whatever its socket brings into a queue without bound, so the socket alone does not tell. What does is
 * an answer: after so many messages the broker is asked to end a subscription that does not exist, which it does in turn
 * and does not mind. As long as too many of these questions are open, nothing is read.
 */
public final class PublishFlow {
    /** What no device has a subscription to; MQTT allows, but advises against, such characters. */
    private static final String NO_FILTER = "$emulator/\u0001flow";

    private static final int PACKET_ID = 0xFFFF;
    private static final int BYTES_PER_QUESTION = 256 * 1024;
    private static final int BYTES_PER_MESSAGE = 512;
    private static final int MAX_OPEN_QUESTIONS = 16;

    private final Channel device;
    private final Channel broker;
    /** The UNSUBSCRIBEs not yet answered, in their order: true for a question of ours, false for one of the device's. */
    private final Deque<Boolean> unanswered = new ArrayDeque<>();

    private int openQuestions;
    private int bytesSinceQuestion;

    public PublishFlow(Channel device, Channel broker) {
        this.device = device;
        this.broker = broker;
    }

    /** A message has been handed to the broker. */
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

    /** An UNSUBSCRIBE of the device's. */
    public void forward(MqttUnsubscribeMessage unsubscribe) {
        unanswered.addLast(false);
        broker.write(unsubscribe);
    }

    /** An UNSUBACK has come; tells whether it answers a question of ours and is not for the device. */
    public boolean isOwnAnswer() {
        boolean own = unanswered.removeFirst();
        if (own) {
            openQuestions--;
            update();
        }
        return own;
    }

    /** Reads on or stops, by what the broker and its socket can take. */
    public void update() {
        device.config().setAutoRead(broker.isWritable() && openQuestions < MAX_OPEN_QUESTIONS);
    }
}
