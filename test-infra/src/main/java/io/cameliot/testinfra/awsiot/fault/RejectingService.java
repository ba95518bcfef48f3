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
package io.cameliot.testinfra.awsiot.fault;

import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The services that reject requests, each with its codes. */
enum RejectingService {
    /** "Device Shadow error messages" in the Developer Guide. */
    SHADOWS("$aws/things/+/shadow/#", "400|401|403|404|409|413|415|429|500"),
    /** "ErrorResponse" of the Jobs MQTT API. */
    JOBS("$aws/things/+/jobs/#", RejectingService.ERROR_RESPONSES),
    /** "UpdateCommandExecution error codes" in the Developer Guide, and those in the AWS IoT Device SDK. */
    COMMANDS("$aws/commands/#", RejectingService.ERROR_RESPONSES + "|DataConflict"),
    /** AWS documents no codes of Device Defender. */
    METRICS("$aws/things/+/defender/#", "<word>"),
    /** AWS documents no codes of fleet provisioning. */
    CERTIFICATES("$aws/certificates/#", "<status> <word>"),
    /** As for {@link #CERTIFICATES}. */
    REGISTRATIONS("$aws/provisioning-templates/#", "<status> <word>");

    private static final String ERROR_RESPONSES =
            "InvalidTopic|InvalidJson|InvalidRequest|InvalidStateTransition|ResourceNotFound|VersionMismatch|InternalError"
                    + "|RequestThrottled|TerminalStateReached";

    private final String topicFilter;
    private final List<String> codes;

    RejectingService(String topicFilter, String codes) {
        this.topicFilter = topicFilter;
        this.codes = List.of(codes.split("\\|"));
    }

    /**
     * Checks the code of an injected rejection.
     *
     * @param topicFilter matches the topics of the requests
     * @throws IllegalArgumentException if the filter matches no requests, or if one of their services has no such code
     */
    static void check(String topicFilter, String code) {
        List<RejectingService> rejecting = Stream.of(values())
                .filter(service -> SessionFilters.overlap(topicFilter, service.topicFilter))
                .toList();
        if (rejecting.isEmpty()) {
            throw new IllegalArgumentException("The filter '" + topicFilter + "' matches no requests. Requests are at "
                    + Arrays.stream(values())
                            .map(service -> service.topicFilter)
                            .collect(Collectors.joining(", ")));
        }
        for (RejectingService service : rejecting) {
            if (service.codes.stream().noneMatch(allowed -> matches(allowed, code))) {
                throw new IllegalArgumentException("'" + code + "' is no code of a rejection of requests at "
                        + service.topicFilter + ", which the filter '" + topicFilter + "' matches. Allowed is "
                        + String.join(", ", service.codes));
            }
        }
    }

    private static boolean matches(String allowed, String code) {
        return Pattern.matches(allowed.replace("<status>", "[45][0-9]{2}").replace("<word>", "[0-9A-Za-z]+"), code);
    }
}
