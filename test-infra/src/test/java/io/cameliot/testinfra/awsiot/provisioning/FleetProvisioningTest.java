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
package io.cameliot.testinfra.awsiot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription.Purpose;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.SigningRequests;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetProvisioningTest {
    private static final Map<String, String> PARAMETERS = Map.of("SerialNumber", "17");
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Device CA");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Policies policies = new Policies();
    private final FleetProvisioning fleet = fleet(KeyType.EC);
    private final ProvisioningTemplate template = ProvisioningTemplate.named("factory")
            .withThingName(parameters -> "sensor-" + parameters.get("SerialNumber"));
    private Claimant claimant;

    private FleetProvisioning fleet(KeyType createdKeys) {
        return new FleetProvisioning("eu-west-1", AUTHORITY, createdKeys, policies, () -> now);
    }

    @BeforeEach
    void begin() {
        fleet.createTemplate(template);
        IssuedCertificate claim = fleet.issueClaim("claim", Optional.empty(), template.claimPolicy());
        claimant = new Claimant(DeviceCertificates.certificateId(claim.certificate()), "device-17");
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void createsAKeyOfTheWantedType(KeyType type) throws Exception {
        FleetProvisioning creating = fleet(type);
        IssuedCertificate claim = creating.issueClaim("claim", Optional.empty(), template.claimPolicy());

        UnregisteredCertificate created = creating.createKeysAndCertificate(
                new Claimant(DeviceCertificates.certificateId(claim.certificate()), "device-17"));

        assertThat(created.privateKeyPem()).get().asString().startsWith("-----BEGIN " + type + " PRIVATE KEY-----");
        assertThat(read(created).getPublicKey().getAlgorithm()).isEqualTo(type.name());
    }

    @Test
    void createsAKeyAndAPendingCertificate() throws Exception {
        UnregisteredCertificate created = fleet.createKeysAndCertificate(claimant);

        assertThat(created.privateKeyPem()).isPresent();
        assertThat(DeviceCertificates.certificateId(read(created))).isEqualTo(created.certificateId());
        assertThat(state(created)).isEqualTo(CertificateState.PENDING_ACTIVATION);
        assertThat(fleet.certificates().admits(created.certificateId())).isFalse();
        assertThat(created.toString()).doesNotContain(created.ownershipToken());
    }

    @Test
    void issuesACertificateForTheKeyOfASigningRequest() throws Exception {
        KeyPair keys = KeyType.EC.generate();

        UnregisteredCertificate created =
                fleet.createCertificateFromCsr(claimant, SigningRequests.of(keys, "CN=sensor-17"));

        assertThat(created.privateKeyPem()).isEmpty();
        assertThat(read(created).getPublicKey()).isEqualTo(keys.getPublic());
        read(created).verify(AUTHORITY.certificate().getPublicKey());
    }

    @Test
    void activatesTheCertificateWhenTheThingIsRegistered() throws Exception {
        DevicePolicy policy = DevicePolicy.DENY_ALL.allow(Action.CONNECT, "sensor-*");
        fleet.createTemplate(template.withPolicy(policy));
        UnregisteredCertificate created = create();

        ProvisionedThing thing = register(created, Decision.allow());

        assertThat(thing).isEqualTo(new ProvisionedThing("sensor-17", created.certificateId(), "factory", PARAMETERS));
        assertThat(fleet.things()).containsExactly(thing);
        assertThat(fleet.certificates().admits(created.certificateId())).isTrue();
        assertThat(policies.ofCertificate(created.certificateId())).isSameAs(policy);
        assertThat(fleet.certificates().find(created.certificateId()).orElseThrow())
                .extracting(CertificateDescription::state, found -> found.thingName()
                        .orElseThrow())
                .containsExactly(CertificateState.ACTIVE, "sensor-17");
    }

    @Test
    void passesDeviceAndCertificateToTheHook() throws Exception {
        UnregisteredCertificate created = create();

        Registration registration = fleet.begin(claimant, "factory", created.ownershipToken(), PARAMETERS);

        assertThat(registration.hookRequest())
                .isEqualTo(new PreProvisioningHook.Request(
                        claimant.certificateId(),
                        created.certificateId(),
                        created.certificatePem(),
                        "arn:aws:iot:eu-west-1:123456789012:provisioningtemplate/factory",
                        "device-17",
                        PARAMETERS));
    }

    @Test
    void replacesTheDevicesParametersByTheHooks() throws Exception {
        ProvisionedThing thing =
                register(create(), Decision.allow(Map.of("SerialNumber", "18", "Location", "Seattle")));

        assertThat(thing.name()).isEqualTo("sensor-18");
        assertThat(thing.parameters()).isEqualTo(Map.of("SerialNumber", "18", "Location", "Seattle"));
    }

    @Test
    void keepsACertificatePendingWhenTheHookDenies() throws Exception {
        UnregisteredCertificate created = create();

        assertRejected(403, "AccessDenied", () -> register(created, Decision.deny()));

        assertThat(state(created)).isEqualTo(CertificateState.PENDING_ACTIVATION);
        assertThat(fleet.things()).isEmpty();
        assertThat(register(created, Decision.allow()).name()).isEqualTo("sensor-17");
    }

    @ParameterizedTest
    @CsvSource({"PT59M59S,PENDING_ACTIVATION", "PT1H,EXPIRED", "PT25H,EXPIRED"})
    void expiresAPendingCertificateAfterAnHour(Duration passed, CertificateState state) throws Exception {
        UnregisteredCertificate created = create();

        now = now.plus(passed);

        assertThat(state(created)).isEqualTo(state);
        if (state == CertificateState.EXPIRED) {
            assertRejected(400, "InvalidCertificateOwnershipToken", () -> register(created, Decision.allow()));
        } else {
            assertThat(register(created, Decision.allow()).name()).isEqualTo("sensor-17");
        }
    }

    @Test
    void rejectsATokenThatExpiresWhileTheHookRuns() throws Exception {
        UnregisteredCertificate created = create();
        Registration registration = fleet.begin(claimant, "factory", created.ownershipToken(), PARAMETERS);

        now = now.plus(Duration.ofHours(1));

        assertRejected(400, "InvalidCertificateOwnershipToken", () -> fleet.complete(registration, Decision.allow()));
        assertThat(fleet.things()).isEmpty();
    }

    @Test
    void expiresOnlyUnregisteredCertificates() throws Exception {
        UnregisteredCertificate registered = create();
        UnregisteredCertificate orphan = create();
        register(registered, Decision.allow());

        fleet.certificates().expirePending();
        now = now.plus(Duration.ofDays(30));

        assertThat(state(registered)).isEqualTo(CertificateState.ACTIVE);
        assertThat(state(orphan)).isEqualTo(CertificateState.EXPIRED);
        assertThat(fleet.certificates().all())
                .extracting(CertificateDescription::purpose)
                .containsExactly(Purpose.CLAIM, Purpose.DEVICE, Purpose.DEVICE);
    }

    @Test
    void rejectsAUsedToken() throws Exception {
        UnregisteredCertificate created = create();
        register(created, Decision.allow());

        assertRejected(400, "InvalidCertificateOwnershipToken", () -> register(created, Decision.allow()));
    }

    @Test
    void givesARegisteredThingAnotherCertificate() throws Exception {
        UnregisteredCertificate first = create();
        UnregisteredCertificate second = create();
        register(first, Decision.allow());

        register(second, Decision.allow());

        assertThat(fleet.things()).extracting(ProvisionedThing::certificateId).containsExactly(second.certificateId());
        assertThat(state(first)).isEqualTo(CertificateState.ACTIVE);
    }

    @Test
    void rejectsAnEmptyTokenWithAMessage() {
        ProvisioningRejectedException rejected = assertRejected(
                400, "InvalidCertificateOwnershipToken", () -> fleet.begin(claimant, "factory", "", PARAMETERS));

        assertThat(rejected).hasMessage("Certificate ownership token cannot be empty.");
    }

    @Test
    void rejectsAnUnknownToken() {
        assertRejected(
                400, "InvalidCertificateOwnershipToken", () -> fleet.begin(claimant, "factory", "made-up", PARAMETERS));
    }

    @Test
    void rejectsAnUnknownTemplate() throws Exception {
        String token = create().ownershipToken();
        fleet.deleteTemplate("factory");

        assertRejected(404, "ResourceNotFound", () -> fleet.begin(claimant, "factory", token, PARAMETERS));
    }

    @Test
    void namesTheMissingParametersWhenItRejects() throws Exception {
        String token = create().ownershipToken();
        fleet.createTemplate(template.withRequiredParameters("SerialNumber", "Line", "Plant"));

        assertThat(assertRejected(400, "InvalidParameters", () -> fleet.begin(claimant, "factory", token, PARAMETERS)))
                .hasMessageContaining("Line, Plant");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a b", "a/b", "ä"})
    void rejectsAnInvalidThingName(String name) throws Exception {
        fleet.createTemplate(template.withThingName(parameters -> name));
        UnregisteredCertificate created = create();

        assertRejected(400, "InvalidParameters", () -> register(created, Decision.allow()));
        assertThat(state(created)).isEqualTo(CertificateState.PENDING_ACTIVATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a certificate request"})
    void rejectsTextThatIsNotASigningRequest(String text) {
        assertRejected(400, "InvalidCertificateSigningRequest", () -> fleet.createCertificateFromCsr(claimant, text));
        assertThat(fleet.certificates().all()).hasSize(1);
    }

    @Test
    void rejectsATemporaryClaimAfterItsLifetime() throws Exception {
        IssuedCertificate claim = fleet.issueClaim(
                "installer", Optional.of(CertificateRegistry.TEMPORARY_CLAIM_VALIDITY), template.claimPolicy());
        Claimant late = new Claimant(DeviceCertificates.certificateId(claim.certificate()), "device-17");
        UnregisteredCertificate created = fleet.createKeysAndCertificate(late);

        now = now.plus(CertificateRegistry.TEMPORARY_CLAIM_VALIDITY);

        assertThat(fleet.certificates().admits(late.certificateId())).isFalse();
        assertRejected(403, "AccessDenied", () -> fleet.createKeysAndCertificate(late));
        assertRejected(403, "AccessDenied", () -> fleet.begin(late, "factory", created.ownershipToken(), PARAMETERS));
    }

    @Test
    void doesNotAdmitADeletedCertificate() throws Exception {
        UnregisteredCertificate created = create();
        register(created, Decision.allow());

        fleet.certificates().delete(created.certificateId());

        assertThat(state(created)).isEqualTo(CertificateState.DELETED);
        assertThat(fleet.certificates().admits(created.certificateId())).isFalse();
    }

    @Test
    void deletesAPendingCertificateForGood() throws Exception {
        UnregisteredCertificate created = create();

        fleet.certificates().delete(created.certificateId());
        now = now.plus(Duration.ofHours(1));

        assertThat(state(created)).isEqualTo(CertificateState.DELETED);
        assertThat(fleet.certificates().orphans()).isEmpty();
    }

    @Test
    void admitsACertificateThatIsNotInTheRegistry() {
        IssuedCertificate other = AUTHORITY.issueDevice("other");

        assertThat(fleet.certificates().admits(DeviceCertificates.certificateId(other.certificate())))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "PUBLISH,$aws/certificates/create/json,true",
        "PUBLISH,$aws/certificates/create-from-csr/json,true",
        "SUBSCRIBE,$aws/certificates/create-from-csr/json/accepted,true",
        "SUBSCRIBE,$aws/provisioning-templates/factory/provision/json/rejected,true",
        "PUBLISH,$aws/provisioning-templates/other/provision/json,false",
        "PUBLISH,readings,false",
        "SUBSCRIBE,#,false",
        "RECEIVE,$aws/certificates/create/json/accepted,true",
        "RECEIVE,$aws/certificates/create-from-csr/json/rejected,true",
        "RECEIVE,$aws/provisioning-templates/factory/provision/json/accepted,true",
        "RECEIVE,readings,false",
        "RETAIN_PUBLISH,$aws/certificates/create/json,false"
    })
    void allowsAClaimToProvisionAndNothingElse(Action action, String resource, boolean allowed) {
        assertThat(template.claimPolicy().allows(action, resource)).isEqualTo(allowed);
        assertThat(template.claimPolicy().allows(Action.CONNECT, "any")).isTrue();
    }

    /**
     * Users report this trap: the resource in AWS's example matches only the creation of keys, not signing requests.
     */
    @Test
    void documentedClaimPolicyDoesNotAllowSigningRequests() {
        DevicePolicy documented = DevicePolicy.DENY_ALL.allow(Action.PUBLISH, "$aws/certificates/create/*");

        assertThat(documented.allows(Action.PUBLISH, "$aws/certificates/create/json"))
                .isTrue();
        assertThat(documented.allows(Action.PUBLISH, "$aws/certificates/create-from-csr/json"))
                .isFalse();
    }

    private UnregisteredCertificate create() throws ProvisioningRejectedException {
        return fleet.createCertificateFromCsr(claimant, SigningRequests.of(KeyType.EC.generate(), "CN=device"));
    }

    private ProvisionedThing register(UnregisteredCertificate created, Decision decision)
            throws ProvisioningRejectedException {
        return fleet.complete(fleet.begin(claimant, "factory", created.ownershipToken(), PARAMETERS), decision);
    }

    private CertificateState state(UnregisteredCertificate created) {
        return fleet.certificates().find(created.certificateId()).orElseThrow().state();
    }

    private static X509Certificate read(UnregisteredCertificate created) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(created.certificatePem().getBytes(StandardCharsets.US_ASCII)));
    }

    private static ProvisioningRejectedException assertRejected(int status, String code, ThrowingCallable request) {
        ProvisioningRejectedException rejected = catchThrowableOfType(ProvisioningRejectedException.class, request);
        assertThat(rejected).isNotNull();
        assertThat(rejected.statusCode()).isEqualTo(status);
        assertThat(rejected.errorCode()).isEqualTo(code);
        return rejected;
    }
}
