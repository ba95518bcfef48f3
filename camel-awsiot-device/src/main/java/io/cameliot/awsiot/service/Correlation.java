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
package io.cameliot.awsiot.service;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** How an answer is assigned to one of the requests to the same topic. */
public enum Correlation {
    /** By a token of the request that the answer repeats. Any number of requests can wait at a time. */
    CLIENT_TOKEN("/clientToken", "/clientToken"),
    /** By the topic only, so one request per topic can wait at a time. */
    TOPIC(null),
    /**
     * By the topic, so one report per thing can wait at a time. An answer with the id of another report is ignored. AWS
     * does not document the payload of the answers; the demo of its C SDK relies on the report id in accepted answers.
     */
    REPORT_ID("/reportId", "/header/report_id", "/hed/rid");

    private final JsonPointer inAnswer;
    private final List<JsonPointer> inRequest;

    Correlation(String inAnswer, String... inRequest) {
        this.inAnswer = inAnswer == null ? null : JsonPointer.compile(inAnswer);
        this.inRequest = Arrays.stream(inRequest).map(JsonPointer::compile).toList();
    }

    /**
     * Returns the token or id of a request.
     *
     * @param body body of a request; null if it is not JSON
     * @return null if the body contains none
     */
    String inRequest(JsonNode body) {
        return inRequest.stream()
                .map(place -> ServiceJson.text(body, place))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns the token or id of an answer.
     *
     * @param body body of an answer; null if it is not JSON
     * @return null if the body contains none
     */
    String inAnswer(JsonNode body) {
        return ServiceJson.text(body, inAnswer);
    }
}
