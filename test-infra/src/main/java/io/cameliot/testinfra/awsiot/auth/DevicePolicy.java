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
package io.cameliot.testinfra.awsiot.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a client may do, in the way of an AWS IoT Core policy: nothing unless a statement allows it, and nothing that a
 * statement denies. In a resource {@code *} stands for any characters, {@code /} included, and {@code ?} for one; MQTT's
 * wildcards have no meaning in it ("Using wildcard characters in MQTT and AWS IoT Core policies").
 *
 * @param statements in any order
 */
public record DevicePolicy(List<Statement> statements) {
    /** Allows everything: what applies to a client without a policy of its own. */
    public static final DevicePolicy ALLOW_ALL = new DevicePolicy(List.of())
            .allow(Action.CONNECT, "*")
            .allow(Action.PUBLISH, "*")
            .allow(Action.SUBSCRIBE, "*");
    /** Allows nothing; a beginning for {@link #allow}. */
    public static final DevicePolicy DENY_ALL = new DevicePolicy(List.of());

    public DevicePolicy {
        statements = List.copyOf(statements);
    }

    /** What a statement is about. */
    public enum Action {
        /** {@code iot:Connect}; the resource is a client id. */
        CONNECT,
        /** {@code iot:Publish}; the resource is a topic. */
        PUBLISH,
        /** {@code iot:Subscribe}; the resource is a topic filter, compared as text. */
        SUBSCRIBE
    }

    /**
     * One line of a policy.
     *
     * @param allow whether it allows or denies
     * @param action what it is about
     * @param resource client id, topic or topic filter, with {@code *} and {@code ?}
     */
    public record Statement(boolean allow, Action action, Pattern resource) {}

    /**
     * This policy with a further permission.
     *
     * @param action what is allowed
     * @param resource client id, topic or topic filter, with {@code *} and {@code ?}
     * @return a new policy
     */
    public DevicePolicy allow(Action action, String resource) {
        return with(true, action, resource);
    }

    /**
     * This policy with a further prohibition, which outweighs every permission.
     *
     * @param action what is denied
     * @param resource client id, topic or topic filter, with {@code *} and {@code ?}
     * @return a new policy
     */
    public DevicePolicy deny(Action action, String resource) {
        return with(false, action, resource);
    }

    /**
     * Decides.
     *
     * @param action what a client wants to do
     * @param resource with which client id, topic or topic filter
     * @return whether it may
     */
    public boolean allows(Action action, String resource) {
        return this == ALLOW_ALL || matches(true, action, resource) && !matches(false, action, resource);
    }

    private boolean matches(boolean allow, Action action, String resource) {
        return statements.stream()
                .anyMatch(statement -> statement.allow() == allow
                        && statement.action() == action
                        && statement.resource().matcher(resource).matches());
    }

    private DevicePolicy with(boolean allow, Action action, String resource) {
        List<Statement> extended = new ArrayList<>(statements);
        extended.add(new Statement(allow, action, pattern(resource)));
        return new DevicePolicy(extended);
    }

    private static Pattern pattern(String resource) {
        String regex = Pattern.quote(resource).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL);
    }
}
