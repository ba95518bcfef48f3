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
import io.cameliot.common.mqtt.UserProperty;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
        TextRules.requireTopicName("Option willTopic", options.getWillTopic());
        ConnectionOptions.requireQos("willQos", options.getWillQos());
        String payload = options.getWillPayload() == null ? "" : options.getWillPayload();
        requireLength("willPayload", payload);
        return new Will(
                options.getWillTopic(), payload, options.getWillQos(), options.isWillRetained(), properties(options));
    }

    private static void requireNone(AwsIotDeviceConfiguration options) {
        Map<String, Object> needless = new LinkedHashMap<>();
        needless.put("willPayload", options.getWillPayload());
        needless.putAll(propertiesByOption(options));
        firstSet(needless).ifPresent(option -> {
            throw new IllegalArgumentException("Option " + option + " needs option willTopic");
        });
    }

    private static MessageProperties properties(AwsIotDeviceConfiguration options) {
        if (SessionOptions.version(options) != ProtocolVersion.V5) {
            firstSet(propertiesByOption(options)).ifPresent(option -> {
                throw new IllegalArgumentException(
                        "Option " + option + " needs mqttVersion=5: MQTT 3.1.1 has no message properties");
            });
            return MessageProperties.NONE;
        }
        TextRules.requireMqttText("Option willContentType", options.getWillContentType());
        if (options.getWillResponseTopic() != null) {
            TextRules.requireTopicName("Option willResponseTopic", options.getWillResponseTopic());
        }
        requireLength("willCorrelationData", options.getWillCorrelationData());
        return new MessageProperties(
                options.getWillContentType(),
                options.getWillResponseTopic(),
                options.getWillCorrelationData() == null
                        ? null
                        : options.getWillCorrelationData().getBytes(StandardCharsets.UTF_8),
                expirySeconds(options.getWillMessageExpiry()),
                true,
                userProperties(options.getWillUserProperties()));
    }

    /** The options that MQTT 3.1.1 has no place for; null for each that is not set. */
    private static Map<String, Object> propertiesByOption(AwsIotDeviceConfiguration options) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("willContentType", options.getWillContentType());
        properties.put("willMessageExpiry", options.getWillMessageExpiry());
        properties.put("willResponseTopic", options.getWillResponseTopic());
        properties.put("willCorrelationData", options.getWillCorrelationData());
        options.getWillUserProperties()
                .forEach((name, value) -> properties.put(AwsIotDeviceConfiguration.WILL_USER_PROPERTY + name, value));
        return properties;
    }

    private static Optional<String> firstSet(Map<String, Object> values) {
        return values.entrySet().stream()
                .filter(each -> each.getValue() != null)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Long expirySeconds(Duration expiry) {
        if (expiry == null) {
            return null;
        }
        if (expiry.toSeconds() < 1 || expiry.toSeconds() > LONGEST_EXPIRY_SECONDS) {
            throw new IllegalArgumentException("Option willMessageExpiry=" + TimeUnit.MILLISECONDS.convert(expiry)
                    + " ms is not between 1 second and 7 days");
        }
        return expiry.toSeconds();
    }

    private static List<UserProperty> userProperties(Map<String, Object> values) {
        List<UserProperty> pairs = new ArrayList<>();
        values.forEach((name, value) -> {
            String option = "Option " + AwsIotDeviceConfiguration.WILL_USER_PROPERTY + name;
            TextRules.requireMqttText(option, name);
            TextRules.requireMqttText(option, String.valueOf(value));
            pairs.add(new UserProperty(name, String.valueOf(value)));
        });
        return pairs.isEmpty() ? null : pairs;
    }

    private static void requireLength(String option, String text) {
        if (text != null) {
            TextRules.requireLength("Option " + option, text.getBytes(StandardCharsets.UTF_8).length);
        }
    }
}
