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
package io.cameliot.awsiot;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.ProtocolVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Checks the options of the MQTT version and of the session that the server keeps. */
final class SessionOptions {

    /** Maximum number of unacknowledged messages that AWS IoT Core sends (AWS IoT Core quotas). */
    private static final int RECEIVE_MAXIMUM = 100;

    private static final Duration DEFAULT_EXPIRY = Duration.ofHours(1);
    private static final Duration SHORTEST_EXPIRY = Duration.ofSeconds(1);

    /** Maximum of AWS IoT Core (AWS IoT Core quotas). */
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(7);

    private SessionOptions() {}

    /**
     * Checks the options and creates the settings of the session.
     *
     * @throws IllegalArgumentException if an option is wrong; the message names the first such option, its value and
     *     the allowed values
     */
    static MqttConnectRequest.Session check(AwsIotDeviceConfiguration options) {
        ProtocolVersion version = version(options);
        Duration expiry = expiry(options, version);
        return version == ProtocolVersion.V5
                ? new MqttConnectRequest.Session(
                        version, options.isCleanSession(), expiry, RECEIVE_MAXIMUM, options.isTopicAliases())
                : MqttConnectRequest.Session.v311(options.isCleanSession());
    }

    static ProtocolVersion version(AwsIotDeviceConfiguration options) {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            if (version.toString().equals(options.getMqttVersion())) {
                return version;
            }
        }
        throw new IllegalArgumentException("Option mqttVersion=" + options.getMqttVersion() + " is not one of "
                + Arrays.toString(new ProtocolVersion[] {ProtocolVersion.V5, ProtocolVersion.V3_1_1}));
    }

    private static Duration expiry(AwsIotDeviceConfiguration options, ProtocolVersion version) {
        if (options.getSessionExpiry() == null) {
            return options.isCleanSession() ? Duration.ZERO : DEFAULT_EXPIRY;
        }
        Duration expiry = options.getSessionExpiry();
        String option = "Option sessionExpiry=" + TimeUnit.MILLISECONDS.convert(expiry) + " ms";
        if (options.isCleanSession()) {
            throw new IllegalArgumentException(
                    option + " needs cleanSession=false: a clean session ends with its connection");
        }
        if (version != ProtocolVersion.V5) {
            throw new IllegalArgumentException(option + " needs mqttVersion=5: with " + version
                    + " AWS IoT Core keeps a session for as long as the account says");
        }
        if (expiry.compareTo(SHORTEST_EXPIRY) < 0 || expiry.compareTo(LONGEST_EXPIRY) > 0) {
            throw new IllegalArgumentException(option + " is not between 1 second and 7 days");
        }
        return expiry;
    }
}
