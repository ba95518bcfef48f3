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
package io.cameliot.awsiot.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes and reads the messages of the jobs API.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html">Jobs device MQTT API
 *     operations</a>
 */
final class JobMessages {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The job id becomes a level of topics. */
    private static final Pattern JOB_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private JobMessages() {}

    /** Returns the request for the next job, with AWS IoT's defaults. */
    static byte[] startNext() {
        return "{}".getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the answer to {@code start-next}.
     *
     * @return null if there is no job
     * @throws IOException if the answer is not valid
     */
    static JobExecution started(byte[] answer) throws IOException {
        JsonNode json = read(answer);
        if (!json.isObject()) {
            throw unknown("The answer to a request for the next job is no JSON object", answer);
        }
        JsonNode execution = json.path("execution");
        if (!execution.isObject() || execution.isEmpty()) {
            return null;
        }
        String jobId = execution.path("jobId").asText("");
        if (!JOB_ID.matcher(jobId).matches()) {
            throw unknown("AWS IoT has started a job without a jobId of 1 to 64 letters, digits, '_' and '-'", answer);
        }
        return new JobExecution(
                new JobExecution.Key(
                        jobId,
                        execution.path("executionNumber").asLong(1),
                        execution.path("queuedAt").asLong()),
                texts(execution.path("statusDetails")),
                document(execution.path("jobDocument"), answer));
    }

    private static JsonNode read(byte[] json) throws IOException {
        assert !MqttThreads.isEventLoop() : "JSON is parsed on an event loop";
        return JSON.readTree(json);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.fields()
                .forEachRemaining(
                        field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private static IOException unknown(String what, byte[] answer) {
        return new IOException(what + ": " + ForeignText.shown(new String(answer, StandardCharsets.UTF_8)));
    }

    /** Returns the job document. MQTT answers contain an object; answers of the HTTPS API contain a string. */
    private static byte[] document(JsonNode document, byte[] answer) throws IOException {
        return document.isContainerNode()
                ? part(answer, "execution", "jobDocument")
                : document.asText("").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the unchanged bytes of a member, so that no number in it is rounded. */
    private static byte[] part(byte[] json, String... path) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            for (String name : path) {
                while (!name.equals(parser.nextFieldName())) {
                    if (!parser.hasCurrentToken()) {
                        throw unknown("A job has no member " + name, json);
                    }
                    parser.skipChildren();
                }
                parser.nextToken();
            }
            int begin = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            return Arrays.copyOfRange(
                    json, begin, (int) parser.currentLocation().getByteOffset());
        }
    }

    /**
     * Returns whether a {@code notify-next} message announces a job. Otherwise it says that no job is left.
     *
     * @return true for an unreadable message, because asking for a job does no harm
     */
    static boolean announcesJob(byte[] message) {
        try {
            return !read(message).path("execution").path("jobId").isMissingNode();
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Returns the report of an execution's end. It contains the execution number, so that it cannot end a later
     * execution. It contains no version: each progress report of the route changes the version, and AWS IoT refuses the
     * report of an ended execution in any case.
     */
    static byte[] report(JobExecution.Key job, JobOutcome outcome) {
        ObjectNode report = JSON.createObjectNode();
        report.put("status", outcome.status().name());
        report.put("executionNumber", job.executionNumber());
        if (outcome.statusDetails() != null) {
            report.set("statusDetails", JSON.valueToTree(outcome.statusDetails()));
        }
        return report.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the status of the execution that a rejected answer contains.
     *
     * @return null if it contains none
     */
    static String executionStatus(byte[] rejected) {
        try {
            return read(rejected).path("executionState").path("status").textValue();
        } catch (IOException e) {
            return null;
        }
    }
}
