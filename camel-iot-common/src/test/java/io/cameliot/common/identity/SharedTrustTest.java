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

import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

class SharedTrustTest {

    private static final X509Certificate AUTHORITY =
            TestCertificateAuthority.create("Test CA").certificate();

    private final SharedTrust trust = new SharedTrust();
    private final AtomicInteger parsed = new AtomicInteger();

    @Test
    void parsesTheCertificatesOfAHundredDevicesOnce() throws Exception {
        Set<TrustManager> managers = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            managers.add(of("ca"));
        }

        assertThat(parsed).hasValue(1);
        assertThat(managers).hasSize(1).allSatisfy(manager -> assertThat(
                        ((X509TrustManager) manager).getAcceptedIssuers())
                .containsExactly(AUTHORITY));
    }

    @Test
    void separatesTheTrustOfDifferentContent() throws Exception {
        assertThat(of("ca")).isNotSameAs(of("another ca"));
        assertThat(parsed).hasValue(2);
    }

    @Test
    void evictsTheLeastRecentlyUsedTrust() throws Exception {
        for (int i : IntStream.range(0, 100).toArray()) {
            of("ca");
            of("renewed ca " + i);
        }
        assertThat(parsed).hasValue(101);

        of("renewed ca 0");
        assertThat(parsed).hasValue(102);
    }

    @Test
    void sharesTheTrustOfTheJdksAuthorities() throws Exception {
        TrustManager[] managers = trust.ofJdk();

        assertThat(trust.ofJdk()).isSameAs(managers);
        assertThat(((X509TrustManager) managers[0]).getAcceptedIssuers()).isNotEmpty();
    }

    private TrustManager of(String content) throws Exception {
        return trust.ofPem(content.getBytes(StandardCharsets.UTF_8), () -> {
            parsed.incrementAndGet();
            return List.of(AUTHORITY);
        })[0];
    }
}
