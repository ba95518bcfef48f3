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
package io.cameliot.testinfra.dps.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.dps.identity.Credentials.CertificateChain;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.CertificateAuthorities;
import io.cameliot.testinfra.dps.service.Enrollment.AllocationFailure;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The JSON bodies of the device API.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/iot-dps/device/runtime-registration">Runtime registration</a>
 */
final class RegistrationJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** The service's timestamps have seven fractional digits, such as 2020-04-10T03:11:13.0276997Z. */
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private RegistrationJson() {}

    /**
     * Parses the body of a register request.
     *
     * @return the request, an empty object for an empty body
     * @throws RefusedException if it is not a JSON object
     */
    static ObjectNode readRequest(String body) throws RefusedException {
        if (body.isBlank()) {
            return object();
        }
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode request) {
                return request;
            }
        } catch (JsonProcessingException e) {
            throw new RefusedException(
                    DpsError.BAD_REQUEST, "the body of the register request is no JSON: " + e.getOriginalMessage());
        }
        throw new RefusedException(DpsError.BAD_REQUEST, "the body of the register request is no JSON object");
    }

    static String error(DpsError error, Instant now) {
        return object().put("errorCode", error.code())
                .put("trackingId", UUID.randomUUID().toString())
                .put("message", error.message())
                .put("timestampUtc", TIMESTAMP.format(now))
                .toString();
    }

    static String registered(String operationId) {
        return operation(operationId, "assigning").toString();
    }

    static String assigning(Operation operation) {
        ObjectNode body = operation(operation.id(), "assigning");
        body.putObject("registrationState")
                .put("registrationId", operation.device().registrationId())
                .put("status", "assigning");
        return body.toString();
    }

    static String assigned(Operation operation, Assignment assignment, Optional<JsonNode> payload) {
        ObjectNode body = operation(operation.id(), "assigned");
        ObjectNode state = body.putObject("registrationState");
        putAttestation(state, operation);
        state.put("registrationId", assignment.registrationId())
                .put("createdDateTimeUtc", TIMESTAMP.format(assignment.createdAt()))
                .put("assignedHub", assignment.assignedHub())
                .put("deviceId", assignment.deviceId())
                .put("status", "assigned")
                .put("substatus", assignment.substatus())
                .put("lastUpdatedDateTimeUtc", TIMESTAMP.format(assignment.lastUpdatedAt()))
                .put("etag", assignment.etag());
        payload.ifPresent(value -> state.set("payload", value));
        return body.toString();
    }

    static String failed(Operation operation, AllocationFailure failure, String etag, Instant now) {
        ObjectNode body = operation(operation.id(), "failed");
        ObjectNode state = body.putObject("registrationState");
        putAttestation(state, operation);
        putEnd(state, operation.device(), "failed", etag, now);
        state.put("errorCode", failure.errorCode()).put("errorMessage", failure.message());
        return body.toString();
    }

    static String disabled(Device device, String etag, Instant now) {
        // The operation id is empty, because no operation begins for a disabled device.
        ObjectNode body = operation("", "disabled");
        putEnd(body.putObject("registrationState"), device, "disabled", etag, now);
        return body.toString();
    }

    private static void putEnd(ObjectNode state, Device device, String status, String etag, Instant now) {
        state.put("registrationId", device.registrationId())
                .put("createdDateTimeUtc", TIMESTAMP.format(now))
                .put("status", status)
                .put("lastUpdatedDateTimeUtc", TIMESTAMP.format(now))
                .put("etag", etag);
    }

    private static void putAttestation(ObjectNode state, Operation operation) {
        Enrollment enrollment = operation.enrollment();
        ObjectNode attestation;
        if (operation.device().credentials() instanceof CertificateChain chain) {
            attestation = state.putObject("x509");
            attestation.set("certificateInfo", CertificateInfo.of(chain.leaf(), TIMESTAMP));
            if (enrollment.attestation() instanceof CertificateAuthorities authorities) {
                attestation.set(
                        "signingCertificateInfo",
                        CertificateInfo.of(authorities.certificates().get(0), TIMESTAMP));
            }
        } else {
            attestation = state.putObject("symmetricKey");
        }
        if (enrollment.isGroup()) {
            attestation.put("enrollmentGroupId", enrollment.id());
        }
    }

    private static ObjectNode operation(String operationId, String status) {
        return object().put("operationId", operationId).put("status", status);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
