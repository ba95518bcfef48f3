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

/** What texts have to be that come in an option or a header, whose name the exception tells. */
public final class TextRules {

    private TextRules() {}

    /**
     * @param option names the text in the exception, which does not show it
     * @param text may be null
     * @throws IllegalArgumentException if servers close the connection for it
     */
    public static void requireMqttText(String option, String text) {
        String forbidden = text == null ? null : MqttText.forbiddenCharacter(text);
        if (forbidden != null) {
            throw new IllegalArgumentException(
                    "Option " + option + " holds " + forbidden + ": MQTT servers close the connection for it");
        }
    }

    /**
     * @param option names the topic in the exception
     * @throws IllegalArgumentException if nothing can be published to this topic
     */
    public static void requireTopicName(String option, String topic) {
        try {
            TopicRules.requireTopicName(topic);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option " + option + ": " + e.getMessage(), e);
        }
    }
}
