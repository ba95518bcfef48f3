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
package io.cameliot.azure.dps.wire;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of an answer's topic: {@code $dps/registrations/res/{status}/?$rid={request id}&retry-after={seconds}},
 * with the properties in any order.
 *
 * @param status the status of the request, with the meaning of an HTTP status
 * @param properties the decoded properties by their names as received
 */
public record ResponseTopic(int status, Map<String, String> properties) {

    private static final Pattern RESPONSE = Pattern.compile("\\$dps/registrations/res/([^/?]*)/?(?:\\?(.*))?");
    private static final Pattern STATUS = Pattern.compile("[1-5][0-9]{2}");
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,40}");
    private static final BigInteger LONGEST_RETRY_AFTER = BigInteger.valueOf(Integer.MAX_VALUE);

    public ResponseTopic {
        properties = Map.copyOf(properties);
    }

    /**
     * Parses a topic.
     *
     * @return the content; empty if the topic is not one of DPS answers
     * @throws IllegalArgumentException if the topic of an answer is malformed: the status is not a number, a property
     *     occurs twice, or the percent-encoding is invalid
     */
    public static Optional<ResponseTopic> parse(String topic) {
        Matcher response = RESPONSE.matcher(topic);
        if (!response.matches()) {
            return Optional.empty();
        }
        if (!STATUS.matcher(response.group(1)).matches()) {
            throw new IllegalArgumentException("the status is not a number of three digits");
        }
        return Optional.of(new ResponseTopic(Integer.parseInt(response.group(1)), properties(response.group(2))));
    }

    private static Map<String, String> properties(String query) {
        Map<String, String> properties = new HashMap<>();
        if (query != null) {
            for (String property : query.split("&")) {
                int equals = property.indexOf('=');
                String name = equals < 0 ? property : property.substring(0, equals);
                String value = equals < 0 ? "" : property.substring(equals + 1);
                if (!name.isEmpty()
                        && properties.put(PercentEncoding.decode(name), PercentEncoding.decode(value)) != null) {
                    throw new IllegalArgumentException("the property " + name + " is given twice");
                }
            }
        }
        return properties;
    }

    /** Returns whether this is the answer to the request with the given {@code $rid}. */
    public boolean answers(int requestId) {
        return Integer.toString(requestId).equals(properties.get("$rid"));
    }

    /**
     * Returns the time that the service asks to wait before the next request. The name of the property is not
     * case-sensitive.
     *
     * @return empty if the property is absent or its value is not a positive whole number
     */
    public Optional<Duration> retryAfter() {
        return properties.entrySet().stream()
                .filter(property -> property.getKey().equalsIgnoreCase("retry-after"))
                .map(property -> property.getValue().strip())
                .filter(value -> SECONDS.matcher(value).matches())
                .map(BigInteger::new)
                .filter(seconds -> seconds.signum() > 0)
                .map(seconds ->
                        Duration.ofSeconds(seconds.min(LONGEST_RETRY_AFTER).longValue()))
                .findFirst();
    }
}
