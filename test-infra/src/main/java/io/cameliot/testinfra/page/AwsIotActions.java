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
package io.cameliot.testinfra.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.cloud.Commands;
import io.cameliot.testinfra.awsiot.cloud.Thing;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.topic.TopicChecks;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the page's user does as the cloud. Each call may wait for the broker, so it needs a thread that may block. */
final class AwsIotActions {
    private static final Pattern THING_NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
    /** One level of a topic. */
    private static final Pattern CLIENT_ID = Pattern.compile("[^$/+#\\p{Cntrl}][^/+#\\p{Cntrl}]{0,127}");

    private static final Pattern SHADOW_NAME = Pattern.compile("[$a-zA-Z0-9:_-]{1,64}");

    private final AwsIotEmulator aws;

    AwsIotActions(AwsIotEmulator aws) {
        this.aws = aws;
    }

    ObjectNode publish(JsonNode request) throws BadRequestException {
        String topic = text(request, "topic");
        Optional<String> fault = TopicChecks.topicFault(topic);
        if (fault.isPresent()) {
            throw new BadRequestException("topic: " + fault.get());
        }
        int qos = request.path("qos").asInt(0);
        if (qos != 0 && qos != 1) {
            throw new BadRequestException("qos is 0 or 1");
        }
        aws.publish(topic, payload(request), qos, request.path("retained").asBoolean(false));
        return JsonReply.object().put("published", topic);
    }

    private static byte[] payload(JsonNode request) throws BadRequestException {
        String payload = request.path("payload").asText("");
        if (!request.path("encoding").asText("text").equals("hex")) {
            return payload.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return HexFormat.of().parseHex(payload.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("payload: hexadecimal digits come in pairs, such as 00 ff");
        }
    }

    ObjectNode disconnect(JsonNode request) throws BadRequestException {
        String clientId = text(request, "clientId");
        if (!aws.disconnect(clientId)) {
            throw new BadRequestException(clientId + " is not connected");
        }
        return JsonReply.object().put("disconnected", clientId);
    }

    ObjectNode changeShadow(JsonNode request) throws BadRequestException {
        Thing thing = aws.thing(thingName(request));
        String name = request.path("shadow").asText("");
        if (!name.isEmpty() && !SHADOW_NAME.matcher(name).matches()) {
            throw new BadRequestException("shadow: a name matches " + SHADOW_NAME);
        }
        ThingShadow shadow = name.isEmpty() ? thing.shadow() : thing.shadow(name);
        String state = object(request, "state");
        try {
            return JsonReply.object()
                    .put(
                            "version",
                            request.path("section").asText("desired").equals("reported")
                                    ? shadow.setReported(state)
                                    : shadow.setDesired(state));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("The shadow rejects it: " + e.getMessage());
        }
    }

    ObjectNode createJob(JsonNode request) throws BadRequestException {
        return JsonReply.object().put("job", aws.jobs().create(thingName(request), object(request, "document")));
    }

    ObjectNode sendCommand(JsonNode request) throws BadRequestException {
        byte[] payload = object(request, "payload").getBytes(StandardCharsets.UTF_8);
        return JsonReply.object()
                .put(
                        "command",
                        aws.commands()
                                .send(target(request), payload, "application/json", Commands.DEFAULT_TIMEOUT)
                                .executionId());
    }

    private static CommandTarget target(JsonNode request) throws BadRequestException {
        return request.hasNonNull("clientId")
                ? CommandTarget.client(clientId(request))
                : CommandTarget.thing(thingName(request));
    }

    ObjectNode replacePolicy(JsonNode request) throws BadRequestException {
        String clientId = text(request, "clientId");
        aws.policy(clientId, PolicyJson.read(request.path("policy")));
        return JsonReply.object().put("clientId", clientId);
    }

    static String clientId(JsonNode request) throws BadRequestException {
        String clientId = text(request, "clientId");
        if (!CLIENT_ID.matcher(clientId).matches()) {
            throw new BadRequestException("clientId: a client that gets commands has an id that matches " + CLIENT_ID);
        }
        return clientId;
    }

    static String thingName(JsonNode request) throws BadRequestException {
        String name = text(request, "thing");
        if (!THING_NAME.matcher(name).matches()) {
            throw new BadRequestException("thing: a name matches " + THING_NAME);
        }
        return name;
    }

    private static String text(JsonNode request, String field) throws BadRequestException {
        String value = request.path(field).asText("");
        if (value.isEmpty()) {
            throw new BadRequestException(field + " is missing");
        }
        return value;
    }

    private static String object(JsonNode request, String field) throws BadRequestException {
        JsonNode value = request.path(field);
        if (!value.isObject()) {
            throw new BadRequestException(field + " is a JSON object");
        }
        return JsonReply.text(value);
    }
}
