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
package io.cameliot.azure.dps;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.azure.dps.attestation.SasToken;
import io.cameliot.azure.dps.attestation.SymmetricKey;
import io.cameliot.azure.dps.wire.DpsJson;
import io.cameliot.azure.dps.wire.RegistrationStatus;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device's assignment to an IoT hub: {@code DeviceRegistrationResult} of the DPS REST API, and what a connection to
 * the hub needs. A getter returns {@code null} if the service did not send the field or sent another type, unless
 * stated otherwise. {@link #toMap()} and {@link #toJson()} also contain the fields without a getter.
 *
 * <p>Camel's type converters convert it to {@code String}, {@code byte[]}, {@code InputStream} and {@code Map}, and
 * Jackson serializes it; the result is the JSON object that the service sent. The device's key is in none of them.
 */
public final class DeviceRegistrationResult {

    private static final String HUB_API_VERSION = "2021-04-12";

    /** MQTT 3.1.1. The REST API names it where the version 2026-11-02-preview adds {@code mqttV5}. */
    private static final String CLASSIC = "classic";

    private final String registrationId;
    private final ObjectNode state;
    private final String operationId;
    private final Optional<SymmetricKey> deviceKey;
    private final Duration tokenTimeToLive;

    DeviceRegistrationResult(
            String registrationId,
            ObjectNode state,
            String operationId,
            Optional<SymmetricKey> deviceKey,
            Duration tokenTimeToLive) {
        this.registrationId = registrationId;
        this.state = state.deepCopy();
        this.operationId = operationId;
        this.deviceKey = deviceKey;
        this.tokenTimeToLive = tokenTimeToLive;
    }

    /** Returns the registration id that the service sent, otherwise the id of the request. */
    public String getRegistrationId() {
        return Optional.ofNullable(text("registrationId")).orElse(registrationId);
    }

    /** Returns the id of the device in the hub, which is also its MQTT client identifier there. */
    public String getDeviceId() {
        return text("deviceId");
    }

    /** Returns the host name of the IoT hub. */
    public String getAssignedHub() {
        return text("assignedHub");
    }

    /** Returns {@code assigned}. */
    public String getStatus() {
        return Optional.ofNullable(text("status")).orElse(RegistrationStatus.ASSIGNED.text());
    }

    /**
     * Returns {@code initialAssignment}, {@code deviceDataMigrated}, {@code deviceDataReset}, {@code
     * reprovisionedToInitialAssignment} or a newer value.
     */
    public String getSubstatus() {
        return text("substatus");
    }

    /**
     * Returns the time of the device's first registration.
     *
     * @throws IllegalStateException if the service sent text that is not a time
     */
    public Instant getCreatedDateTimeUtc() {
        return instant("createdDateTimeUtc");
    }

    /**
     * Returns the time of the last change of the registration.
     *
     * @throws IllegalStateException if the service sent text that is not a time
     */
    public Instant getLastUpdatedDateTimeUtc() {
        return instant("lastUpdatedDateTimeUtc");
    }

    /** Returns the version of the registration. */
    public String getEtag() {
        return text("etag");
    }

    /** Returns the result of the custom allocation function: a {@code Map}, {@code List}, text, number or boolean. */
    public Object getPayload() {
        return value("payload", Object.class);
    }

    /** Returns the service's description of the device's certificate. */
    public Map<?, ?> getX509() {
        return state.path("x509").isObject() ? value("x509", Map.class) : null;
    }

    /** Returns the service's description of the device's key, for example its enrollment group, but not the key. */
    public Map<?, ?> getSymmetricKey() {
        return state.path("symmetricKey").isObject() ? value("symmetricKey", Map.class) : null;
    }

    /** Returns the certificate chain issued for the device, in base64 of DER, leaf first. */
    public List<?> getIssuedCertificateChain() {
        return state.path("issuedCertificateChain").isArray() ? value("issuedCertificateChain", List.class) : null;
    }

    /** Returns the connection profile of the hub; {@code classic} if the service sent none. */
    public String getConnectionProfile() {
        JsonNode profile = state.path("connectionProfile");
        if (profile.isMissingNode() || profile.isNull()) {
            return CLASSIC;
        }
        return profile.isTextual() ? profile.textValue() : profile.toString();
    }

    /** Returns the id of the operation that assigned the device; empty if it is unknown. */
    public String getOperationId() {
        return operationId;
    }

    /**
     * Returns the MQTT user name for the hub: {@code {hub}/{deviceId}/?api-version=…}.
     *
     * @throws IllegalStateException if the {@linkplain #getConnectionProfile() connection profile} of the hub is not
     *     {@code classic}. Only a service with a newer {@code apiVersion} sends another one.
     */
    public String getHubUserName() {
        if (!getConnectionProfile().equals(CLASSIC)) {
            throw new IllegalStateException("The IoT hub " + ForeignText.shown(getAssignedHub())
                    + " has the connection profile " + ForeignText.shown(getConnectionProfile())
                    + ", and its MQTT user name is not known: assign the device to a hub of the profile " + CLASSIC
                    + ", or make the user name in the route as the hub's documentation says");
        }
        return getAssignedHub() + "/" + getDeviceId() + "/?api-version=" + HUB_API_VERSION;
    }

    /**
     * Signs an MQTT password for the hub that is valid for {@code sasTokenTimeToLive} from now.
     *
     * @throws IllegalStateException if the device did not register with a key. After a registration with a certificate
     *     the device connects to the hub with the same certificate. After a registration with a token from elsewhere,
     *     the owner of the key must also sign a token for the hub.
     */
    public String createHubSasToken() {
        SymmetricKey key = deviceKey.orElseThrow(() -> new IllegalStateException("The device " + getDeviceId()
                + " did not register with a key, so no SAS token can be signed for its hub. With"
                + " authentication=x509 connect with the same certificate and an empty password."));
        return SasToken.forHub(
                        getAssignedHub(), getDeviceId(), key, Instant.now().plus(tokenTimeToLive))
                .text();
    }

    /** The JSON object that the service sent, unknown fields included. */
    public String toJson() {
        return DpsJson.write(state);
    }

    /** The JSON object that the service sent, unknown fields included. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> toMap() {
        return DpsJson.toJava(state, Map.class);
    }

    @JsonValue
    JsonNode json() {
        return state;
    }

    private String text(String field) {
        return state.path(field).textValue();
    }

    private Instant instant(String field) {
        try {
            return text(field) == null ? null : Instant.parse(text(field));
        } catch (DateTimeParseException e) {
            throw new IllegalStateException(
                    "The service sent " + field + "=" + ForeignText.shown(text(field)) + ", which is no time");
        }
    }

    private <T> T value(String field, Class<T> type) {
        return state.path(field).isMissingNode() ? null : DpsJson.toJava(state.get(field), type);
    }

    @Override
    public String toString() {
        return ForeignText.escaped("DeviceRegistrationResult[registrationId=" + getRegistrationId() + ", deviceId="
                + getDeviceId() + ", assignedHub=" + getAssignedHub() + ", status=" + getStatus() + "]");
    }
}
