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
package io.cameliot.common.mqtt.codec;

import io.cameliot.common.mqtt.MqttText;

/** Encodes topics and caches the latest one, because most messages go to the topic of the previous one. Thread-safe. */
public final class TopicEncoder {

    private volatile Encoded last = new Encoded("", new byte[0]);

    /**
     * Encodes a topic name.
     *
     * @return a shared array that must not be changed
     * @throws IllegalArgumentException if MQTT cannot carry the topic
     */
    public byte[] encode(String topic) {
        Encoded encoded = last;
        if (!encoded.topic.equals(topic)) {
            encoded = new Encoded(topic, MqttText.encode(topic, "topic"));
            last = encoded;
        }
        return encoded.bytes;
    }

    private record Encoded(String topic, byte[] bytes) {}
}
