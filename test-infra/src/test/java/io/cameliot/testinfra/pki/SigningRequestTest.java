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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningRequestTest {

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void issuesACertificateForTheDevicesKey(KeyType type) throws Exception {
        TestCertificateAuthority authority = TestCertificateAuthority.create("Test Root CA");
        KeyPair keys = type.generate();

        SigningRequest request = SigningRequest.parse(SigningRequests.of(keys, "CN=sensor-1"));
        List<X509Certificate> chain = authority.issueDevice(request, request.commonName());

        assertThat(chain).hasSize(1);
        assertThat(chain.get(0).getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(chain.get(0).getSubjectX500Principal().getName()).isEqualTo("CN=sensor-1");
        assertThat(chain.get(0).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        chain.get(0).verify(authority.certificate().getPublicKey());
    }

    @ParameterizedTest
    @CsvSource({"CN=sensor-1,sensor-1", "'O=Factory,CN=a b+OU=x','a b'", "O=Factory,''"})
    void readsTheCommonNameIfThereIsOne(String subject, String commonName) {
        assertThat(SigningRequest.parse(SigningRequests.of(KeyType.EC.generate(), subject))
                        .commonName())
                .isEqualTo(commonName);
    }

    @Test
    void rejectsARequestSignedByAnotherKey() {
        String forged =
                SigningRequests.of(KeyType.EC.generate(), KeyType.EC.generate().getPublic(), "CN=sensor-1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningRequest.parse(forged))
                .withMessageContaining("not signed by its own key");
    }

    @Test
    void rejectsAWeakKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        String weak = SigningRequests.of(generator.generateKeyPair(), "CN=sensor-1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningRequest.parse(weak))
                .withMessageContaining("2048");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no PEM",
                "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n"
            })
    void refusesWhatIsNoRequest(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SigningRequest.parse(text));
    }

    @Test
    void rejectsACertificateInsteadOfARequest() {
        String certificate = TestCertificateAuthority.create("Test Root CA").certificatePem();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningRequest.parse(certificate))
                .withMessageContaining("CERTIFICATE REQUEST");
    }
}
