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
package io.cameliot.awsiot.topic;

/** Matches topics with topic filters and their wildcards (MQTT 3.1.1 section 4.7). */
public final class TopicFilter {

    private TopicFilter() {}

    /**
     * Returns whether a topic matches a filter. A filter that begins with a wildcard does not match a topic that begins
     * with {@code $} (section 4.7.2).
     *
     * @param filter a valid filter, without a {@code $share} prefix
     * @param topic a topic name
     */
    public static boolean matches(String filter, String topic) {
        int filterEnd = filter.length();
        int topicEnd = topic.length();
        if (topicEnd > 0 && topic.charAt(0) == '$' && filterEnd > 0 && isWildcard(filter.charAt(0))) {
            return false;
        }
        int t = 0;
        for (int f = 0; f < filterEnd; f++) {
            char c = filter.charAt(f);
            if (c == '#') {
                return true;
            }
            if (c == '+') {
                while (t < topicEnd && topic.charAt(t) != '/') {
                    t++;
                }
            } else if (t < topicEnd && topic.charAt(t) == c) {
                t++;
            } else {
                // "a/#" matches "a" too.
                return t == topicEnd && f + 2 == filterEnd && filter.endsWith("/#");
            }
        }
        return t == topicEnd;
    }

    /**
     * Returns whether a topic can match both filters.
     *
     * @param one a valid filter, without a {@code $share} prefix
     * @param other another one
     */
    public static boolean overlap(String one, String other) {
        if (isReservedBeside(one, other) || isReservedBeside(other, one)) {
            return false;
        }
        String[] ones = one.split("/", -1);
        String[] others = other.split("/", -1);
        int common = Math.min(ones.length, others.length);
        for (int i = 0; i < common; i++) {
            if (ones[i].equals("#") || others[i].equals("#")) {
                return true;
            }
            if (!ones[i].equals(others[i]) && !ones[i].equals("+") && !others[i].equals("+")) {
                return false;
            }
        }
        // "a/#" matches "a" too.
        String[] longer = ones.length > others.length ? ones : others;
        return longer.length == common || longer.length == common + 1 && longer[common].equals("#");
    }

    private static boolean isReservedBeside(String filter, String other) {
        return !filter.isEmpty() && filter.charAt(0) == '$' && !other.isEmpty() && isWildcard(other.charAt(0));
    }

    private static boolean isWildcard(char c) {
        return c == '+' || c == '#';
    }
}
