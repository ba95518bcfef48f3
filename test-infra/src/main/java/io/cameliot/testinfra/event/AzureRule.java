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

/** The rules of Azure DPS and IoT Hub by which a device is refused after the TLS handshake. */
public enum AzureRule implements Rule {
    /** The version of MQTT. */
    MQTT_VERSION("The service speaks MQTT 3.1.1.", Sources.MQTT),
    /** A packet that MQTT or the service does not allow. */
    PROTOCOL("A client sends CONNECT first and once, and then packets that MQTT 3.1.1 allows.", Sources.MQTT),
    /** The user name of CONNECT. */
    USER_NAME(
            "The user name of a device is {idScope}/registrations/{registrationId}/api-version={version}.",
            Sources.MQTT),
    /** The client id is not the registration id. */
    CLIENT_ID("The client id is the registration id of the user name.", Sources.MQTT),
    /** The id scope. */
    ID_SCOPE("The id scope is that of the instance of the service.", Sources.MQTT),
    /** The certificate's common name. */
    COMMON_NAME(
            "The common name of the device's certificate is its registration id.",
            "Azure, \"X.509 certificate attestation\""),
    /** Another connection has the same client id. */
    DUPLICATE_CLIENT_ID("A client id has one connection. A newer one ends the older one.", Sources.MQTT),
    /** The client was silent for too long. */
    KEEP_ALIVE("A client sends a packet within one and a half times its keep alive.", Sources.MQTT),
    /** A will. */
    WILL("The service takes no will.", "Assumed: no document has a topic for one"),
    /** A topic. */
    TOPIC("A device publishes to the topics of the service only, and not retained.", Sources.MQTT),
    /** A topic filter. */
    TOPIC_FILTER("A device subscribes to the filter of the service's answers only.", Sources.MQTT),
    /** No enrollment covers the device. */
    ENROLLMENT_NOT_FOUND(
            "An individual enrollment has the registration id, or a group covers the kind of credentials.",
            Sources.ENROLLMENT),
    /** The token does not match the enrollment. */
    TOKEN(
            "The SAS token must be signed with a key of the enrollment (for a group: with the key derived for the device),"
                    + " for this resource, and not be expired.",
            "Azure, \"Symmetric key attestation\""),
    /** The certificate does not match the enrollment. */
    CERTIFICATE(
            "The certificate must have the enrolled thumbprint, or lead to the enrolled authority, and be valid.",
            "Azure, \"X.509 certificate attestation\""),
    /** The enrollment is disabled. */
    ENROLLMENT_DISABLED("The enrollment must be enabled.", Sources.ENROLLMENT),
    /** A quota. */
    THROTTLED(
            "Registrations and polls have quotas; the device waits as long as retry-after says.",
            "Azure, \"DPS quotas and limits\""),
    /** A message is too large. */
    SIZE("A message to DPS has at most 96 KB.", "Azure, \"DPS quotas and limits\""),
    /** The body of a request. */
    REQUEST("The body of a request is the documented JSON, for the device of the connection.", Sources.API),
    /** The operation id of a poll. */
    OPERATION_NOT_FOUND("A poll names the operation id of the device's own registration.", Sources.API),
    /** The allocation has failed. */
    ALLOCATION(
            "The allocation policy must find a hub for the device.",
            "Azure, \"How to use custom allocation policies\""),
    /** The hub does not know the device. */
    HUB_DEVICE(
            "User name, client id and server name must name a device of this hub: register it by DPS first.",
            Sources.HUB),
    /** The hub does not accept the credentials. */
    HUB_CREDENTIALS(
            "The device proves its identity to its hub with the key or the certificate that DPS has assigned it with.",
            Sources.HUB),
    /** A fault was injected. */
    INJECTED_FAULT("A fault was injected into the emulator.", "The emulator's user");

    private final String meaning;
    private final String source;

    AzureRule(String meaning, String source) {
        this.meaning = meaning;
        this.source = source;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    @Override
    public String source() {
        return source;
    }

    private static final class Sources {
        private static final String MQTT =
                "Azure, \"Communicate with DPS using the MQTT protocol\"; MQTT 3.1.1 (OASIS)";
        private static final String ENROLLMENT = "Azure, \"DPS terminology: enrollment\"";
        private static final String API = "Azure, \"Device registration REST API\"";
        private static final String HUB = "Azure, \"Communicate with IoT Hub using the MQTT protocol\"";
    }
}
