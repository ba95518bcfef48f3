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

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The MQTT 5 properties of an application message (MQTT 5 section 3.3.2.3). A null component means that the message
 * does not have the property.
 *
 * @param contentType describes the payload, usually a MIME type
 * @param responseTopic topic name for the response
 * @param correlationData data that the response repeats
 * @param messageExpirySeconds seconds after which the server drops the message, 0 to 4,294,967,295
 * @param utf8Payload whether the payload is text in UTF-8 (payload format indicator)
 * @param userProperties in the order of transmission
 */
public record MessageProperties(
        String contentType,
        String responseTopic,
        byte[] correlationData,
        Long messageExpirySeconds,
        Boolean utf8Payload,
        List<UserProperty> userProperties) {

    public static final MessageProperties NONE = new MessageProperties(null, null, null, null, null, null);

    public MessageProperties {
        userProperties = userProperties == null ? null : List.copyOf(userProperties);
    }

    /** Two messages have equal properties if their correlation data has the same bytes, and all else is equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MessageProperties that
                && Arrays.equals(correlationData, that.correlationData)
                && Objects.equals(contentType, that.contentType)
                && Objects.equals(responseTopic, that.responseTopic)
                && Objects.equals(messageExpirySeconds, that.messageExpirySeconds)
                && Objects.equals(utf8Payload, that.utf8Payload)
                && Objects.equals(userProperties, that.userProperties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                contentType,
                responseTopic,
                Arrays.hashCode(correlationData),
                messageExpirySeconds,
                utf8Payload,
                userProperties);
    }

    /** Names the properties that are set and omits their values. */
    @Override
    public String toString() {
        StringBuilder names = new StringBuilder();
        append(names, "contentType", contentType);
        append(names, "responseTopic", responseTopic);
        append(names, "correlationData", correlationData);
        append(names, "messageExpiry", messageExpirySeconds);
        append(names, "payloadFormatIndicator", utf8Payload);
        append(names, "userProperties", userProperties);
        return "MessageProperties[" + names + "]";
    }

    private static void append(StringBuilder names, String name, Object value) {
        if (value != null) {
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
    }
}
