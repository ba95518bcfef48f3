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

import java.util.Arrays;
import java.util.Map;

/**
 * A message.
 *
 * @param from who published it
 * @param topic its topic
 * @param payload the beginning of its payload; must not be changed
 * @param payloadBytes the bytes of the whole payload
 * @param qos 0 or 1
 * @param retained its retain flag
 * @param properties its MQTT 5 properties by their names, as text
 */
public record Published(
        Origin from,
        String topic,
        byte[] payload,
        int payloadBytes,
        int qos,
        boolean retained,
        Map<String, String> properties) {
    /** The largest part of a payload that is kept, in bytes. */
    public static final int KEPT_BYTES = 4096;

    /**
     * Who published a message.
     *
     * @param kind the kind of the publisher
     * @param clientId the MQTT client id of the publisher, or of the device that a service answers; empty for none
     */
    public record Origin(Kind kind, String clientId) {}

    /** The kinds of publishers. */
    public enum Kind {
        /** A device, over MQTT. */
        DEVICE,
        /** A device, over HTTPS. */
        HTTPS,
        /** A service of the cloud, such as a shadow, or a device's last will. */
        SERVICE,
        /** The user of the emulator. */
        USER
    }

    /**
     * Creates a record that keeps at most {@link #KEPT_BYTES} of the payload, with the secrets of provisioning masked.
     *
     * @param from who published it
     * @param topic its topic
     * @param payload its payload
     * @param qos 0 or 1
     * @param retained its retain flag
     * @param properties its MQTT 5 properties by their names, as text
     * @return the record
     */
    public static Published of(
            Origin from, String topic, byte[] payload, int qos, boolean retained, Map<String, String> properties) {
        byte[] shown = SecretFields.masked(topic, payload);
        byte[] kept = shown.length <= KEPT_BYTES ? shown : Arrays.copyOf(shown, KEPT_BYTES);
        return new Published(from, topic, kept, payload.length, qos, retained, properties);
    }

    @Override
    public String toString() {
        return "Published[" + from + ", " + topic + ", " + payloadBytes + " bytes, qos " + qos + "]";
    }
}
