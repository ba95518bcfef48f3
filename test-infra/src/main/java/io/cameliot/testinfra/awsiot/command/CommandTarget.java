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
package io.cameliot.testinfra.awsiot.command;

import java.util.Locale;

/**
 * Whom a command is for.
 *
 * @param kind what the id is of
 * @param id a thing's name or an MQTT client id
 */
public record CommandTarget(Kind kind, String id) {
    /** What can be commanded. */
    public enum Kind {
        /** A registered thing. */
        THINGS,
        /** Any MQTT client. */
        CLIENTS
    }

    public static CommandTarget thing(String name) {
        return new CommandTarget(Kind.THINGS, name);
    }

    public static CommandTarget client(String clientId) {
        return new CommandTarget(Kind.CLIENTS, clientId);
    }

    /** What the topics of one execution begin with. */
    public String topicPrefix(String executionId) {
        return "$aws/commands/" + kind.name().toLowerCase(Locale.ROOT) + "/" + id + "/executions/" + executionId + "/";
    }
}
