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
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client may do, with the rules of an AWS IoT Core policy: only what a statement allows, and nothing that a
 * statement denies. In a resource {@code *} matches any characters including {@code /}, and {@code ?} matches one
 * character. MQTT wildcards have no meaning there ("Using wildcard characters in MQTT and AWS IoT Core policies").
 *
 * @param statements in any order
 */
public record DevicePolicy(List<Statement> statements) {
    /** Allows everything. The policy of a client that has no other one. */
    public static final DevicePolicy ALLOW_ALL = new DevicePolicy(List.of())
            .allow(Action.CONNECT, "*")
            .allow(Action.PUBLISH, "*")
            .allow(Action.SUBSCRIBE, "*")
            .allow(Action.RECEIVE, "*")
            .allow(Action.RETAIN_PUBLISH, "*")
            .allow(Action.GET_THING_SHADOW, "*")
            .allow(Action.UPDATE_THING_SHADOW, "*")
            .allow(Action.DELETE_THING_SHADOW, "*")
            .allow(Action.LIST_NAMED_SHADOWS, "*")
            .allow(Action.ASSUME_ROLE, "*");
    /** Allows nothing. A start for {@link #allow}. */
    public static final DevicePolicy DENY_ALL = new DevicePolicy(List.of());

    public DevicePolicy {
        statements = List.copyOf(statements);
    }

    /** The action of a statement. */
    public enum Action {
        /** {@code iot:Connect}; the resource is a client id. */
        CONNECT("iot:Connect"),
        /** {@code iot:Publish}; the resource is a topic. */
        PUBLISH("iot:Publish"),
        /**
         * {@code iot:Subscribe}; the resource is a topic filter, with the prefix {@code $share/<name>/} of a shared
         * subscription, compared as text.
         */
        SUBSCRIBE("iot:Subscribe"),
        /** {@code iot:Receive}, checked at each delivery; the resource is a topic. */
        RECEIVE("iot:Receive"),
        /** {@code iot:RetainPublish}, for a retained message besides {@code iot:Publish}; the resource is a topic. */
        RETAIN_PUBLISH("iot:RetainPublish"),
        /** {@code iot:GetThingShadow} over HTTPS; the resource is {@code thing} or {@code thing/shadow}. */
        GET_THING_SHADOW("iot:GetThingShadow"),
        /** {@code iot:UpdateThingShadow} over HTTPS; the resource is {@code thing} or {@code thing/shadow}. */
        UPDATE_THING_SHADOW("iot:UpdateThingShadow"),
        /** {@code iot:DeleteThingShadow} over HTTPS; the resource is {@code thing} or {@code thing/shadow}. */
        DELETE_THING_SHADOW("iot:DeleteThingShadow"),
        /** {@code iot:ListNamedShadowsForThing} over HTTPS; the resource is a thing. */
        LIST_NAMED_SHADOWS("iot:ListNamedShadowsForThing"),
        /** {@code iot:AssumeRoleWithCertificate}; the resource is a role alias. */
        ASSUME_ROLE("iot:AssumeRoleWithCertificate");

        private final String action;

        Action(String action) {
            this.action = action;
        }

        /** Returns its name in a policy. */
        @Override
        public String toString() {
            return action;
        }

        private String on(String resource) {
            return action + " on " + resource;
        }
    }

    /**
     * One statement of a policy.
     *
     * @param allow whether it allows or denies
     * @param action the action
     * @param resource client id, topic, topic filter, thing or role alias, with {@code *} and {@code ?}
     * @param pattern matches the resources
     */
    public record Statement(boolean allow, Action action, String resource, Pattern pattern) {}

    /**
     * Returns this policy with another permission.
     *
     * @param action the allowed action
     * @param resource client id, topic, topic filter, thing or role alias, with {@code *} and {@code ?}
     * @return a new policy
     */
    public DevicePolicy allow(Action action, String resource) {
        return with(true, action, resource);
    }

    /**
     * Returns this policy with another prohibition, which overrides every permission.
     *
     * @param action the denied action
     * @param resource client id, topic, topic filter, thing or role alias, with {@code *} and {@code ?}
     * @return a new policy
     */
    public DevicePolicy deny(Action action, String resource) {
        return with(false, action, resource);
    }

    /**
     * Evaluates the policy.
     *
     * @param action the action that a client requests
     * @param resource its client id, topic, topic filter or role alias
     * @return whether it is allowed
     */
    public boolean allows(Action action, String resource) {
        return this == ALLOW_ALL || matches(true, action, resource) && !matches(false, action, resource);
    }

    /**
     * Evaluates the policy for a message or a will.
     *
     * @param topic its topic
     * @param retained whether it is to be retained, which needs {@code iot:RetainPublish} besides {@code iot:Publish}
     * @return the action that is not allowed; empty if the message may be published
     */
    public Optional<Action> forbiddenToPublish(String topic, boolean retained) {
        if (!allows(Action.PUBLISH, topic)) {
            return Optional.of(Action.PUBLISH);
        }
        return retained && !allows(Action.RETAIN_PUBLISH, topic)
                ? Optional.of(Action.RETAIN_PUBLISH)
                : Optional.empty();
    }

    /**
     * Says why an action is not allowed.
     *
     * @param action the refused action
     * @param resource its resource
     * @return one sentence
     */
    public String explain(Action action, String resource) {
        return "The policy does not allow " + action.on(resource) + ": "
                + (matches(false, action, resource) ? "a statement denies it" : "no statement allows it");
    }

    private boolean matches(boolean allow, Action action, String resource) {
        return statements.stream()
                .anyMatch(statement -> statement.allow() == allow
                        && statement.action() == action
                        && statement.pattern().matcher(resource).matches());
    }

    private DevicePolicy with(boolean allow, Action action, String resource) {
        List<Statement> extended = new ArrayList<>(statements);
        extended.add(new Statement(allow, action, resource, pattern(resource)));
        return new DevicePolicy(extended);
    }

    private static Pattern pattern(String resource) {
        String regex = Pattern.quote(resource).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL);
    }
}
