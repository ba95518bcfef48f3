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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** JCA providers before the JDK's do not change the results. */
class ProviderOrderTest {

    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Test CA");
    /** Issued once, because generating an RSA key takes half a second. */
    private static final Map<KeyType, IssuedCertificate> DEVICES = Stream.of(KeyType.values())
            .collect(Collectors.toMap(
                    type -> type,
                    type -> AUTHORITY.certificate("device").keyType(type).issue()));

    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final char[] NONE = {};
    private static final char[] SECRET = "correct horse".toCharArray();

    private List<String> before = List.of();

    static Stream<List<Provider>> providers() {
        return Stream.of(
                List.of(), List.of(new BouncyCastleProvider()), List.of(new Impostor(), new BouncyCastleProvider()));
    }

    private void insert(List<Provider> first) {
        before = Stream.of(Security.getProviders()).map(Provider::getName).toList();
        for (int i = 0; i < first.size(); i++) {
            Security.insertProviderAt(first.get(i), i + 1);
        }
    }

    @AfterEach
    void restoreProviders() {
        for (Provider provider : Security.getProviders()) {
            if (!before.isEmpty() && !before.contains(provider.getName())) {
                Security.removeProvider(provider.getName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void readsKeyStoresWithAnyProviderFirst(List<Provider> first) throws Exception {
        for (KeyType key : KeyType.values()) {
            IssuedCertificate device = DEVICES.get(key);
            for (String type : List.of("PKCS12", "JKS")) {
                for (char[] password : List.of(SECRET, NONE)) {
                    String store = base64(store(device.keyStore(password, type), password));
                    insert(first);
                    assertThat(keyStore(store, password).clientCertificate().getEncoded())
                            .as("%s with a password of %s", type, password.length)
                            .isEqualTo(device.certificate().getEncoded());
                    assertThat(keyStore(store, password).create().getProvider().getName())
                            .isEqualTo("SunJSSE");
                    assertThatIllegalArgumentException()
                            .isThrownBy(() ->
                                    keyStore(store, "hunter2".toCharArray()).create())
                            .withMessageContaining("option keyStorePassword is wrong");
                    restoreProviders();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void readsPemWithAnyProviderFirst(List<Provider> first) {
        for (KeyType type : KeyType.values()) {
            for (KeyFormat format : List.of(KeyFormat.PKCS8, type == KeyType.RSA ? KeyFormat.PKCS1 : KeyFormat.SEC1)) {
                IssuedCertificate device = DEVICES.get(type);
                TlsConfiguration options = new TlsConfiguration();
                options.setCaFile(base64(AUTHORITY.certificatePem().getBytes(StandardCharsets.US_ASCII)));
                options.setCertificateFile(base64(device.chainPem().getBytes(StandardCharsets.US_ASCII)));
                options.setPrivateKeyFile(
                        base64(device.privateKeyPem(format, SECRET).getBytes(StandardCharsets.US_ASCII)));
                options.setPrivateKeyPassword(new String(SECRET));
                insert(first);

                assertThat(factory(options).create().getProvider().getName()).isEqualTo("SunJSSE");
                assertThat(factory(options).clientCertificate()).isEqualTo(device.certificate());
                restoreProviders();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void createsATlsContextWithAnyProviderFirst(List<Provider> first) throws Exception {
        insert(first);

        assertThat(factory(new TlsConfiguration()).create().getProvider().getName())
                .isEqualTo("SunJSSE");
    }

    @ParameterizedTest
    @CsvSource({
        "KeyStore, JKS",
        "KeyStore, PKCS12",
        "CertificateFactory, X.509",
        "KeyFactory, EC",
        "Mac, HmacSHA256",
        "MessageDigest, SHA-256",
        "SSLContext, TLS",
    })
    void findsTheJdksProviderBehindOthers(String type, String algorithm) throws Exception {
        Provider own = JdkProviders.of(type, algorithm);
        insert(List.of(new Impostor(), new BouncyCastleProvider()));

        assertThat(JdkProviders.of(type, algorithm)).isSameAs(own);
    }

    @Test
    void findsAnotherProviderIfTheJdkHasNone() throws Exception {
        insert(List.of(new BouncyCastleProvider()));

        assertThat(JdkProviders.of("KeyStore", "BKS").getName()).isEqualTo("BC");
    }

    /** Offers the services of another vendor's provider, including TLS, and implements none. */
    private static final class Impostor extends Provider {

        private static final long serialVersionUID = 1L;

        Impostor() {
            super("Impostor", "1", "Can do nothing");
            put("SSLContext.TLS", "nowhere.Tls");
            put("KeyManagerFactory.SunX509", "nowhere.Keys");
            put("TrustManagerFactory.PKIX", "nowhere.Trust");
            put("KeyStore.JKS", "nowhere.Store");
            put("KeyStore.PKCS12", "nowhere.Store");
            put("CertificateFactory.X.509", "nowhere.Certificates");
        }
    }

    private static byte[] store(KeyStore store, char[] password) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        return bytes.toByteArray();
    }

    private static String base64(byte[] content) {
        return "base64:" + Base64.getEncoder().encodeToString(content);
    }

    private static TlsContextFactory keyStore(String location, char[] password) {
        TlsConfiguration options = new TlsConfiguration();
        options.setKeyStoreFile(location);
        options.setKeyStorePassword(new String(password));
        return factory(options);
    }

    private static TlsContextFactory factory(TlsConfiguration options) {
        return new TlsContextFactory(CAMEL, options, new SharedTrust());
    }
}
