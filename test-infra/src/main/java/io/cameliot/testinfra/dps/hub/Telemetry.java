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
package io.cameliot.testinfra.dps.hub;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A device-to-cloud message that a hub received.
 *
 * @param hub the hub's host name
 * @param deviceId the device
 * @param properties the properties of the topic, decoded; {@code mqtt-retain} is added if the retain flag was set
 * @param payload the payload
 * @param receivedAt time of arrival
 */
public record Telemetry(
        String hub, String deviceId, Map<String, String> properties, byte[] payload, Instant receivedAt) {

    /** Copies the map and the array. */
    public Telemetry {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        payload = payload.clone();
    }

    @Override
    public byte[] payload() {
        return payload.clone();
    }

    /**
     * Returns the payload as text.
     *
     * @return the payload, read as UTF-8
     */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
