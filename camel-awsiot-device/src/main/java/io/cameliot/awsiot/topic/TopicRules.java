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

import io.cameliot.common.mqtt.MqttText;
import io.cameliot.common.text.ForeignText;
import java.nio.charset.StandardCharsets;

/**
 * Checks topic names and topic filters against MQTT 3.1.1 section 4.7 and the limits of AWS IoT Core.
 *
 * @see <a href="https://docs.aws.amazon.com/general/latest/gr/iot-core.html">AWS IoT Core endpoints and quotas</a>
 */
public final class TopicRules {

    /** Maximum length of a topic in UTF-8 bytes. */
    public static final int MAX_TOPIC_BYTES = 256;
    /** Maximum number of slashes in a topic, which then has one more level. Topics reserved by AWS may have more. */
    public static final int MAX_SLASHES = 7;
    /** Maximum length of the name of a shared subscription group, in characters. */
    public static final int MAX_SHARE_NAME = 128;

    private static final String RESERVED = "$aws/";
    private static final String BASIC_INGEST = "$aws/rules/";
    private static final String SHARE = "$share/";
    private static final String COMMANDS = "$aws/commands/";
    /** Index of the execution's level in {@code $aws/commands/things/<thing>/executions/<execution>/…}. */
    private static final int EXECUTION_LEVEL = 5;

    private TopicRules() {}

    /**
     * Checks a topic name.
     *
     * @throws IllegalArgumentException if a client cannot publish to this topic
     */
    public static void requireTopicName(String topic) {
        requireText("topic", topic);
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "Topic '" + topic + "' has a wildcard (+ or #): only a consumer's topic filter may have one");
        }
        if (topic.startsWith(SHARE)) {
            throw new IllegalArgumentException(
                    "Topic '" + topic + "' starts with $share/, which is for a consumer's topic filter only");
        }
        requireLimits("Topic", topic, withoutBasicIngestPrefix(topic), isReserved(topic));
    }

    /**
     * Checks the response topic of a received message. Topics that begin with a dollar sign are forbidden, because a
     * stranger could otherwise make the device change its shadow or end its jobs.
     *
     * @throws IllegalArgumentException if the topic is not a valid topic name or begins with a dollar sign
     */
    public static void requireResponseTopic(String topic) {
        requireTopicName(topic);
        if (topic.startsWith("$")) {
            throw new IllegalArgumentException("Topic '" + topic + "' is reserved: no answer goes there");
        }
    }

    /**
     * Checks a topic filter.
     *
     * @throws IllegalArgumentException if the filter is invalid or AWS IoT Core would refuse it
     */
    public static void requireTopicFilter(String filter) {
        requireText("topic filter", filter);
        String plain = withoutSharePrefix(filter);
        if (plain.startsWith(BASIC_INGEST)) {
            throw new IllegalArgumentException(
                    "Topic filter '" + filter + "': Basic Ingest topics ($aws/rules/) can be published to only");
        }
        String[] levels = plain.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            boolean wildcard = level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
            if (wildcard && level.length() > 1) {
                throw new IllegalArgumentException(
                        "Topic filter '" + filter + "': the wildcard in level '" + level + "' must be the whole level");
            }
            if (level.equals("#") && i < levels.length - 1) {
                throw new IllegalArgumentException(
                        "Topic filter '" + filter + "': the wildcard # must be the last level");
            }
            if (wildcard && plain.startsWith(COMMANDS) && !(i == EXECUTION_LEVEL && level.equals("+"))) {
                throw new IllegalArgumentException(
                        "Topic filter '" + filter + "': AWS IoT Core closes the connection for"
                                + " a wildcard in level '" + level
                                + "' of a command's topic, where only the execution may be +, as"
                                + " in $aws/commands/things/<thing>/executions/+/request/json (or …/request/cbor, or …/request for"
                                + " all other formats)");
            }
        }
        requireLimits("Topic filter", filter, plain, isReserved(plain));
    }

    /** Returns whether a filter is that of a shared subscription. */
    public static boolean isShared(String filter) {
        return filter.startsWith(SHARE);
    }

    /** Returns a filter without the prefix of a shared subscription. Topics are matched with this part. */
    public static String withoutSharePrefix(String filter) {
        if (!isShared(filter)) {
            return filter;
        }
        int end = filter.indexOf('/', SHARE.length());
        String name = end < 0 ? filter.substring(SHARE.length()) : filter.substring(SHARE.length(), end);
        if (end < 0 || end == filter.length() - 1 || name.isEmpty()) {
            throw new IllegalArgumentException("Topic filter '" + filter + "' is not of the form $share/group/filter");
        }
        if (name.length() > MAX_SHARE_NAME || name.indexOf('+') >= 0 || name.indexOf('#') >= 0) {
            throw new IllegalArgumentException("Topic filter '" + filter + "': the group name may have up to "
                    + MAX_SHARE_NAME + " characters and no + or #");
        }
        return filter.substring(end + 1);
    }

    private static String withoutBasicIngestPrefix(String topic) {
        if (!topic.startsWith(BASIC_INGEST)) {
            return topic;
        }
        int end = topic.indexOf('/', BASIC_INGEST.length());
        if (end == BASIC_INGEST.length() || topic.length() == BASIC_INGEST.length()) {
            throw new IllegalArgumentException("Topic '" + topic + "' names no rule after $aws/rules/");
        }
        return end < 0 ? "" : topic.substring(end + 1);
    }

    private static void requireText(String what, String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("The " + what + " is empty");
        }
        String forbidden = MqttText.forbiddenCharacter(text);
        if (forbidden != null) {
            throw new IllegalArgumentException("The " + what + " '" + ForeignText.shown(text) + "' holds " + forbidden
                    + ": MQTT servers close the connection for it");
        }
    }

    /**
     * Returns whether AWS IoT reserves the topic. Some reserved topics in its documentation are deeper than customers'
     * topics may be.
     */
    private static boolean isReserved(String topic) {
        return topic.startsWith(RESERVED) && !topic.startsWith(BASIC_INGEST);
    }

    private static void requireLimits(String what, String whole, String counted, boolean anyDepth) {
        int bytes = counted.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_TOPIC_BYTES) {
            throw new IllegalArgumentException(what + " '" + whole.substring(0, 40) + "…' has " + bytes
                    + " bytes: AWS IoT Core allows " + MAX_TOPIC_BYTES);
        }
        long slashes = counted.chars().filter(c -> c == '/').count();
        if (slashes > MAX_SLASHES && !anyDepth) {
            throw new IllegalArgumentException(what + " '" + whole + "' has " + (slashes + 1)
                    + " levels: AWS IoT Core allows " + (MAX_SLASHES + 1));
        }
    }
}
