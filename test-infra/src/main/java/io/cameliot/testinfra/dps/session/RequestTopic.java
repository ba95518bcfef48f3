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
package io.cameliot.testinfra.dps.session;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The topics to which a device may publish. */
sealed interface RequestTopic {

    /** The only filter to which a device may subscribe. */
    String RESPONSE_FILTER = "$dps/registrations/res/#";

    /**
     * The request id in the topic, for the answer. It is empty if there is none, which the service accepts: a request
     * with {@code rid} instead of {@code $rid} was observed to be answered with an empty {@code $rid}.
     */
    String rid();

    /** A register request. */
    record Register(String rid) implements RequestTopic {
        private static final String PREFIX = "$dps/registrations/PUT/iotdps-register/?";
    }

    /** A poll. The operation id is empty if the topic has none. */
    record Poll(String rid, String operationId) implements RequestTopic {
        private static final String PREFIX = "$dps/registrations/GET/iotdps-get-operationstatus/?";
    }

    /** Parses a topic; returns no value for an unsupported one. */
    static Optional<RequestTopic> parse(String topic) {
        if (topic.startsWith(Register.PREFIX)) {
            String query = topic.substring(Register.PREFIX.length());
            return Optional.of(new Register(property(query, "$rid")));
        }
        if (topic.startsWith(Poll.PREFIX)) {
            String query = topic.substring(Poll.PREFIX.length());
            return decode(property(query, "operationId"))
                    .map(operationId -> new Poll(property(query, "$rid"), operationId));
        }
        return Optional.empty();
    }

    private static String property(String query, String name) {
        for (String property : query.split("&")) {
            if (property.startsWith(name + "=")) {
                return property.substring(name.length() + 1);
            }
        }
        return "";
    }

    private static Optional<String> decode(String text) {
        try {
            // This decoder reads + as a space, but a topic name contains no +.
            return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
