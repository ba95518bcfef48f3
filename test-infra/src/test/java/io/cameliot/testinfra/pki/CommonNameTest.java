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

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommonNameTest {
    private static final KeyPair KEYS = KeyType.EC.generate();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=sensor-1|sensor-1",
                "O=Factory,CN=sensor-1|sensor-1",
                "C=DE+CN=sensor-1|sensor-1",
                "CN=first,CN=second|first",
                "CN=a\\,b\\+c|a,b+c",
                "CN=Grüße|Grüße"
            })
    void readsTheFirstCommonName(String subject, String commonName) throws Exception {
        assertThat(CommonName.of(certificate(subject))).contains(commonName);
        assertThat(SigningRequest.parse(SigningRequests.of(KEYS, subject)).commonName())
                .isEqualTo(commonName);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "O=Factory"})
    void findsNoCommonNameInAnotherSubject(String subject) throws Exception {
        assertThat(CommonName.of(certificate(subject))).isEmpty();
    }

    private static X509Certificate certificate(String subject) throws Exception {
        Date now = Date.from(Instant.now());
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Name("CN=Test Root CA"),
                                BigInteger.ONE,
                                now,
                                now,
                                new X500Name(subject),
                                KEYS.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
    }
}
