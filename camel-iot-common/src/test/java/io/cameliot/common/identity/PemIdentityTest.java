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
package io.cameliot.common.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PemIdentityTest {

    private static final TestCertificateAuthority CA = TestCertificateAuthority.create("CA");

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void name() {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
    }

    @ParameterizedTest
    @CsvSource({"EC, PKCS8", "EC, SEC1", "RSA, PKCS8", "RSA, PKCS1"})
    void takesACertificateWithItsKey(KeyType type, KeyFormat format) throws IOException {
        IssuedCertificate issued = CA.certificate("device").keyType(type).issue();
        write(issued.chainPem(), issued.privateKeyPem(format));

        assertThat(PemIdentity.problem(certificate, key)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void refusesTheKeyOfAnotherCertificate(KeyType type) throws IOException {
        IssuedCertificate issued = CA.certificate("device").keyType(type).issue();
        IssuedCertificate other = CA.certificate("other").keyType(type).issue();
        write(issued.chainPem(), other.privateKeyPem(KeyFormat.PKCS8));

        assertThat(PemIdentity.problem(certificate, key).orElseThrow())
                .isEqualTo("the private key is not that of the certificate "
                        + issued.certificate().getSubjectX500Principal());
    }

    @Test
    void refusesFilesThatAreInterchangedEmptyOrCutOff() throws IOException {
        IssuedCertificate issued = CA.issueDevice("device");
        String pem = issued.privateKeyPem(KeyFormat.PKCS8);
        write(pem, issued.chainPem());
        assertThat(PemIdentity.problem(certificate, key)).isPresent();
        write(issued.chainPem(), "");
        assertThat(PemIdentity.problem(certificate, key)).isPresent();
        write(issued.chainPem(), pem.substring(0, pem.length() / 2));
        assertThat(PemIdentity.problem(certificate, key))
                .isPresent()
                .get()
                .asString()
                .doesNotContain(pem.lines().skip(1).findFirst().orElseThrow());
    }

    /** Which the clock decides, and a clock can be wrong. */
    @Test
    void doesNotCheckTheValidity() throws IOException {
        IssuedCertificate expired = CA.certificate("device")
                .validFrom(Instant.now().minus(Duration.ofDays(9)))
                .validUntil(Instant.now().minus(Duration.ofDays(1)))
                .issue();
        write(expired.chainPem(), expired.privateKeyPem(KeyFormat.PKCS8));

        assertThat(PemIdentity.problem(certificate, key)).isEmpty();
    }

    @Test
    void takesAKeyThatItCannotDecrypt() throws IOException {
        IssuedCertificate issued = CA.issueDevice("device");
        write(issued.chainPem(), issued.privateKeyPem(KeyFormat.PKCS8, "password".toCharArray()));

        assertThat(PemIdentity.problem(certificate, key)).isEmpty();
    }

    @Test
    void reportsAFileThatCannotBeRead() throws IOException {
        write("", "");
        Files.delete(key);

        assertThatThrownBy(() -> PemIdentity.problem(certificate, key)).isInstanceOf(NoSuchFileException.class);
    }

    private void write(String certificates, String privateKey) throws IOException {
        Files.writeString(certificate, certificates);
        Files.writeString(key, privateKey);
    }
}
