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
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import java.util.Arrays;
import java.util.List;

/**
 * The statements of a policy as an array of JSON objects with the fields of AWS. A resource is a client id, topic, topic
 * filter, thing or role alias, where AWS has an ARN that ends with it.
 */
final class PolicyJson {
    private static final String EFFECT = "Effect";
    private static final String ACTION = "Action";
    private static final String RESOURCE = "Resource";
    private static final String ALLOW = "Allow";
    private static final String DENY = "Deny";

    private PolicyJson() {}

    static ArrayNode write(DevicePolicy policy) {
        ArrayNode json = JsonReply.array();
        policy.statements().forEach(statement -> json.addObject()
                .put(EFFECT, statement.allow() ? ALLOW : DENY)
                .put(ACTION, statement.action().toString())
                .put(RESOURCE, statement.resource()));
        return json;
    }

    /**
     * Reads a policy.
     *
     * @throws BadRequestException if it is none; the message says what is allowed
     */
    static DevicePolicy read(JsonNode json) throws BadRequestException {
        if (!json.isArray()) {
            throw new BadRequestException("policy is a JSON array of statements with Effect, Action and Resource");
        }
        DevicePolicy policy = DevicePolicy.DENY_ALL;
        for (JsonNode statement : json) {
            Action action = action(statement.path(ACTION).asText());
            String resource = statement.path(RESOURCE).asText();
            if (resource.isEmpty()) {
                throw new BadRequestException("Resource is a client id, topic, topic filter, thing or role alias");
            }
            policy = switch (statement.path(EFFECT).asText()) {
                case ALLOW -> policy.allow(action, resource);
                case DENY -> policy.deny(action, resource);
                default -> throw new BadRequestException("Effect is Allow or Deny");
            };
        }
        return policy;
    }

    private static Action action(String name) throws BadRequestException {
        List<Action> actions = Arrays.asList(Action.values());
        return actions.stream()
                .filter(action -> action.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadRequestException("Action is one of " + actions));
    }
}
