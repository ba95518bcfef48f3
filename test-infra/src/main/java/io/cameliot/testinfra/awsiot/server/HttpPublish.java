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
package io.cameliot.testinfra.awsiot.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.UriEncoding;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.topic.TopicChecks;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.BinaryProperty;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttProperties.UserProperties;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the message from {@code POST /topics/<topic>} ("Publish", AWS IoT data plane API reference). */
final class HttpPublish {
    static final String PATH = "/topics/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,18}");

    private HttpPublish() {}

    /** The request is invalid. The message is sent to the client. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    /**
     * Reads a request.
     *
     * @param path the path of the request, encoded
     * @param query its query, encoded
     * @throws InvalidException if AWS would answer with status 400
     */
    static BrokerMessage parse(String path, String query, HttpHeaders headers, byte[] body) throws InvalidException {
        try {
            String topic = UriEncoding.decode(path.substring(PATH.length()));
            Optional<String> fault = TopicChecks.topicFault(topic);
            if (fault.isPresent()) {
                throw new InvalidException("Invalid topic: " + fault.get());
            }
            Map<String, String> parameters = new HashMap<>();
            UriEncoding.parameters(query).forEach(parameter -> parameters.put(parameter.name(), parameter.value()));
            return new BrokerMessage(
                    topic,
                    body,
                    oneOf(parameters, "qos", "0", List.of("0", "1")).equals("1") ? 1 : 0,
                    oneOf(parameters, "retain", "false", List.of("true", "false"))
                            .equals("true"),
                    properties(parameters, headers));
        } catch (IllegalArgumentException e) {
            throw new InvalidException("Invalid encoding: " + e.getMessage());
        }
    }

    private static String oneOf(Map<String, String> parameters, String name, String otherwise, List<String> allowed)
            throws InvalidException {
        String value = parameters.getOrDefault(name, otherwise);
        if (!allowed.contains(value)) {
            throw new InvalidException("Invalid value for " + name + ": " + value + " is none of " + allowed);
        }
        return value;
    }

    private static MqttProperties properties(Map<String, String> parameters, HttpHeaders headers)
            throws InvalidException {
        MqttProperties properties = new MqttProperties();
        if (parameters.containsKey("contentType")) {
            properties.add(new StringProperty(MqttPropertyType.CONTENT_TYPE.value(), parameters.get("contentType")));
        }
        if (parameters.containsKey("responseTopic")) {
            properties.add(new StringProperty(
                    MqttPropertyType.RESPONSE_TOPIC.value(), responseTopic(parameters.get("responseTopic"))));
        }
        if (parameters.containsKey("messageExpiry")) {
            properties.add(new IntegerProperty(
                    MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL.value(), expiry(parameters.get("messageExpiry"))));
        }
        String indicator = headers.get("x-amz-mqtt5-payload-format-indicator");
        if (indicator != null) {
            properties.add(
                    new IntegerProperty(MqttPropertyType.PAYLOAD_FORMAT_INDICATOR.value(), payloadFormat(indicator)));
        }
        String correlation = headers.get("x-amz-mqtt5-correlation-data");
        if (correlation != null) {
            properties.add(new BinaryProperty(
                    MqttPropertyType.CORRELATION_DATA.value(),
                    Base64.getDecoder().decode(correlation)));
        }
        String userProperties = headers.get("x-amz-mqtt5-user-properties");
        if (userProperties != null) {
            properties.add(new UserProperties(userProperties(userProperties)));
        }
        return properties;
    }

    private static String responseTopic(String topic) throws InvalidException {
        Optional<String> fault = TopicChecks.topicFault(topic);
        if (fault.isPresent()) {
            throw new InvalidException("Invalid responseTopic: " + fault.get());
        }
        return topic;
    }

    private static int expiry(String seconds) throws InvalidException {
        if (!SECONDS.matcher(seconds).matches()) {
            throw new InvalidException("Invalid messageExpiry: it is a number of seconds");
        }
        long asked = Long.parseLong(seconds);
        if (asked < 0) {
            throw new InvalidException("Invalid messageExpiry: it must not be negative");
        }
        return Mqtt5Properties.messageExpirySeconds(asked);
    }

    private static int payloadFormat(String indicator) throws InvalidException {
        return switch (indicator) {
            case "UNSPECIFIED_BYTES" -> 0;
            case "UTF8_DATA" -> 1;
            default ->
                throw new InvalidException("Invalid payload format indicator: it is UNSPECIFIED_BYTES or UTF8_DATA");
        };
    }

    /** Decodes base64 of a JSON array of objects with one member each. */
    private static List<StringPair> userProperties(String encoded) throws InvalidException {
        JsonNode array;
        try {
            array = JSON.readTree(Base64.getDecoder().decode(encoded));
        } catch (IOException e) {
            throw new InvalidException("Invalid user properties: not JSON");
        }
        List<StringPair> pairs = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isObject()
                    || element.size() != 1
                    || !element.elements().next().isTextual()) {
                throw new InvalidException("Invalid user properties: an array of objects with one text each");
            }
            pairs.add(new StringPair(
                    element.fieldNames().next(), element.elements().next().textValue()));
        }
        return pairs;
    }
}
