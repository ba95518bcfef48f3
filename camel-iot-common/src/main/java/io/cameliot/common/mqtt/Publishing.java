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
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the PUBLISH packets of one session, and remembers at QoS 1 who waits for the PUBACK. */
final class Publishing {

    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    private final TopicEncoder topics = new TopicEncoder();
    private final PacketOutput output;
    private final InFlight inFlight;
    private final MqttFailures failures;
    private final UnaryOperator<IOException> notSent;

    /**
     * @param inFlight shared with the other packets of the session that are answered
     * @param notSent tells the cause of a failure to write
     */
    Publishing(PacketOutput output, InFlight inFlight, MqttFailures failures, UnaryOperator<IOException> notSent) {
        this.output = output;
        this.inFlight = inFlight;
        this.failures = failures;
        this.notSent = notSent;
    }

    /** As {@link MqttSession#publish(String, byte[], int, boolean, boolean, PublishCallback)}. */
    void publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate, PublishCallback callback) {
        byte[] encodedTopic = topics.encode(topic);
        PacketEncoder.requirePublishable(encodedTopic, payload, qos);
        if (qos == 0) {
            byte[] head = PacketEncoder.publishHead(encodedTopic, payload.length, 0, retained, false, 0);
            try {
                output.send(head, payload, callback);
            } catch (IOException e) {
                Callbacks.complete(callback, notSent.apply(failures.explain(e)));
            }
            return;
        }
        int id = inFlight.add(callback, output.mark());
        if (id == 0) {
            Callbacks.complete(callback, notSent.apply(failures.noPacketId()));
            return;
        }
        byte[] head = PacketEncoder.publishHead(encodedTopic, payload.length, qos, retained, duplicate, id);
        try {
            output.send(head, payload, null);
        } catch (IOException e) {
            // Otherwise the end of the session has told the callback.
            if (inFlight.remove(id, PublishCallback.class) != null) {
                Callbacks.complete(callback, notSent.apply(failures.explain(e)));
            }
        }
    }

    /** As {@link MqttSession#tryPublish}. */
    boolean tryPublish(String topic, byte[] payload, boolean retained) {
        byte[] encodedTopic = topics.encode(topic);
        PacketEncoder.requirePublishable(encodedTopic, payload, 0);
        try {
            return output.trySend(
                    PacketEncoder.publishHead(encodedTopic, payload.length, 0, retained, false, 0), payload);
        } catch (IOException e) {
            LOG.debug("Not published, the connection has ended", e);
            return false;
        }
    }
}
