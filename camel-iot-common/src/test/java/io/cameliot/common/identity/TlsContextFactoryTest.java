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
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsContextFactoryTest {

    private static final String SECRET = "correct horse";
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Test CA");
    /** Issued once, because generating an RSA key takes half a second. */
    private static final Map<KeyType, IssuedCertificate> DEVICES = Stream.of(KeyType.values())
            .collect(Collectors.toMap(
                    type -> type,
                    type -> AUTHORITY.certificate("sensor-2").keyType(type).issue()));

    private static final CamelContext CAMEL = new DefaultCamelContext();

    @TempDir
    private Path folder;

    private final TlsConfiguration options = new TlsConfiguration();
    private IssuedCertificate device;

    @BeforeAll
    static void startCamel() {
        CAMEL.start();
    }

    @AfterAll
    static void stopCamel() {
        CAMEL.stop();
    }

    @BeforeEach
    void writeFiles() throws IOException {
        device = AUTHORITY.issueDevice("sensor-1");
        options.setCertificateFile(write("device.pem", device.chainPem()));
        options.setPrivateKeyFile(write("device.key", device.privateKeyPem(KeyFormat.PKCS8)));
        options.setCaFile(write("ca.pem", AUTHORITY.certificatePem()));
    }

    @ParameterizedTest
    @CsvSource({"RSA, PKCS8", "RSA, PKCS1", "EC, PKCS8", "EC, SEC1"})
    void readsEveryKeyFormat(KeyType type, KeyFormat format) throws IOException {
        IssuedCertificate issued = DEVICES.get(type);
        options.setCertificateFile(write("2.pem", issued.chainPem()));
        options.setPrivateKeyFile(write("2.key", issued.privateKeyPem(format)));

        assertThat(factory().create()).isNotNull();
        assertThat(factory().clientCertificate()).isEqualTo(issued.certificate());
    }

    @ParameterizedTest
    @CsvSource({"RSA, PKCS8", "RSA, PKCS1", "EC, PKCS8", "EC, SEC1"})
    void readsEveryKeyFormatEncrypted(KeyType type, KeyFormat format) throws IOException {
        IssuedCertificate issued = DEVICES.get(type);
        options.setCertificateFile(write("2.pem", issued.chainPem()));
        options.setPrivateKeyFile(write("2.key", issued.privateKeyPem(format, SECRET.toCharArray())));
        options.setPrivateKeyPassword(SECRET);

        assertThat(factory().create()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(KeyFormat.class)
    void namesThePasswordOptionWhenItIsMissingOrWrong(KeyFormat format) throws IOException {
        KeyType type = format == KeyFormat.SEC1 ? KeyType.EC : KeyType.RSA;
        IssuedCertificate issued = DEVICES.get(type);
        options.setCertificateFile(write("2.pem", issued.chainPem()));
        options.setPrivateKeyFile(write("2.key", issued.privateKeyPem(format, SECRET.toCharArray())));

        assertRefused("privateKeyFile", "set option privateKeyPassword");
        options.setPrivateKeyPassword("hunter2");
        assertRefused("privateKeyFile", "option privateKeyPassword is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void readsKeyStores(String type) throws Exception {
        useKeyStore(type, device.keyStore(SECRET.toCharArray(), type));

        assertThat(factory().clientCertificate()).isEqualTo(device.certificate());
        options.setKeyStorePassword("hunter2");
        assertRefused("keyStoreFile", "option keyStorePassword is wrong");
    }

    @Test
    void requiresAnAliasWhenTheKeyStoreHasSeveralKeys() throws Exception {
        KeyStore store = device.keyStore(SECRET.toCharArray(), "PKCS12");
        IssuedCertificate second = AUTHORITY.issueDevice("sensor-2");
        store.setKeyEntry(
                "second",
                second.privateKey(),
                SECRET.toCharArray(),
                second.chain().toArray(new Certificate[0]));
        useKeyStore("PKCS12", store);

        assertRefused("keyAlias", "second");
        options.setKeyAlias("second");
        assertThat(factory().clientCertificate()).isEqualTo(second.certificate());
        options.setKeyAlias("third");
        assertRefused("keyAlias", "third");
    }

    @Test
    void readsBase64AndFileLocations() {
        options.setPrivateKeyFile("base64:"
                + Base64.getEncoder()
                        .encodeToString(device.privateKeyPem(KeyFormat.PKCS8).getBytes()));
        options.setCertificateFile("file:" + options.getCertificateFile());

        assertThat(factory().create()).isNotNull();
    }

    @Test
    void hidesABase64KeyInMessages() {
        options.setPrivateKeyFile("base64:c2VjcmV0");

        assertRefused("privateKeyFile", "no PEM private key", message -> assertThat(message)
                .doesNotContain("c2VjcmV0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile", "privateKeyFile", "caFile", "keyStoreFile"})
    void namesTheOptionOfAMissingFile(String option) {
        set(option, folder.resolve("nowhere.pem").toString());

        assertRefused(option, "there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile", "privateKeyFile", "caFile", "keyStoreFile"})
    void namesTheOptionOfAnUnreadableFile(String option) throws IOException {
        set(option, write("rubbish", "-----BEGIN RUBBISH-----\nnot base64!\n-----END RUBBISH-----\n"));

        assertRefused(option, "rubbish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile", "privateKeyFile", "caFile"})
    void namesTheOptionOfAnEmptyFileAndOfAFolder(String option) throws IOException {
        set(option, write("empty", ""));
        assertRefused(option, "PEM");
        set(option, folder.toString());
        assertRefused(option, folder.toString());
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void refusesAKeyOfAnotherCertificate(KeyType type) throws IOException {
        use(DEVICES.get(type));
        options.setPrivateKeyFile(write(
                "other.key",
                AUTHORITY.certificate("other").keyType(type).issue().privateKeyPem(KeyFormat.PKCS8)));

        assertRefused("certificateFile and privateKeyFile", "do not fit together");
    }

    @Test
    void refusesAKeyOfAnotherAlgorithm() throws IOException {
        options.setPrivateKeyFile(write("other.key", DEVICES.get(KeyType.RSA).privateKeyPem(KeyFormat.PKCS8)));

        assertRefused("certificateFile and privateKeyFile", "do not fit together");
    }

    @Test
    void refusesAnExpiredAndANotYetValidCertificate() throws IOException {
        Instant now = Instant.now();
        use(AUTHORITY
                .certificate("old")
                .validFrom(now.minusSeconds(7200))
                .validUntil(now.minusSeconds(3600))
                .issue());
        assertRefused("certificateFile", "expired on");

        use(AUTHORITY
                .certificate("new")
                .validFrom(now.plusSeconds(3600))
                .validUntil(now.plusSeconds(7200))
                .issue());
        assertRefused("certificateFile", "valid only from");
    }

    @Test
    void refusesACertificateWithoutKeyAndAKeyWithoutCertificate() {
        options.setPrivateKeyFile(null);
        assertRefused("privateKeyFile", "missing");

        options.setPrivateKeyFile("x");
        options.setCertificateFile(null);
        assertRefused("certificateFile", "missing");
    }

    @Test
    void showsNoKeyThatStandsWhereThePathOfItsFileBelongs() {
        String pem = device.privateKeyPem(KeyFormat.PKCS8);
        String base64 = pem.lines().filter(line -> !line.startsWith("-")).collect(Collectors.joining());
        options.setPrivateKeyFile(pem);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory().checkOptions())
                .withMessageContaining(
                        "Option privateKeyFile holds PEM text (value not shown): give the path of a file")
                .withMessageNotContaining(base64.substring(0, 20));

        options.setPrivateKeyFile(base64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory().create())
                .withMessageContaining("Option privateKeyFile '… (value not shown: it may be a key without base64:)'")
                .withMessageNotContaining(base64.substring(0, 20));
    }

    @Test
    void refusesOptionsOfAKeyStoreWithoutOne() {
        options.setKeyAlias("sensor");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory().checkOptions())
                .withMessageContaining("Option keyAlias needs option keyStoreFile");
    }

    @Test
    void refusesTwoSourcesOfTheKey() {
        options.setKeyStoreFile("x");
        assertRefused("keyStoreFile", "exclude each other");

        options.setSslContextParameters(new SSLContextParameters());
        assertRefused("sslContextParameters", "give either the one or the others");
    }

    @Test
    void createsAContextFromSslContextParametersOnly() {
        TlsConfiguration alone = new TlsConfiguration();
        alone.setSslContextParameters(new SSLContextParameters());

        assertThat(new TlsContextFactory(CAMEL, alone, new SharedTrust()).create())
                .isInstanceOf(SSLContext.class);
    }

    @Test
    void usesARenewedCertificateAtTheNextAttempt() throws IOException {
        TlsContextFactory factory = factory();
        IssuedCertificate renewed = AUTHORITY.issueDevice("sensor-1");

        write("device.pem", renewed.chainPem());
        write("device.key", renewed.privateKeyPem(KeyFormat.PKCS8));

        assertThat(factory.clientCertificate()).isEqualTo(renewed.certificate());
    }

    @Test
    void parsesUnchangedFilesOnce() throws IOException {
        TlsContextFactory factory = factory();
        X509Certificate first = factory.clientCertificate();

        write("device.pem", device.chainPem());
        assertThat(factory.clientCertificate()).isSameAs(first);
    }

    @Test
    void refusesACertificateThatExpiresAfterItWasRead() throws IOException {
        use(AUTHORITY
                .certificate("short-lived")
                .validFrom(Instant.now().minusSeconds(60))
                .validUntil(Instant.now().plusSeconds(2))
                .issue());
        TlsContextFactory factory = factory();
        assertThat(factory.create()).isNotNull();

        await().untilAsserted(() -> assertThatIllegalArgumentException()
                .isThrownBy(factory::create)
                .withMessageContaining("certificateFile")
                .withMessageContaining("expired on"));
    }

    @Test
    void equalsOnlyAFactoryWithTheSameOptions() {
        TlsContextFactory same = new TlsContextFactory(CAMEL, options, new SharedTrust());
        assertThat(same).isEqualTo(factory()).hasSameHashCodeAs(factory());

        for (Consumer<String> setter : List.<Consumer<String>>of(
                options::setCaFile,
                options::setCertificateFile,
                options::setPrivateKeyFile,
                options::setPrivateKeyPassword,
                options::setKeyStoreFile,
                options::setKeyStorePassword,
                options::setKeyAlias)) {
            TlsContextFactory before = factory();
            setter.accept("changed");
            assertThat(factory()).isNotEqualTo(before);
        }
    }

    private TlsContextFactory factory() {
        return new TlsContextFactory(CAMEL, options, new SharedTrust());
    }

    private void assertRefused(String option, String reason) {
        assertRefused(option, reason, message -> {});
    }

    private void assertRefused(String option, String reason, Consumer<String> more) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory().create())
                .withMessageContaining(option)
                .withMessageContaining(reason)
                .satisfies(e -> {
                    for (Throwable t = e; t != null; t = t.getCause()) {
                        assertThat(String.valueOf(t.getMessage())).doesNotContain(SECRET, "hunter2");
                    }
                    more.accept(e.getMessage());
                });
    }

    private void use(IssuedCertificate issued) throws IOException {
        options.setCertificateFile(write("used.pem", issued.chainPem()));
        options.setPrivateKeyFile(write("used.key", issued.privateKeyPem(KeyFormat.PKCS8)));
    }

    private void useKeyStore(String type, KeyStore store) throws Exception {
        Path file = folder.resolve("store." + type);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, SECRET.toCharArray());
        }
        options.setCertificateFile(null);
        options.setPrivateKeyFile(null);
        options.setKeyStoreFile(file.toString());
        options.setKeyStorePassword(SECRET);
    }

    private void set(String option, String value) {
        switch (option) {
            case "certificateFile" -> options.setCertificateFile(value);
            case "privateKeyFile" -> options.setPrivateKeyFile(value);
            case "caFile" -> options.setCaFile(value);
            case "keyStoreFile" -> {
                options.setCertificateFile(null);
                options.setPrivateKeyFile(null);
                options.setKeyStoreFile(value);
                options.setKeyStorePassword(SECRET);
            }
            default -> throw new IllegalArgumentException(option);
        }
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
