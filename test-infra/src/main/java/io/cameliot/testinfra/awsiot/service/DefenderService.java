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
package io.cameliot.testinfra.awsiot.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code $aws/things/<thing>/defender/metrics/json}: accepts and discards the metrics of things if their report ids
 * increase. The format of the answers is not documented; this one can be read by AWS's embedded library. Reports in
 * CBOR are not supported, and the report rate is not checked.
 */
final class DefenderService {
    private static final Pattern REPORT =
            Pattern.compile("\\$aws/things/(?<thing>" + ResourceNames.THING + ")/defender/metrics/json");

    private final InstantSource clock;
    /** The latest report id by thing. */
    private final Map<String, Long> lastReportIds = new HashMap<>();

    DefenderService(InstantSource clock) {
        this.clock = clock;
    }

    Optional<RecognizedRequest> recognize(String topic) {
        Matcher matcher = REPORT.matcher(topic);
        return matcher.matches() ? Optional.of(new Request(matcher.group("thing"), topic)) : Optional.empty();
    }

    private synchronized boolean rises(String thing, long reportId) {
        Long last = lastReportIds.get(thing);
        if (last != null && reportId <= last) {
            return false;
        }
        lastReportIds.put(thing, reportId);
        return true;
    }

    private final class Request implements RecognizedRequest {
        private final String thing;
        private final String topic;

        Request(String thing, String topic) {
            this.thing = thing;
            this.topic = topic;
        }

        @Override
        public ServiceReply handle(byte[] payload) {
            ObjectNode report;
            try {
                report = StrictJson.read(payload);
            } catch (NotJsonException e) {
                return rejected(StrictJson.object(), "InvalidPayload", e.getMessage());
            }
            JsonNode reportId = reportId(report);
            if (!reportId.isIntegralNumber()) {
                return rejected(report, "InvalidPayload", "The header has no report_id, or it is no whole number");
            }
            if (!either(report, "metrics", "met").isObject()
                    && !either(report, "custom_metrics", "cmet").isObject()) {
                return rejected(report, "InvalidPayload", "There are no metrics");
            }
            if (!rises(thing, reportId.longValue())) {
                return rejected(report, "InvalidPayload", "The report_id does not rise");
            }
            return ServiceReply.of(ServiceMessage.publish(topic + "/accepted", answer(report, "ACCEPTED")));
        }

        @Override
        public ServiceReply reject(byte[] payload, String code, String message) {
            try {
                return rejected(StrictJson.read(payload), code, message);
            } catch (NotJsonException e) {
                return rejected(StrictJson.object(), code, message);
            }
        }

        private ServiceReply rejected(ObjectNode report, String code, String message) {
            ObjectNode answer = answer(report, "REJECTED");
            answer.putObject("statusDetails").put("ErrorCode", code).put("ErrorMessage", message);
            return ServiceReply.of(ServiceMessage.publish(topic + "/rejected", answer));
        }

        private ObjectNode answer(ObjectNode report, String status) {
            ObjectNode answer = StrictJson.object().put("thingName", thing);
            JsonNode reportId = reportId(report);
            if (!reportId.isMissingNode()) {
                answer.set("reportId", reportId);
            }
            return answer.put("status", status).put("timestamp", clock.instant().toEpochMilli());
        }

        /** Reads a name that may be abbreviated. */
        private static JsonNode reportId(ObjectNode report) {
            return either(either(report, "header", "hed"), "report_id", "rid");
        }

        private static JsonNode either(JsonNode object, String name, String shortName) {
            return object.has(name) ? object.path(name) : object.path(shortName);
        }
    }
}
