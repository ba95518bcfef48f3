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
package io.cameliot.awsiot.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.job.JobOutcome;
import io.cameliot.awsiot.report.ExecutionRejectedException;
import io.cameliot.awsiot.service.ServiceLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/** Creates the outcome of a job from the exchange of its route. */
final class JobOutcomes {

    /** The name of the status detail with the reason of a failure. */
    static final String REASON = "reason";

    private static final ObjectMapper JSON = new ObjectMapper();

    private JobOutcomes() {}

    /**
     * Creates an outcome.
     *
     * @param given the status details that entered the route; if the route has not changed them, only the report of a
     *     failure repeats them, because its reason replaces all details at AWS IoT
     */
    static JobOutcome of(Exchange exchange, Map<String, String> given) {
        Map<String, String> details = null;
        Throwable failure = FailureReason.of(exchange);
        boolean failed = FailureReason.isFailed(exchange);
        try {
            details = details(exchange, given);
        } catch (Throwable e) {
            // Errors too: the header is an object of the user, and the job needs an outcome.
            failure = failed ? failure : e;
            failed = true;
        }
        return failed ? failed(failure, details, given) : new JobOutcome(JobOutcome.Status.SUCCEEDED, details);
    }

    private static JobOutcome failed(Throwable failure, Map<String, String> details, Map<String, String> given) {
        Map<String, String> all = new LinkedHashMap<>(details == null ? given : details);
        if (details == null) {
            all.remove(REASON);
        }
        if (all.size() < ServiceLimits.MAX_DETAILS) {
            all.putIfAbsent(REASON, FailureReason.description(failure));
        }
        return new JobOutcome(
                failure instanceof ExecutionRejectedException ? JobOutcome.Status.REJECTED : JobOutcome.Status.FAILED,
                all);
    }

    /**
     * Reads the status details of the route.
     *
     * @return null if the route has set none
     * @throws IllegalArgumentException if AWS IoT would refuse them
     */
    private static Map<String, String> details(Exchange exchange, Map<String, String> given) {
        Object header = exchange.getMessage().getHeader(AwsIotDeviceConstants.STATUS_DETAILS);
        if (header == null || header.equals(given)) {
            return null;
        }
        Map<?, ?> map = map(header);
        if (map.size() > ServiceLimits.MAX_DETAILS) {
            throw refused("has " + map.size() + " entries: AWS IoT allows " + ServiceLimits.MAX_DETAILS);
        }
        Map<String, String> details = new LinkedHashMap<>();
        map.forEach((name, value) -> details.put(name(name), value(name, exchange, value)));
        return details;
    }

    /** Accepts JSON text too, because YAML and XML routes write it more easily than a Map. */
    private static Map<?, ?> map(Object header) {
        if (header instanceof Map<?, ?> map) {
            return map;
        }
        try {
            return JSON.readValue(String.valueOf(header), Map.class);
        } catch (JsonProcessingException e) {
            throw refused(
                    "is of type " + header.getClass().getName() + ", and neither a Map nor the text of a JSON object");
        }
    }

    private static String name(Object name) {
        String text = String.valueOf(name);
        if (!ServiceLimits.isDetailName(text)) {
            throw refused(
                    "has an entry '" + text + "': names have 1 to 128 letters (a to z), digits, ':', '_' and '-'");
        }
        return text;
    }

    private static String value(Object name, Exchange exchange, Object value) {
        String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, value);
        if (text == null || !ServiceLimits.isDetailValue(text)) {
            throw refused("has an entry '" + name + "' whose value is no " + ServiceLimits.DETAIL_VALUE);
        }
        return text;
    }

    private static IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("Header " + AwsIotDeviceConstants.STATUS_DETAILS + " " + reason);
    }
}
