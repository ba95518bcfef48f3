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
package io.cameliot.testinfra.dps.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.dps.identity.Credentials.CertificateChain;
import io.cameliot.testinfra.dps.identity.Credentials.None;
import io.cameliot.testinfra.dps.identity.Credentials.SasToken;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.CertificateAuthorities;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.DeviceCertificates;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.SymmetricKeys;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialCheckTest {

    private static final String RESOURCE = "0ne00000001/registrations/boiler-7";
    private static final Instant NOW = Instant.now();
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final EnrollmentKey PRIMARY = EnrollmentKey.random();
    private static final EnrollmentKey SECONDARY = EnrollmentKey.random();
    private static final SymmetricKeys KEYS = new SymmetricKeys(List.of(PRIMARY, SECONDARY));
    private static final CredentialCheck CHECK = new CredentialCheck(RESOURCE, Set.of("", "registration"), NOW);

    private static final TestCertificateAuthority ROOT = TestCertificateAuthority.create("Root");
    private static final TestCertificateAuthority INTERMEDIATE = ROOT.createIntermediate("Intermediate");
    private static final IssuedCertificate DEVICE = INTERMEDIATE.issueDevice("boiler-7");

    @Test
    void acceptsATokenOfTheSecondaryKey() {
        assertThat(CHECK.problem(token(RESOURCE, SECONDARY, LATER, "registration"), KEYS))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"registration", "''", ","})
    void acceptsATokenWithOrWithoutKeyName(String keyName) {
        assertThat(CHECK.problem(token(RESOURCE, PRIMARY, LATER, keyName), KEYS))
                .isEmpty();
    }

    @Test
    void acceptsAResourceInLowerCase() {
        CredentialCheck check = new CredentialCheck("0NE/registrations/Boiler", Set.of("registration"), NOW);

        assertThat(check.problem(token("0ne/registrations/boiler", PRIMARY, LATER, null), KEYS))
                .isEmpty();
    }

    @Test
    void refusesATokenWithAnotherKeyResourceTimeOrKeyName() {
        assertThat(CHECK.problem(token(RESOURCE, EnrollmentKey.random(), LATER, null), KEYS))
                .hasValue("the SAS token is signed with another key");
        assertThat(CHECK.problem(token("0ne00000001/registrations/other", PRIMARY, LATER, null), KEYS))
                .hasValueSatisfying(problem -> assertThat(problem).contains("/other", "/boiler-7"));
        assertThat(CHECK.problem(token(RESOURCE, PRIMARY, NOW, null), KEYS)).hasValue("the SAS token is expired");
        assertThat(CHECK.problem(token(RESOURCE, PRIMARY, LATER, "iothubowner"), KEYS))
                .hasValueSatisfying(problem -> assertThat(problem).contains("skn"));
        assertThat(CHECK.problem(new SasToken("secret"), KEYS))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("no SAS token").doesNotContain("secret"));
    }

    @Test
    void acceptsOnlyThePinnedCertificate() {
        DeviceCertificates pinned = new DeviceCertificates(
                List.of(INTERMEDIATE.issueDevice("boiler-7").certificate(), DEVICE.certificate()));

        assertThat(CHECK.problem(chain(DEVICE.certificate()), pinned)).isEmpty();
        assertThat(CHECK.problem(chain(INTERMEDIATE.issueDevice("boiler-7").certificate()), pinned))
                .hasValueSatisfying(problem -> assertThat(problem).contains("thumbprint"));
    }

    @Test
    void refusesAnExpiredPinnedCertificate() {
        CredentialCheck later = new CredentialCheck(RESOURCE, Set.of(), NOW.plus(Duration.ofDays(36_500)));

        assertThat(later.problem(chain(DEVICE.certificate()), new DeviceCertificates(List.of(DEVICE.certificate()))))
                .hasValueSatisfying(problem -> assertThat(problem).contains("expired"));
    }

    @Test
    void acceptsAChainToTheEnrolledRootOrIntermediate() {
        CertificateChain sent = new CertificateChain(DEVICE.chain());

        assertThat(CHECK.problem(sent, authority(ROOT))).isEmpty();
        assertThat(CHECK.problem(sent, authority(INTERMEDIATE))).isEmpty();
    }

    @Test
    void refusesAnIncompleteExpiredOrForeignChain() {
        assertThat(CHECK.problem(chain(DEVICE.certificate()), authority(ROOT))).isPresent();
        assertThat(CHECK.problem(
                        new CertificateChain(DEVICE.chain()), authority(TestCertificateAuthority.create("Root"))))
                .isPresent();
        assertThat(new CredentialCheck(RESOURCE, Set.of(), NOW.plus(Duration.ofDays(36_500)))
                        .problem(new CertificateChain(DEVICE.chain()), authority(ROOT)))
                .isPresent();
    }

    @Test
    void refusesCredentialsOfAKindThatIsNotEnrolled() {
        assertThat(CHECK.problem(chain(DEVICE.certificate()), KEYS)).isPresent();
        assertThat(CHECK.problem(token(RESOURCE, PRIMARY, LATER, null), authority(ROOT)))
                .isPresent();
        assertThat(CHECK.problem(new None(), KEYS))
                .hasValueSatisfying(problem -> assertThat(problem).contains("no credentials"));
    }

    private static SasToken token(String resource, EnrollmentKey key, Instant expiry, String keyName) {
        return new SasToken(
                SharedAccessSignature.sign(resource, key, expiry, keyName).token());
    }

    private static CertificateChain chain(X509Certificate... certificates) {
        return new CertificateChain(List.of(certificates));
    }

    private static CertificateAuthorities authority(TestCertificateAuthority authority) {
        return new CertificateAuthorities(List.of(authority.certificate()));
    }
}
