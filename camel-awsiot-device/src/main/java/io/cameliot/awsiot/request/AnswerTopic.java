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
package io.cameliot.awsiot.request;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The topic on which a client receives the answers to all its requests. */
final class AnswerTopic {

    private static final String PREFIX = "camel/answers/";

    private AnswerTopic() {}

    /**
     * Returns the answer topic of a client id. The topic is always the same for a client id, so that a policy can name
     * it. No other client has the same topic, because AWS IoT Core keeps one connection for each client id.
     */
    static String of(String clientId) {
        return PREFIX + (isOneLevel(clientId) ? clientId : digest(clientId));
    }

    private static boolean isOneLevel(String clientId) {
        return clientId.chars().noneMatch(c -> c == '/' || c == '+' || c == '#');
    }

    private static String digest(String clientId) {
        return UUID.nameUUIDFromBytes(clientId.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
