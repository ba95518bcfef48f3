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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cameliot.testinfra.dps.identity.Credentials;
import io.cameliot.testinfra.dps.identity.Credentials.CertificateChain;
import io.cameliot.testinfra.dps.identity.Credentials.SasToken;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.DeviceCertificates;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.SymmetricKeys;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.identity.SharedAccessSignature;
import io.cameliot.testinfra.dps.quota.DpsQuotas;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisioningServiceTest {

    private static final String ID_SCOPE = "0ne00000001";
    private static final String HUB = "contoso.azure-devices.net";
    private static final String OTHER_HUB = "fabrikam.azure-devices.net";
    private static final String PAYLOAD = "/registrationState/payload";
    private static final EnrollmentKey KEY = EnrollmentKey.random();

    private final MutableClock clock = new MutableClock();
    private final Hubs hubs = new Hubs();
    private final ProvisioningService service = service(DpsQuotas.documented());

    private ProvisioningService service(DpsQuotas quotas) {
        return new ProvisioningService(
                new ProvisioningService.Settings(ID_SCOPE, HUB, Duration.ofSeconds(3), quotas, clock),
                hubs,
                Runnable::run);
    }

    @Test
    void assignsADeviceAfterItsPolls() {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .deviceId("boiler")
                .assigningPolls(2)
                .build());
        Device device = device("boiler-7", KEY);

        DpsAnswer registered = service.register(device, "{\"registrationId\":\"boiler-7\"}");

        assertThat(registered.status()).isEqualTo(202);
        assertThat(registered.retryAfter()).hasValue(3);
        assertThat(json(registered).fieldNames()).toIterable().containsExactlyInAnyOrder("operationId", "status");
        assertThat(text(registered, "/status")).isEqualTo("assigning");
        String operationId = text(registered, "/operationId");
        assertThat(operationId).matches("4\\.[0-9a-f]{16}\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

        for (int i = 0; i < 2; i++) {
            assertThat(service.endsWithNextPoll(operationId)).isFalse();
            DpsAnswer assigning = poll(device, operationId);
            assertThat(assigning.status()).isEqualTo(202);
            assertThat(assigning.retryAfter()).hasValue(3);
            assertThat(text(assigning, "/registrationState/status")).isEqualTo("assigning");
        }
        assertThat(service.assignments()).isEmpty();
        assertThat(service.endsWithNextPoll(operationId)).isTrue();

        DpsAnswer assigned = poll(device, operationId);

        assertThat(assigned.status()).isEqualTo(200);
        assertThat(assigned.retryAfter()).isEmpty();
        assertThat(text(assigned, "/operationId")).isEqualTo(operationId);
        assertThat(text(assigned, "/status")).isEqualTo("assigned");
        JsonNode state = json(assigned).get("registrationState");
        assertThat(state.get("registrationId").asText()).isEqualTo("boiler-7");
        assertThat(state.get("deviceId").asText()).isEqualTo("boiler");
        assertThat(state.get("assignedHub").asText()).isEqualTo(HUB);
        assertThat(state.get("status").asText()).isEqualTo("assigned");
        assertThat(state.get("substatus").asText()).isEqualTo("initialAssignment");
        assertThat(state.get("createdDateTimeUtc").asText()).isEqualTo("2026-11-21T08:00:00.1234567Z");
        assertThat(state.get("lastUpdatedDateTimeUtc").asText()).isEqualTo("2026-11-21T08:00:00.1234567Z");
        assertThat(state.get("etag").asText()).isBase64();
        assertThat(state.get("symmetricKey")).isEmpty();
        assertThat(state.has("payload")).isFalse();
        assertThat(poll(device, operationId)).as("the result stays").isEqualTo(assigned);
        assertThat(hubs.devices).containsExactly(Map.entry(HUB + "/boiler", new SymmetricKeys(List.of(KEY))));
    }

    @Test
    void assignsTheDevicesOfAGroupByTheirDerivedKeys() {
        EnrollmentKey secondary = EnrollmentKey.random();
        service.enroll(Enrollment.group("boilers").symmetricKey(KEY, secondary).build());

        DpsAnswer primary = register("boiler-1", KEY.deriveDeviceKey("boiler-1"));
        DpsAnswer bySecondary = register("boiler-2", secondary.deriveDeviceKey("boiler-2"));

        assertThat(text(primary, "/registrationState/deviceId")).isEqualTo("boiler-1");
        assertThat(text(primary, "/registrationState/symmetricKey/enrollmentGroupId"))
                .isEqualTo("boilers");
        assertThat(text(bySecondary, "/status")).isEqualTo("assigned");
        assertThat(hubs.devices.get(HUB + "/boiler-1"))
                .isEqualTo(new SymmetricKeys(
                        List.of(KEY.deriveDeviceKey("boiler-1"), secondary.deriveDeviceKey("boiler-1"))));
        assertThat(refusal(device("boiler-3", KEY.deriveDeviceKey("boiler-4")))).isEqualTo(401000);
        assertThat(refusal(device("boiler-3", KEY))).as("the group's own key").isEqualTo(401000);
    }

    @Test
    void assignsByAPinnedCertificateAndDescribesIt() {
        clock.setToToday();
        IssuedCertificate certificate = TestCertificateAuthority.create("Root").issueDevice("boiler-7");
        service.enroll(Enrollment.individual("boiler-7")
                .certificate(certificate.certificate())
                .build());
        Device device = new Device("boiler-7", new CertificateChain(certificate.chain()));

        JsonNode x509 = json(register(device)).at("/registrationState/x509");

        assertThat(x509.at("/certificateInfo/subjectName").asText()).isEqualTo("CN=boiler-7");
        assertThat(x509.at("/certificateInfo/sha1Thumbprint").asText()).matches("[0-9A-F]{40}");
        assertThat(x509.at("/certificateInfo/sha256Thumbprint").asText()).matches("[0-9A-F]{64}");
        assertThat(x509.at("/certificateInfo/version").asInt()).isEqualTo(3);
        assertThat(hubs.devices)
                .containsExactly(
                        Map.entry(HUB + "/boiler-7", new DeviceCertificates(List.of(certificate.certificate()))));
    }

    @Test
    void assignsByAChainToTheGroupsAuthority() {
        clock.setToToday();
        TestCertificateAuthority intermediate =
                TestCertificateAuthority.create("Root").createIntermediate("Boilers Inc.");
        service.enroll(Enrollment.group("boilers")
                .certificateAuthority(intermediate.certificate())
                .build());
        CertificateChain chain =
                new CertificateChain(intermediate.issueDevice("boiler-7").chain());

        JsonNode x509 = json(register(new Device("boiler-7", chain))).at("/registrationState/x509");

        assertThat(x509.at("/enrollmentGroupId").asText()).isEqualTo("boilers");
        assertThat(x509.at("/signingCertificateInfo/subjectName").asText()).isEqualTo("CN=Boilers Inc.");
        assertThat(hubs.devices.get(HUB + "/boiler-7")).isEqualTo(new DeviceCertificates(List.of(chain.leaf())));
    }

    @Test
    void refusesWithTheErrorOfTheKindOfCredentials() {
        clock.setToToday();
        TestCertificateAuthority root = TestCertificateAuthority.create("Root");
        CertificateChain stranger = new CertificateChain(
                TestCertificateAuthority.create("Other").issueDevice("boiler-7").chain());
        service.enroll(Enrollment.group("boilers")
                .certificateAuthority(root.certificate())
                .build());
        service.enroll(Enrollment.individual("key-device").symmetricKey(KEY).build());

        assertThat(refusal(new Device("boiler-7", stranger))).isEqualTo(401002);
        assertThat(refusal(new Device("key-device", stranger))).isEqualTo(401002);
        assertThat(refusal(device("key-device", EnrollmentKey.random()))).isEqualTo(401000);
        assertThat(refusal(new Device("key-device", new Credentials.None()))).isEqualTo(401000);
        assertThat(refusal(device("unknown", KEY))).isEqualTo(404201);
    }

    @Test
    void reportsTheReasonOfARefusalToTheTestOnly() {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());

        DpsAnswer answer = service.register(device("boiler-7", EnrollmentKey.random()), "");

        assertThat(answer.reason()).contains("signed with another key");
        assertThat(json(answer).fieldNames())
                .toIterable()
                .containsExactly("errorCode", "trackingId", "message", "timestampUtc");
        assertThat(text(answer, "/message")).isEqualTo("Unauthorized");
        assertThat(text(answer, "/timestampUtc")).isEqualTo("2026-11-21T08:00:00.1234567Z");
        assertThat(text(answer, "/trackingId")).hasSize(36);
    }

    @Test
    void refusesATokenThatExpiresBetweenRegisterAndPoll() {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());
        Device device = device("boiler-7", KEY);
        String operationId = text(service.register(device, ""), "/operationId");

        clock.advance(Duration.ofHours(1));

        assertThat(text(poll(device, operationId), "/errorCode")).isEqualTo("401000");
    }

    @Test
    void ignoresTheCaseOfARegistrationId() {
        service.enroll(Enrollment.individual("Boiler-7").symmetricKey(KEY).build());

        assertThat(text(register("BOILER-7", KEY), "/status")).isEqualTo("assigned");
    }

    @Test
    void keepsDeviceIdAndHubWhenADeviceRegistersAgain() {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .deviceId("boiler")
                .build());
        register("boiler-7", KEY);
        clock.advance(Duration.ofMinutes(1));

        JsonNode again = json(register("boiler-7", KEY)).get("registrationState");

        assertThat(again.get("deviceId").asText()).isEqualTo("boiler");
        assertThat(again.get("substatus").asText()).isEqualTo("reprovisionedToInitialAssignment");
        assertThat(again.get("createdDateTimeUtc").asText()).isEqualTo("2026-11-21T08:00:00.1234567Z");
        assertThat(again.get("lastUpdatedDateTimeUtc").asText()).isEqualTo("2026-11-21T08:01:00.1234567Z");
        assertThat(service.assignments()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "MIGRATE_DATA, fabrikam.azure-devices.net, deviceDataMigrated",
        "RESET_DATA, fabrikam.azure-devices.net, deviceDataReset",
        "NEVER, contoso.azure-devices.net, reprovisionedToInitialAssignment",
    })
    void movesADeviceAccordingToItsReprovisionPolicy(ReprovisionPolicy policy, String hub, String substatus) {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());
        register("boiler-7", KEY);
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .hub(OTHER_HUB)
                .reprovisionPolicy(policy)
                .build());

        DpsAnswer moved = register("boiler-7", KEY);

        assertThat(text(moved, "/registrationState/assignedHub")).isEqualTo(hub);
        assertThat(text(moved, "/registrationState/substatus")).isEqualTo(substatus);
        assertThat(hubs.devices).containsOnlyKeys(hub + "/boiler-7");
    }

    @Test
    void answersADisabledEnrollmentWithoutAnOperation() {
        service.enroll(
                Enrollment.individual("boiler-7").symmetricKey(KEY).disabled().build());

        DpsAnswer answer = service.register(device("boiler-7", KEY), "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer, "/operationId")).isEmpty();
        assertThat(text(answer, "/status")).isEqualTo("disabled");
        assertThat(text(answer, "/registrationState/status")).isEqualTo("disabled");
    }

    @Test
    void failsTheRegistrationWithTheErrorOfItsEnrollment() {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .failing(400208, "No hub")
                .build());

        DpsAnswer answer = register("boiler-7", KEY);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer, "/status")).isEqualTo("failed");
        assertThat(text(answer, "/registrationState/status")).isEqualTo("failed");
        assertThat(text(answer, "/registrationState/errorCode")).isEqualTo("400208");
        assertThat(text(answer, "/registrationState/errorMessage")).isEqualTo("No hub");
        assertThat(service.assignments()).isEmpty();
        assertThat(hubs.devices).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1,{\"b\":null}]}", "\"{\\\"a\\\":1}\"", "[1,2]", "1.50", "true", "null", "{}"})
    void handsTheCustomAllocationThePayloadAsTheSameJsonValue(String payload) {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .acceptingAnyPayload()
                .customAllocation(UnaryOperator.identity())
                .build());
        Device device = device("boiler-7", KEY);

        DpsAnswer answer = finish(device, service.register(device, "{\"payload\":" + payload + "}"));

        assertThat(answer.body()).endsWith("\"payload\":" + payload + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"payload\":{\"a\":1}}", "{\"payload\":null}", "{}", ""})
    void returnsNoPayloadWithoutACustomAllocation(String request) {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());
        Device device = device("boiler-7", KEY);

        DpsAnswer answer = finish(device, service.register(device, request));

        assertThat(text(answer, "/status")).isEqualTo("assigned");
        assertThat(json(answer).get("registrationState").has("payload")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"{}\" | string", "[{}] | array", "17 | number", "true | boolean"})
    void refusesAPayloadThatIsNoObject(String payload, String kind) {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .customAllocation(UnaryOperator.identity())
                .build());

        DpsAnswer answer = service.register(device("boiler-7", KEY), "{\"payload\":" + payload + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason()).contains("a JSON " + kind, "a JSON object");
    }

    @Test
    void passesThePayloadToTheCustomAllocation() {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .customAllocation(payload -> TextNode.valueOf("got " + payload))
                .build());
        Device device = device("boiler-7", KEY);

        assertThat(text(finish(device, service.register(device, "{\"payload\":{\"a\":1}}")), PAYLOAD))
                .isEqualTo("got {\"a\":1}");
        assertThat(text(finish(device, service.register(device, "")), PAYLOAD)).isEqualTo("got null");
    }

    @Test
    void failsTheRegistrationWhenTheCustomAllocationThrows() {
        service.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .customAllocation(payload -> {
                    throw new IllegalStateException("no room");
                })
                .build());

        DpsAnswer answer = register("boiler-7", KEY);

        assertThat(text(answer, "/status")).isEqualTo("failed");
        assertThat(text(answer, "/registrationState/errorCode")).isEqualTo("400207");
        assertThat(answer.reason()).contains("no room");
        assertThat(answer.body()).doesNotContain("no room");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "1",
                "{} {}",
                "{\"registrationId\":\"other\"}",
                "{\"tpm\":{\"endorsementKey\":\"YQ==\"}}"
            })
    void refusesAnInvalidBody(String body) {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());

        DpsAnswer answer = service.register(device("boiler-7", KEY), body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(text(answer, "/errorCode")).isEqualTo("400000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "{\"registrationId\":\"boiler-7\",\"unknown\":1}"})
    void acceptsAMinimalBody(String body) {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());

        assertThat(service.register(device("boiler-7", KEY), body).status()).isEqualTo(202);
    }

    @Test
    void hidesAnOperationFromOtherDevices() {
        service.enroll(Enrollment.group("boilers").symmetricKey(KEY).build());
        Device one = device("boiler-1", KEY.deriveDeviceKey("boiler-1"));
        Device other = device("boiler-2", KEY.deriveDeviceKey("boiler-2"));
        String operationId = text(service.register(one, ""), "/operationId");

        assertThat(poll(other, operationId).status()).isEqualTo(404);
        assertThat(poll(one, "4.unknown").status()).isEqualTo(404);
        assertThat(poll(one, operationId).status()).isEqualTo(202);
    }

    @Test
    void answers429BeyondTheQuotaOfPollsOfADevice() {
        service.enroll(Enrollment.group("boilers")
                .symmetricKey(KEY)
                .assigningPolls(100)
                .build());
        Device device = device("boiler-1", KEY.deriveDeviceKey("boiler-1"));
        Device other = device("boiler-2", KEY.deriveDeviceKey("boiler-2"));
        String operationId = text(service.register(device, ""), "/operationId");
        for (int i = 0; i < 5; i++) {
            assertThat(poll(device, operationId).status()).isEqualTo(202);
            clock.advance(Duration.ofMillis(1500));
        }

        DpsAnswer throttled = poll(device, operationId);

        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.retryAfter()).as("2.5 s, rounded up").isEqualTo(OptionalInt.of(3));
        assertThat(text(throttled, "/errorCode")).isEqualTo("429000");
        assertThat(poll(other, text(service.register(other, ""), "/operationId"))
                        .status())
                .isEqualTo(202);
        clock.advance(Duration.ofMillis(2500));
        assertThat(poll(device, operationId).status()).isEqualTo(202);
    }

    @Test
    void answers429BeyondTheQuotaOfRegistrations() {
        ProvisioningService busy = service(new DpsQuotas(2, 5));
        busy.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());
        Device device = device("boiler-7", KEY);
        busy.register(device, "");
        busy.register(device, "");

        DpsAnswer throttled = busy.register(device, "");

        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.retryAfter()).hasValue(60);
        clock.advance(Duration.ofMinutes(1));
        assertThat(busy.register(device, "").status()).isEqualTo(202);
    }

    @Test
    void clearsEverythingWhenReset() {
        service.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());
        register("boiler-7", KEY);

        service.reset(
                List.of(Enrollment.individual("boiler-8").symmetricKey(KEY).build()));

        assertThat(service.assignments()).isEmpty();
        assertThat(hubs.devices).isEmpty();
        assertThat(refusal(device("boiler-7", KEY))).isEqualTo(404201);
        assertThat(text(register("boiler-8", KEY), "/registrationState/substatus"))
                .isEqualTo("initialAssignment");
    }

    @Test
    void refusesInvalidEnrollments() {
        TestCertificateAuthority root = TestCertificateAuthority.create("Root");

        assertThatIllegalArgumentException().isThrownBy(() -> Enrollment.individual("ends with."));
        assertThatIllegalStateException()
                .isThrownBy(() -> Enrollment.individual("boiler").build())
                .withMessageContaining("'boiler' needs");
        assertThatIllegalStateException()
                .isThrownBy(() -> Enrollment.individual("boiler").certificateAuthority(root.certificate()));
        assertThatIllegalStateException()
                .isThrownBy(() -> Enrollment.group("boilers").certificate(root.certificate()));
        assertThatIllegalStateException()
                .isThrownBy(() -> Enrollment.group("boilers").deviceId("boiler"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Enrollment.group("boilers").symmetricKey());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Enrollment.group("boilers").assigningPolls(-1));
    }

    private DpsAnswer register(String registrationId, EnrollmentKey key) {
        return register(device(registrationId, key));
    }

    private DpsAnswer register(Device device) {
        return finish(device, service.register(device, ""));
    }

    private DpsAnswer finish(Device device, DpsAnswer registered) {
        String operationId = text(registered, "/operationId");
        assertThat(poll(device, operationId).status()).isEqualTo(202);
        return poll(device, operationId);
    }

    private DpsAnswer poll(Device device, String operationId) {
        return service.poll(device, operationId).toCompletableFuture().getNow(null);
    }

    private int refusal(Device device) {
        return Integer.parseInt(text(service.register(device, ""), "/errorCode"));
    }

    private Device device(String registrationId, EnrollmentKey key) {
        String token = SharedAccessSignature.sign(
                        ID_SCOPE + "/registrations/" + registrationId,
                        key,
                        clock.instant().plus(Duration.ofHours(1)),
                        "registration")
                .token();
        return new Device(registrationId, new SasToken(token));
    }

    private static String text(DpsAnswer answer, String pointer) {
        return json(answer).at(pointer).asText();
    }

    private static JsonNode json(DpsAnswer answer) {
        try {
            return new JsonMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("The body is no JSON: " + answer.body(), e);
        }
    }

    /** The hubs of the service. */
    private static final class Hubs implements DeviceRegistry {
        private final Map<String, EnrollmentAttestation> devices = new HashMap<>();

        @Override
        public void put(String hub, String deviceId, EnrollmentAttestation attestation) {
            devices.put(hub + "/" + deviceId, attestation);
        }

        @Override
        public void remove(String hub, String deviceId) {
            devices.remove(hub + "/" + deviceId);
        }
    }

    private static final class MutableClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T08:00:00.1234567Z");

        /** Certificates are valid from their creation on. */
        void setToToday() {
            now = Instant.now();
        }

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
