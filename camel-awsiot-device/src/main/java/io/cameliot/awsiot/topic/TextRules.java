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
package io.cameliot.awsiot.topic;

import io.cameliot.common.mqtt.MqttText;
import io.cameliot.common.text.ForeignText;
import java.nio.charset.StandardCharsets;

/** Checks texts of options and headers. The exceptions name the option or header. */
public final class TextRules {

    private static final int MAX_CLIENT_ID_BYTES = 128;

    private static final int LARGEST_VALUE = 65_535;

    private TextRules() {}

    /**
     * Checks that MQTT can carry a text.
     *
     * @param holder names the option or header in the exception, such as {@code Option username}; the exception does not
     *     contain the text
     * @param text the text, may be null
     * @throws IllegalArgumentException if the text contains a character for which servers close the connection, or is too
     *     long
     */
    public static void requireMqttText(String holder, String text) {
        String forbidden = text == null ? null : MqttText.forbiddenCharacter(text);
        if (forbidden != null) {
            throw new IllegalArgumentException(
                    holder + " holds " + forbidden + ": MQTT servers close the connection for it");
        }
        if (text != null) {
            requireLength(holder, text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    /**
     * Checks that MQTT can carry a value of this length (MQTT 5 sections 1.5.4 and 1.5.6: two bytes hold the length).
     *
     * @param holder names the option or header in the exception
     * @throws IllegalArgumentException if it is too long
     */
    public static void requireLength(String holder, int bytes) {
        if (bytes > LARGEST_VALUE) {
            throw new IllegalArgumentException(
                    holder + " holds a value of " + bytes + " bytes: MQTT allows " + LARGEST_VALUE);
        }
    }

    /**
     * Checks option clientId.
     *
     * @throws IllegalArgumentException if AWS IoT Core does not take it
     */
    public static void requireClientId(String clientId) {
        int bytes = clientId.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_CLIENT_ID_BYTES || clientId.startsWith("$")) {
            throw new IllegalArgumentException("Option clientId '" + ForeignText.shown(clientId) + "' must have 1 to "
                    + MAX_CLIENT_ID_BYTES + " bytes and not start with $");
        }
        requireMqttText("Option clientId", clientId);
    }

    /**
     * Checks a topic name.
     *
     * @param holder names the option or header in the exception
     * @throws IllegalArgumentException if a client cannot publish to this topic
     */
    public static void requireTopicName(String holder, String topic) {
        try {
            TopicRules.requireTopicName(topic);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(holder + ": " + e.getMessage(), e);
        }
    }
}
