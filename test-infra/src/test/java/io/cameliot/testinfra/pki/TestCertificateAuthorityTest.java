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
package io.cameliot.testinfra.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestCertificateAuthorityTest {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final TestCertificateAuthority authority = TestCertificateAuthority.create("Test Root CA");

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void issuesCertificatesThatOnlyItValidates(KeyType keyType) {
        TestCertificateAuthority root = TestCertificateAuthority.create("Root", keyType);
        IssuedCertificate device = root.certificate("sensor").keyType(keyType).issue();

        assertThatCode(() -> validate(device, root)).doesNotThrowAnyException();
        assertThatThrownBy(() -> validate(device, TestCertificateAuthority.create("Root", keyType)))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void putsTheIntermediateButNotTheRootIntoTheChain() {
        TestCertificateAuthority intermediate = authority.createIntermediate("Fleet CA");
        IssuedCertificate device = intermediate.issueDevice("sensor");

        assertThat(device.chain()).containsExactly(device.certificate(), intermediate.certificate());
        assertThatCode(() -> validate(device, authority)).doesNotThrowAnyException();
    }

    @Test
    void writesDnsNamesAndAddressesAsAlternativeNames() throws Exception {
        X509Certificate certificate = authority
                .issueServer("a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com", "127.0.0.1", "::1")
                .certificate();

        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        assertThat(names)
                .containsExactly(
                        List.of(DNS_NAME, "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com"),
                        List.of(IP_ADDRESS, "127.0.0.1"),
                        List.of(IP_ADDRESS, "0:0:0:0:0:0:0:1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    }

    @Test
    void issuesDevicesForClientAuthenticationOnly() throws Exception {
        X509Certificate certificate = authority.issueDevice("sensor").certificate();

        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=sensor");
    }

    @Test
    void issuesExpiredCertificatesOnRequest() {
        IssuedCertificate expired = authority
                .certificate("sensor")
                .validFrom(Instant.now().minus(Duration.ofDays(2)))
                .validUntil(Instant.now().minus(Duration.ofDays(1)))
                .issue();

        assertThatThrownBy(() -> validate(expired, authority)).hasCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void refusesAValidityThatEndsBeforeItStarts() {
        CertificateRequest request = authority.certificate("sensor").validUntil(Instant.EPOCH);

        assertThatThrownBy(request::issue)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be before validUntil 1970-01-01T00:00:00Z");
    }

    @Test
    void refusesServersWithoutAName() {
        assertThatThrownBy(authority::issueServer).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesItsCertificateAsPem(@TempDir Path directory) throws Exception {
        Path file = authority.writeCertificate(directory.resolve("pki/ca.pem"));

        try (var in = Files.newInputStream(file)) {
            assertThat(CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .isEqualTo(authority.certificate());
        }
    }

    @Test
    void hidesItsKeysInItsText() {
        IssuedCertificate device = authority.issueDevice("sensor");

        assertThat(device).hasToString("IssuedCertificate[CN=sensor]");
        assertThat(authority).hasToString("TestCertificateAuthority[CN=Test Root CA]");
    }

    private static void validate(IssuedCertificate issued, TestCertificateAuthority authority)
            throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(issued.chain()), parameters);
    }
}
