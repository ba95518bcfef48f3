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
package io.cameliot.testinfra.event;

import java.util.function.Supplier;

/**
 * A refusal: something that a client wanted and did not get.
 *
 * @param cloud who refused
 * @param rule the rule that the client has broken
 * @param client the client
 * @param answer what the client got, such as {@code CONNACK 0x87} or {@code the connection was closed}
 * @param detail what exactly was wrong; evaluated when somebody looks, so it must not refer to anything that changes
 */
public record Refused(Cloud cloud, Rule rule, RemoteClient client, String answer, Supplier<String> detail) {
    @Override
    public String toString() {
        return "Refused[" + cloud + " " + rule.name() + ", " + client + ", " + answer + ": " + detail.get() + "]";
    }
}
