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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.net.HttpReply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The requests of the page and of programs that want the same as JSON. A call may block. */
final class PageApi {
    private final Map<String, Call> calls = new TreeMap<>();
    private final EventLog log;
    private final AwsIotView awsView;
    private final DpsView dpsView;

    @FunctionalInterface
    private interface Call {
        JsonNode answer(JsonNode request) throws BadRequestException;
    }

    /**
     * Creates the API of two emulators.
     *
     * @param aws the emulator of AWS IoT Core
     * @param dps the emulator of Azure DPS
     * @param log what both record
     */
    PageApi(AwsIotEmulator aws, DpsEmulator dps, EventLog log) {
        this.log = log;
        awsView = new AwsIotView(aws);
        dpsView = new DpsView(dps);
        AwsIotActions actions = new AwsIotActions(aws);
        FaultSwitches faults = new FaultSwitches(aws, dps);
        calls.put("GET /api/state", request -> state());
        calls.put("GET /api/events", request -> EventJson.all(log));
        calls.put("GET /api/aws/things", request -> awsView.thingNames());
        calls.put("GET /api/aws/thing", request -> awsView.thing(AwsIotActions.thingName(request)));
        calls.put("GET /api/aws/provisioning", request -> awsView.provisioning());
        calls.put("POST /api/aws/publish", actions::publish);
        calls.put("POST /api/aws/disconnect", actions::disconnect);
        calls.put("POST /api/aws/shadow", actions::changeShadow);
        calls.put("POST /api/aws/job", actions::createJob);
        calls.put("POST /api/aws/command", actions::sendCommand);
        calls.put("GET /api/aws/commands", request -> awsView.commandsOf(AwsIotActions.clientId(request)));
        calls.put("POST /api/aws/policy", actions::replacePolicy);
        calls.put("GET /api/dps/devices", request -> dpsView.devices());
        calls.put("GET /api/faults", request -> faults.describe());
        calls.put("POST /api/faults", faults::inject);
        calls.put("DELETE /api/faults", request -> faults.clear());
    }

    /** Both emulators: addresses, counters, connections. */
    ObjectNode state() {
        ObjectNode json = JsonReply.object();
        json.set("aws", awsView.state());
        json.set("dps", dpsView.state());
        json.put("messagesOmitted", log.messages().omitted());
        return json.put("refusalsOmitted", log.refusals().omitted());
    }

    /**
     * Answers a request.
     *
     * @param method the HTTP method
     * @param path the path
     * @param parameters the query of GET
     * @param body the JSON body of POST
     */
    HttpReply answer(String method, String path, Map<String, List<String>> parameters, String body) {
        Call call = calls.get(method + " " + path);
        if (call == null) {
            boolean known = calls.keySet().stream().anyMatch(key -> key.endsWith(" " + path));
            return PageGuard.refusal(known ? 405 : 404, known ? "Not by " + method : "There is " + calls.keySet());
        }
        try {
            return JsonReply.of(200, call.answer(method.equals("POST") ? read(body) : json(parameters)));
        } catch (BadRequestException e) {
            return PageGuard.refusal(400, e.getMessage());
        } catch (IllegalStateException e) {
            return PageGuard.refusal(503, String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode read(String body) throws BadRequestException {
        try {
            JsonNode json = JsonReply.MAPPER.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw new BadRequestException("The body is a JSON object: " + e.getOriginalMessage());
        }
        throw new BadRequestException("The body is a JSON object");
    }

    private static JsonNode json(Map<String, List<String>> parameters) {
        ObjectNode json = JsonReply.object();
        parameters.forEach((name, values) -> json.put(name, values.get(0)));
        return json;
    }
}
