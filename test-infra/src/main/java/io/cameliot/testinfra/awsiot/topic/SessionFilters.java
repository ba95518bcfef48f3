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
package io.cameliot.testinfra.awsiot.topic;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topic filters of a session. The broker has them too; these serve the cases in which AWS IoT Core deviates from
 * MQTT: {@code sensor/#} does not match {@code sensor}, and a retained message is delivered for an exact filter only.
 */
public final class SessionFilters {
    private static final String AND_BELOW = "/#";

    /** The requested QoS by filter. */
    private final Map<String, Integer> filters = new ConcurrentHashMap<>();
    /** The filters that end with {@code /#}, without that ending. */
    private final Set<String> parents = ConcurrentHashMap.newKeySet();

    /**
     * Adds a filter.
     *
     * @param qos the requested QoS
     */
    public void add(String filter, int qos) {
        filters.put(filter, qos);
        String matched = TopicChecks.withoutShare(filter);
        if (matched.endsWith(AND_BELOW)) {
            parents.add(parentOf(matched));
        }
    }

    public void remove(String filter) {
        filters.remove(filter);
        parents.clear();
        filters.keySet().stream()
                .map(TopicChecks::withoutShare)
                .filter(matched -> matched.endsWith(AND_BELOW))
                .map(SessionFilters::parentOf)
                .forEach(parents::add);
    }

    public void clear() {
        filters.clear();
        parents.clear();
    }

    public boolean contains(String filter) {
        return filters.containsKey(filter);
    }

    public int size() {
        return filters.size();
    }

    public Set<String> all() {
        return Set.copyOf(filters.keySet());
    }

    /**
     * Whether AWS would deliver a message of the broker to the client.
     *
     * @param topic its topic
     * @param retained whether it is a retained message
     */
    public boolean delivers(String topic, boolean retained) {
        if (retained) {
            return filters.containsKey(topic);
        }
        return parents.isEmpty() || !matchesAsParent(topic) || matchesOtherwise(topic);
    }

    private boolean matchesAsParent(String topic) {
        return parents.stream().anyMatch(parent -> matches(parent, topic));
    }

    private boolean matchesOtherwise(String topic) {
        return filters.keySet().stream().map(TopicChecks::withoutShare).anyMatch(filter -> matches(filter, topic));
    }

    /**
     * The QoS of the subscription to a topic.
     *
     * @return the highest QoS of the matching filters; empty if none matches
     */
    public OptionalInt qosFor(String topic) {
        return filters.entrySet().stream()
                .filter(filter -> matches(TopicChecks.withoutShare(filter.getKey()), topic))
                .mapToInt(Map.Entry::getValue)
                .max();
    }

    private static String parentOf(String filter) {
        return filter.substring(0, filter.length() - AND_BELOW.length());
    }

    /** Matches by levels like AWS: {@code #} matches one or more levels. */
    public static boolean matches(String filter, String topic) {
        String[] wanted = filter.split("/", -1);
        String[] levels = topic.split("/", -1);
        if (topic.startsWith("$") && (wanted[0].equals("+") || wanted[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return levels.length > i;
            }
            if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }

    /**
     * Whether a topic exists that both filters match.
     *
     * @param other a filter without a wildcard in its first level
     */
    public static boolean overlap(String filter, String other) {
        String[] wanted = filter.split("/", -1);
        String[] others = other.split("/", -1);
        if (other.startsWith("$") && !wanted[0].equals(others[0])) {
            return false;
        }
        for (int i = 0; i < Math.min(wanted.length, others.length); i++) {
            if (wanted[i].equals("#") || others[i].equals("#")) {
                return true;
            }
            if (!(wanted[i].equals("+") || others[i].equals("+") || wanted[i].equals(others[i]))) {
                return false;
            }
        }
        return wanted.length == others.length;
    }
}
