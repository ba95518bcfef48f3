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
package io.cameliot.awsiot.message;

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.topic.TextRules;
import io.cameliot.common.camel.PayloadBytes;
import io.cameliot.common.header.HeaderValues;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Maps the MQTT 5 properties of a message to headers of an exchange and back. The user properties of others share one
 * header: they never become headers with names of their own.
 */
public final class MessagePropertyHeaders {

    /** The headers that hold the properties. */
    public static final List<String> NAMES = List.of(
            AwsIotDeviceConstants.CONTENT_TYPE,
            AwsIotDeviceConstants.RESPONSE_TOPIC,
            AwsIotDeviceConstants.MESSAGE_EXPIRY,
            AwsIotDeviceConstants.USER_PROPERTIES,
            AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR,
            AwsIotDeviceConstants.CORRELATION_DATA);

    private static final String UTF8_DATA = "UTF8_DATA";
    private static final String UNSPECIFIED_BYTES = "UNSPECIFIED_BYTES";

    /** Four bytes, unsigned (MQTT 5 section 3.3.2.3.3). */
    private static final long LARGEST_EXPIRY = 0xFFFF_FFFFL;

    private MessagePropertyHeaders() {}

    /**
     * Reads the properties from the headers.
     *
     * @return {@link MessageProperties#NONE} if there are no such headers
     * @throws IllegalArgumentException if a header has an invalid value; the message names the header
     */
    public static MessageProperties read(Exchange exchange) {
        Message message = exchange.getMessage();
        if (!areIn(message)) {
            return MessageProperties.NONE;
        }
        return new MessageProperties(
                text(message, AwsIotDeviceConstants.CONTENT_TYPE),
                responseTopic(message),
                correlationData(exchange),
                expiry(message),
                isUtf8(message),
                userProperties(message));
    }

    private static boolean areIn(Message message) {
        if (!message.hasHeaders()) {
            return false;
        }
        for (String header : NAMES) {
            if (message.getHeader(header) != null) {
                return true;
            }
        }
        return false;
    }

    private static String responseTopic(Message message) {
        String topic = text(message, AwsIotDeviceConstants.RESPONSE_TOPIC);
        if (topic != null) {
            TextRules.requireTopicName("Header " + AwsIotDeviceConstants.RESPONSE_TOPIC, topic);
        }
        return topic;
    }

    private static byte[] correlationData(Exchange exchange) {
        Object data = exchange.getMessage().getHeader(AwsIotDeviceConstants.CORRELATION_DATA);
        if (data == null) {
            return null;
        }
        byte[] bytes = PayloadBytes.of(exchange, data, "header " + AwsIotDeviceConstants.CORRELATION_DATA);
        TextRules.requireLength("Header " + AwsIotDeviceConstants.CORRELATION_DATA, bytes.length);
        return bytes;
    }

    private static Long expiry(Message message) {
        Long seconds = HeaderValues.seconds(message, AwsIotDeviceConstants.MESSAGE_EXPIRY);
        if (seconds != null && (seconds < 0 || seconds > LARGEST_EXPIRY)) {
            throw new IllegalArgumentException("Header " + AwsIotDeviceConstants.MESSAGE_EXPIRY + "=" + seconds
                    + " is not between 0 and " + LARGEST_EXPIRY + " seconds");
        }
        return seconds;
    }

    private static Boolean isUtf8(Message message) {
        String indicator = text(message, AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR);
        if (indicator == null) {
            return null;
        }
        return switch (indicator) {
            case UTF8_DATA -> true;
            case UNSPECIFIED_BYTES -> false;
            default ->
                throw new IllegalArgumentException("Header " + AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR + "="
                        + indicator + " is not one of [" + UTF8_DATA + ", " + UNSPECIFIED_BYTES + "]");
        };
    }

    private static List<UserProperty> userProperties(Message message) {
        Map<?, ?> byName = HeaderValues.map(message, AwsIotDeviceConstants.USER_PROPERTIES);
        if (byName == null) {
            return null;
        }
        List<UserProperty> pairs = new ArrayList<>();
        byName.forEach((name, value) -> {
            for (Object each : value instanceof Collection<?> values ? values : List.of(String.valueOf(value))) {
                pairs.add(new UserProperty(userText(name), userText(each)));
            }
        });
        return pairs.isEmpty() ? null : pairs;
    }

    private static String userText(Object value) {
        return checked(AwsIotDeviceConstants.USER_PROPERTIES, String.valueOf(value));
    }

    private static String text(Message message, String header) {
        return checked(header, HeaderValues.text(message, header));
    }

    /** Checks a text that MQTT carries to the receivers, also if it is published by HTTPS. */
    private static String checked(String header, String text) {
        TextRules.requireMqttText("Header " + header, text);
        return text;
    }

    /** Sets the headers of the properties that a message has. */
    static void write(MessageProperties properties, Message message) {
        if (properties == MessageProperties.NONE) {
            return;
        }
        set(message, AwsIotDeviceConstants.CONTENT_TYPE, properties.contentType());
        set(message, AwsIotDeviceConstants.RESPONSE_TOPIC, properties.responseTopic());
        set(message, AwsIotDeviceConstants.CORRELATION_DATA, properties.correlationData());
        set(message, AwsIotDeviceConstants.MESSAGE_EXPIRY, properties.messageExpirySeconds());
        if (properties.utf8Payload() != null) {
            // A new object, so that its identity distinguishes it from a value that a route sets.
            message.setHeader(
                    AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR,
                    new String(properties.utf8Payload() ? UTF8_DATA : UNSPECIFIED_BYTES));
        }
        if (properties.userProperties() != null) {
            message.setHeader(AwsIotDeviceConstants.USER_PROPERTIES, byName(properties.userProperties()));
        }
    }

    private static void set(Message message, String header, Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }

    /** Maps a name that occurs once to its value, and a name that occurs more often to a list of its values. */
    private static Map<String, Object> byName(List<UserProperty> pairs) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        pairs.forEach(pair ->
                values.computeIfAbsent(pair.name(), name -> new ArrayList<>()).add(pair.value()));
        Map<String, Object> byName = new LinkedHashMap<>();
        values.forEach((name, all) -> byName.put(name, all.size() == 1 ? all.get(0) : all));
        return byName;
    }
}
