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
package io.cameliot.awsiot.command;

import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.text.ForeignText;
import java.util.List;
import java.util.Set;

/**
 * The topic of the commands to one device, as a filter, or the topic of one command.
 *
 * @param device {@code things/<thing name>} or {@code clients/<client id>}
 * @param executionId execution of one command; {@code +} in a filter for all
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-commands">Commands
 *     topics</a>
 */
public record CommandTopic(String device, String executionId) {

    private static final String PREFIX = "$aws/commands/";
    private static final Set<String> KINDS = Set.of("things", "clients");
    private static final Set<String> FORMATS = Set.of("json", "cbor");

    /**
     * Parses the topic filter of a consumer.
     *
     * @return null if it is not a topic filter of commands
     * @throws IllegalArgumentException if it is one of commands, but not for one device, or has a wildcard for which
     *     AWS IoT closes the connection
     */
    public static CommandTopic ofFilter(String filter) {
        String plain = TopicRules.withoutSharePrefix(filter);
        List<String> levels = List.of(plain.split("/", -1));
        if (!plain.startsWith(PREFIX) || levels.size() < 7 || !levels.get(6).equals("request")) {
            return null;
        }
        CommandTopic topic = of(levels);
        if (topic == null || isWildcard(levels.get(3)) || !plain.equals(filter)) {
            throw new IllegalArgumentException("Topic filter '" + filter + "': commands to one device are received by"
                    + " '$aws/commands/things/<thing name>/executions/+/request/json' (or clients/<client id>; cbor in place"
                    + " of json; nothing after request for commands of other formats), and no wildcard is allowed but for"
                    + " the execution id");
        }
        return topic;
    }

    /**
     * Parses the topic of a message.
     *
     * @param topic topic on which the message arrived
     * @return null if it is not the topic of a command
     */
    static CommandTopic ofMessage(String topic) {
        return topic.startsWith(PREFIX) ? of(List.of(topic.split("/", -1))) : null;
    }

    /**
     * Returns the id of the execution that a message starts.
     *
     * @param topic topic on which the message arrived
     * @return null if the message is not a command
     */
    public static String executionIdOf(String topic) {
        CommandTopic command = ofMessage(topic);
        return command == null ? null : command.executionId();
    }

    private static CommandTopic of(List<String> levels) {
        boolean matches = levels.size() >= 7
                && levels.size() <= 8
                && KINDS.contains(levels.get(2))
                && levels.get(4).equals("executions")
                && levels.get(6).equals("request")
                && (levels.size() == 7 || FORMATS.contains(levels.get(7)));
        return matches ? new CommandTopic(levels.get(2) + "/" + levels.get(3), levels.get(5)) : null;
    }

    private static boolean isWildcard(String level) {
        return level.equals("+") || level.equals("#");
    }

    /** Returns a text for messages and logs. */
    @Override
    public String toString() {
        return ForeignText.shown(executionId + " of " + device);
    }

    /** Returns the topic of the reports, which are JSON whatever the format of the command. */
    String response() {
        return PREFIX + device + "/executions/" + executionId + "/response/json";
    }
}
