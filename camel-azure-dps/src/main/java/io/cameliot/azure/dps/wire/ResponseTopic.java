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
 * What the topic of an answer says: {@code $dps/registrations/res/{status}/?$rid={request id}&retry-after={seconds}},
 * with its properties in any order.
 *
 * @param status     the status of the request, with the meaning of an HTTP status
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
     * Reads a topic.
     *
     * @return empty if it is no answer of DPS at all
     * @throws IllegalArgumentException if it is one but is malformed: a status that is no number, a property given
     *                                  twice, a broken percent-encoding
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

    /** Whether this answers the request with the given {@code $rid}. */
    public boolean answers(int requestId) {
        return Integer.toString(requestId).equals(properties.get("$rid"));
    }

    /**
     * How long the service asks to wait before the next request. The property's name is matched in any case.
     *
     * @return empty if the service names no time, or none that can be waited for (no number, zero or negative)
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
