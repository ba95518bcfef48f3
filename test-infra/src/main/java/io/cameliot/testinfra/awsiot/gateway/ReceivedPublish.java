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
package io.cameliot.testinfra.awsiot.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message that the gateway took from a device.
 *
 * @param clientId who published it; empty over HTTPS, which has no client ids
 * @param topic its topic
 * @param payload its payload; not to be changed
 * @param qos 0 or 1
 * @param retained whether it was to be retained
 * @param duplicate whether the client marked it as sent before (DUP)
 */
public record ReceivedPublish(
        Optional<String> clientId, String topic, byte[] payload, int qos, boolean retained, boolean duplicate) {
    /**
     * The payload as text.
     *
     * @return the payload decoded as UTF-8
     */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "ReceivedPublish[" + clientId.orElse("HTTPS") + " " + topic + ", qos " + qos + ", " + payload.length
                + " bytes" + (retained ? ", retained" : "") + (duplicate ? ", dup" : "") + "]";
    }
}
