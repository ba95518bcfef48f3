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

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Masks the secrets in the messages of AWS's provisioning: private keys and ownership tokens. */
final class SecretFields {
    private static final Pattern SECRET =
            Pattern.compile("(\"(?:privateKey|certificateOwnershipToken)\"\\s*:\\s*\")(?:[^\"\\\\]|\\\\.)*+(\"?)");

    private SecretFields() {}

    /**
     * Masks the values of secret fields.
     *
     * @param topic the topic of the message
     * @param payload its payload
     * @return the same payload, or a masked copy
     */
    static byte[] masked(String topic, byte[] payload) {
        if (!topic.startsWith("$aws/certificates/") && !topic.startsWith("$aws/provisioning-templates/")) {
            return payload;
        }
        return SECRET.matcher(new String(payload, StandardCharsets.UTF_8))
                .replaceAll("$1(masked)$2")
                .getBytes(StandardCharsets.UTF_8);
    }
}
