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

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Assignment;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the emulator of Azure DPS knows, as JSON. Keys are not part of it. */
final class DpsView {
    private static final int MOST_DEVICES = 50;
    private static final int MOST_STEPS = 50;

    private final DpsEmulator dps;

    private record Step(Instant at, String text, String refusal) {}

    DpsView(DpsEmulator dps) {
        this.dps = dps;
    }

    /** Addresses, id scope and counters. */
    ObjectNode state() {
        ObjectNode json = JsonReply.object()
                .put("idScope", dps.idScope())
                .put("mqtt", dps.mqttAddress())
                .put("webSocket", dps.webSocketAddress())
                .put("hub", dps.hubAddress());
        json.putObject("counters")
                .put("open", dps.statistics().openConnections())
                .put("connects", dps.statistics().connects())
                .put("refusedConnects", dps.statistics().refusedConnects())
                .put("failedHandshakes", dps.statistics().failedHandshakes())
                .put("registers", dps.statistics().registers())
                .put("throttled", dps.statistics().throttled());
        return json;
    }

    /** Enrollments, and the registrations of each device step by step. */
    ObjectNode devices() {
        ObjectNode json = JsonReply.object();
        ArrayNode enrollments = json.putArray("enrollments");
        for (Enrollment enrollment : dps.enrollments()) {
            enrollments
                    .addObject()
                    .put("id", enrollment.id())
                    .put("group", enrollment.isGroup())
                    .put("attestation", enrollment.attestation().getClass().getSimpleName())
                    .put("hub", enrollment.hub().orElse(""))
                    .put("enabled", enrollment.isEnabled());
        }
        ArrayNode devices = json.putArray("devices");
        Map<String, Assignment> assigned = new LinkedHashMap<>();
        dps.assignedDevices().forEach(assignment -> assigned.put(key(assignment.registrationId()), assignment));
        Map<String, List<Step>> steps = steps();
        steps.entrySet().stream()
                .skip(Math.max(0, steps.size() - MOST_DEVICES))
                .forEach(device ->
                        devices.add(device(device.getKey(), device.getValue(), assigned.get(device.getKey()))));
        return json;
    }

    private Map<String, List<Step>> steps() {
        Map<String, List<Step>> steps = new LinkedHashMap<>();
        dps.connections().forEach(connect -> of(steps, connect.clientId()).add(step(connect)));
        dps.requests().forEach(request -> of(steps, request.registrationId()).add(step(request)));
        return steps;
    }

    private static List<Step> of(Map<String, List<Step>> steps, String registrationId) {
        return steps.computeIfAbsent(key(registrationId), id -> new ArrayList<>());
    }

    private static Step step(DpsConnect connect) {
        String how =
                (connect.webSocketPath().isPresent() ? "MQTT over WebSocket" : "MQTT") + ", " + connect.tlsVersion()
                        + connect.certificateSubject()
                                .map(subject -> ", certificate " + subject)
                                .orElse("");
        String answer = connect.returnCode().isPresent()
                ? "CONNACK " + connect.returnCode().getAsInt()
                : "no CONNACK";
        return new Step(connect.receivedAt(), "CONNECT (" + how + "): " + answer, connect.reason());
    }

    private static Step step(DpsRequest request) {
        String answer =
                request.status().isPresent() ? "status " + request.status().getAsInt() : "no answer";
        return new Step(
                request.receivedAt(), (request.isRegister() ? "Register: " : "Poll: ") + answer, request.reason());
    }

    private static ObjectNode device(String registrationId, List<Step> steps, Assignment assignment) {
        ObjectNode json = JsonReply.object().put("registrationId", registrationId);
        if (assignment != null) {
            json.putObject("assignment")
                    .put("hub", assignment.assignedHub())
                    .put("deviceId", assignment.deviceId())
                    .put("substatus", assignment.substatus());
        }
        ArrayNode shown = json.putArray("steps");
        steps.stream()
                .sorted(Comparator.comparing(Step::at))
                .skip(Math.max(0, steps.size() - MOST_STEPS))
                .forEach(step -> shown.addObject()
                        .put("at", step.at().toString())
                        .put("text", step.text())
                        .put("refusal", step.refusal()));
        return json;
    }

    private static String key(String registrationId) {
        return registrationId.toLowerCase(Locale.ROOT);
    }
}
