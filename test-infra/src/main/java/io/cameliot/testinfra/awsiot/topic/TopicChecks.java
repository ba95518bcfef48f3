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

import io.cameliot.testinfra.awsiot.gateway.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks topics and topic filters like AWS IoT Core: MQTT 3.1.1, section 4.7, within {@link Limits#TOPIC_BYTES} and
 * {@link Limits#TOPIC_SLASHES}. The prefixes {@code $aws/rules/<rule>/} (Basic Ingest) and {@code $share/<name>/} do
 * not count. Topics that AWS reserves ({@code $aws/} except Basic Ingest) may have any number of slashes; AWS documents
 * such as {@code $aws/commands/things/T/executions/E/response/accepted/json}.
 */
public final class TopicChecks {
    private static final Pattern BASIC_INGEST = Pattern.compile("\\$aws/rules/[^/]+/");
    private static final String RESERVED = "$aws/";
    private static final String RULES = "$aws/rules/";
    private static final String COMMANDS = "$aws/commands/";
    /** {@code $aws/commands/things/T/executions/E}. */
    private static final int EXECUTION_LEVEL = 5;

    private static final Pattern SHARE = Pattern.compile("\\$share/(?<name>[^/]*)/");
    private static final String SHARE_PREFIX = "$share/";
    private static final int SHARE_NAME_LENGTH = 128;

    private TopicChecks() {}

    /**
     * Checks the topic of a message.
     *
     * @return the fault, or empty
     */
    public static Optional<String> topicFault(String topic) {
        if (topic.isEmpty()) {
            return Optional.of("The topic is empty");
        }
        return isNoTopic(topic) ? Optional.of("A topic holds no wildcards") : sizeFault(topic);
    }

    /** Whether a text of any length cannot be a topic, because it is empty or contains wildcards. */
    public static boolean isNoTopic(String topic) {
        return topic.isEmpty() || hasWildcard(topic);
    }

    public static boolean hasWildcard(String filter) {
        return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
    }

    /**
     * Checks a topic filter.
     *
     * @return the fault, or empty
     */
    public static Optional<String> filterFault(String filter) {
        if (filter.startsWith(SHARE_PREFIX)) {
            Matcher share = SHARE.matcher(filter);
            if (!share.lookingAt()) {
                return Optional.of("A shared subscription is written $share/<name>/<filter>");
            }
            String name = share.group("name");
            if (name.isEmpty() || name.length() > SHARE_NAME_LENGTH || name.matches(".*[+#].*")) {
                return Optional.of("The name of a share has 1 to " + SHARE_NAME_LENGTH + " characters without / + #");
            }
        }
        String filterProper = withoutShare(filter);
        if (filterProper.isEmpty()) {
            return Optional.of("The topic filter is empty");
        }
        return hasMisplacedWildcard(filterProper)
                ? Optional.of("+ and # stand for whole levels, and # is the last one")
                : sizeFault(filter);
    }

    public static boolean isShared(String filter) {
        return filter.startsWith(SHARE_PREFIX);
    }

    /** The filter to match: the same one, or the part after {@code $share/<name>/}. */
    public static String withoutShare(String filter) {
        return isShared(filter) ? withoutPrefix(SHARE, filter) : filter;
    }

    private static String withoutPrefix(Pattern prefix, String text) {
        Matcher matcher = prefix.matcher(text);
        return matcher.lookingAt() ? text.substring(matcher.end()) : text;
    }

    /**
     * The filter to send to the broker, whose queues are named {@code <client id>.<filter>} and
     * {@code <share>.<filter>}. The prefix prevents a share and a client of the same name from using one queue.
     */
    public static String forBroker(String filter) {
        return isShared(filter) ? SHARE_PREFIX + "share:" + filter.substring(SHARE_PREFIX.length()) : filter;
    }

    /** Whether a level contains {@code +} or {@code #} and other characters, or {@code #} is not the last level. */
    public static boolean hasMisplacedWildcard(String filter) {
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            boolean wild = levels[i].indexOf('+') >= 0 || levels[i].indexOf('#') >= 0;
            if (wild && (levels[i].length() > 1 || (levels[i].equals("#") && i < levels.length - 1))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whether AWS IoT Core closes the connection of a client that subscribes to a filter. Among the topics of
     * commands it supports no wildcard but {@code +} for the execution. This is not documented, but was seen on AWS.
     *
     * @param filter a topic filter
     * @return whether it ends the connection
     */
    public static boolean isUnsupported(String filter) {
        String plain = withoutShare(filter);
        String[] levels = plain.split("/", -1);
        if (levels.length > EXECUTION_LEVEL && levels[EXECUTION_LEVEL].equals("+")) {
            levels[EXECUTION_LEVEL] = "";
        }
        return plain.startsWith(COMMANDS) && hasWildcard(String.join("/", levels));
    }

    private static Optional<String> sizeFault(String text) {
        String plain = withoutShare(text);
        String counted = withoutPrefix(BASIC_INGEST, plain);
        if (counted.getBytes(StandardCharsets.UTF_8).length > Limits.TOPIC_BYTES) {
            return Optional.of("A topic has at most " + Limits.TOPIC_BYTES + " bytes in UTF-8");
        }
        boolean reserved = plain.startsWith(RESERVED) && !plain.startsWith(RULES);
        return !reserved
                        && counted.chars().filter(character -> character == '/').count() > Limits.TOPIC_SLASHES
                ? Optional.of("A topic has at most " + Limits.TOPIC_SLASHES + " forward slashes")
                : Optional.empty();
    }
}
