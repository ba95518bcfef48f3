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
package io.cameliot.awsiot;

import io.cameliot.awsiot.topic.TextRules;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest.Will;
import io.cameliot.common.mqtt.ProtocolVersion;

/** Checks the options of the last will. */
final class WillOptions {

    private static final long LONGEST_EXPIRY_SECONDS = 604_800;

    private WillOptions() {}

    /**
     * Checks the options and creates the last will.
     *
     * @return null if there is no last will
     * @throws IllegalArgumentException if an option is wrong; the message names the first such option, its value and
     *     the allowed values
     */
    static Will check(AwsIotDeviceConfiguration options) {
        if (options.getWillTopic() == null) {
            requireNone(options);
            return null;
        }
        TextRules.requireTopicName("willTopic", options.getWillTopic());
        ConnectionOptions.requireQos("willQos", options.getWillQos());
        String payload = options.getWillPayload() == null ? "" : options.getWillPayload();
        return new Will(
                options.getWillTopic(), payload, options.getWillQos(), options.isWillRetained(), properties(options));
    }

    private static void requireNone(AwsIotDeviceConfiguration options) {
        requireNone("willPayload", options.getWillPayload());
        requireNone("willContentType", options.getWillContentType());
        requireNone("willMessageExpiry", options.getWillMessageExpiry());
    }

    private static void requireNone(String option, Object value) {
        if (value != null) {
            throw new IllegalArgumentException("Option " + option + " needs option willTopic");
        }
    }

    private static MessageProperties properties(AwsIotDeviceConfiguration options) {
        String contentType = options.getWillContentType();
        Long expiry = options.getWillMessageExpiry() == null
                ? null
                : options.getWillMessageExpiry().toSeconds();
        if (SessionOptions.version(options) != ProtocolVersion.V5) {
            if (contentType != null || expiry != null) {
                throw new IllegalArgumentException(
                        "Option " + (contentType != null ? "willContentType" : "willMessageExpiry")
                                + " needs mqttVersion=5: MQTT 3.1.1 has no message properties");
            }
            return MessageProperties.NONE;
        }
        TextRules.requireMqttText("willContentType", contentType);
        if (expiry != null && (expiry < 1 || expiry > LONGEST_EXPIRY_SECONDS)) {
            throw new IllegalArgumentException("Option willMessageExpiry="
                    + options.getWillMessageExpiry().toMillis() + " ms is not between 1 second and 7 days");
        }
        return new MessageProperties(contentType, null, null, expiry, true, null);
    }
}
