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
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PEM files are read completely or refused with the option's name, for every option and every kind of location. */
class PemFilesTest {

    private static final List<String> OPTIONS = List.of("certificateFile", "privateKeyFile", "caFile");
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Test CA");
    private static final IssuedCertificate DEVICE =
            AUTHORITY.certificate("device").keyType(KeyType.EC).issue();
    private static final String KEY = DEVICE.privateKeyPem(KeyFormat.SEC1);
    private static final String EC_PARAMETERS =
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    @TempDir
    private Path folder;

    private final CamelContext camel = new DefaultCamelContext();
    private final TlsConfiguration options = new TlsConfiguration();

    @BeforeEach
    void writeFiles() throws IOException {
        camel.setApplicationContextClassLoader(new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader()));
        camel.start();
        for (String option : OPTIONS) {
            set(option, "path", pem(option).getBytes(StandardCharsets.US_ASCII));
        }
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    static Stream<Arguments> acceptsEveryReadableFormOfPem() {
        return Stream.of(
                        form("byte order mark", pem -> "\uFEFF" + pem),
                        form("byte order mark of a file behind another", pem -> EC_PARAMETERS + "\uFEFF" + pem),
                        form("CR line ends", pem -> pem.replace("\n", "\r")),
                        form("CRLF line ends", pem -> pem.replace("\n", "\r\n")),
                        form("mixed line ends", pem -> pem.replaceFirst("\n", "\r")
                                .replaceFirst("\n", "\r\n")),
                        form("indentation", pem -> pem.replaceAll("(?m)^", "    ")),
                        form("blanks behind lines", pem -> pem.replace("\n", " \t\n")),
                        form("empty lines", pem -> pem.replace("\n", "\n\n")),
                        form("no line end at the end", String::strip),
                        form("Bag Attributes", pem -> "Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n" + pem),
                        form("comments", pem -> "# ---- BEGIN chain ----\n" + pem + "\n==== end ====\n"),
                        form("parameters", pem -> EC_PARAMETERS + pem),
                        form("a public key", pem -> pem + "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"))
                .flatMap(form -> OPTIONS.stream().map(option -> arguments(option, form.get()[0], form.get()[1])));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void acceptsEveryReadableFormOfPem(String option, String name, UnaryOperator<String> change) throws IOException {
        set(option, "path", change.apply(pem(option)).getBytes(StandardCharsets.UTF_8));

        assertThat(factory().create()).isNotNull();
        assertThat(factory().clientCertificate()).isEqualTo(DEVICE.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "file:", "classpath:", "base64:", "FILE:", "Classpath:", "BASE64:"})
    void readsAByteOrderMarkFromEveryLocation(String location) throws IOException {
        for (String option : OPTIONS) {
            set(option, location, ("\uFEFF" + pem(option)).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(factory().clientCertificate()).isEqualTo(DEVICE.certificate());
    }

    static Stream<Arguments> namesTheReasonWhenPemIsNotReadable() {
        return Stream.of(
                        form("cut off", pem -> pem.substring(0, pem.lastIndexOf("-----END")), "does not end"),
                        form("cut off in its END", pem -> pem.strip().substring(0, pem.length() - 4), "line "),
                        form("cut off second block", pem -> pem + "-----BEGIN CERTIFICATE-----\nMIIB", "does not end"),
                        form(
                                "nested",
                                pem -> pem.replaceFirst("-----END", "-----BEGIN X-----\n-----END"),
                                "does not end"),
                        form("other END", pem -> pem.replaceFirst("-----END [A-Z ]+", "-----END X"), "ends as X"),
                        form("END alone", pem -> "-----END CERTIFICATE-----\n" + pem, "has not begun"),
                        form("small letters", pem -> pem.toLowerCase(Locale.ROOT), "line 1 holds a BEGIN"),
                        form("four dashes", pem -> pem.replaceFirst("-----BEGIN", "----BEGIN"), "line 1 holds a BEGIN"),
                        form("long dashes", pem -> pem.replaceAll("-----B", "\u2014B"), "line 1 holds a BEGIN"),
                        form("text before BEGIN", pem -> "pem: " + pem, "line 1 holds a BEGIN"),
                        form("no line breaks", pem -> pem.replace("\n", ""), "line 1 holds a BEGIN"),
                        form("escaped line breaks", pem -> pem.replace("\n", "\\n"), "line 1 holds a BEGIN"),
                        form("no line break between blocks", pem -> pem.strip() + pem, "in a line of its own"),
                        form("no base64", pem -> pem.replaceFirst("\n", "\n*"), "else than base64"),
                        form(
                                "an empty block",
                                pem -> pem.replaceAll("(?s)-----\n.*\n-----END", "-----\n-----END"),
                                "empty"),
                        form("rubbish in a block", pem -> pem.replaceFirst("\n....", "\nAAAA"), "block"),
                        form("a trusted certificate", pem -> block("TRUSTED CERTIFICATE") + pem, "TRUSTED CERTIFICATE"),
                        form("an unknown block", pem -> pem + block("FANCY THING"), "FANCY THING"),
                        form("a PKCS#7 bundle", pem -> block("PKCS7") + pem, "print_certs"),
                        form("a revocation list", pem -> pem + block("X509 CRL"), "X509 CRL"),
                        form("an OpenSSH key", pem -> block("OPENSSH PRIVATE KEY"), "ssh-keygen"),
                        form("a request alone", pem -> block("CERTIFICATE REQUEST"), "CERTIFICATE REQUEST (line 1)"),
                        form("a public key alone", pem -> block("PUBLIC KEY"), "PUBLIC KEY (line 1)"),
                        form("HTML", pem -> "<!DOCTYPE html><html>blocked</html>", "HTML"),
                        form("a page around it", pem -> "\n <pre>\n" + pem + "</pre>", "HTML"),
                        form("nothing", pem -> "", "empty"),
                        form("a line", pem -> "device.pem\n", "no PEM"))
                .flatMap(form ->
                        OPTIONS.stream().map(option -> arguments(option, form.get()[0], form.get()[1], form.get()[2])));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void namesTheReasonWhenPemIsNotReadable(String option, String name, UnaryOperator<String> change, String reason)
            throws IOException {
        set(option, "path", change.apply(pem(option)).getBytes(StandardCharsets.UTF_8));

        assertRefused(option, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void namesTheEncodingWhenAFileIsUtf16OrUtf32(String charset) throws IOException {
        for (String option : OPTIONS) {
            String mark = charset.endsWith("E") ? "\uFEFF" : "";
            set(option, "path", (mark + pem(option)).getBytes(Charset.forName(charset)));
            assertRefused(option, "UTF-16");
            set(option, "base64:", pem(option).getBytes(Charset.forName(charset)));
            assertRefused(option, "UTF-16");
            writeFiles();
        }
    }

    @Test
    void namesTheFormatWhenAFileIsDerOrAKeyStore() throws Exception {
        for (String option : OPTIONS) {
            set(option, "path", DEVICE.certificate().getEncoded());
            assertRefused(option, "it is DER (binary)");
            set(option, "path", DEVICE.privateKey().getEncoded());
            assertRefused(option, "it is DER (binary)");
            for (String type : List.of("PKCS12", "JKS")) {
                ByteArrayOutputStream store = new ByteArrayOutputStream();
                DEVICE.keyStore("secret".toCharArray(), type).store(store, "secret".toCharArray());
                set(option, "path", store.toByteArray());
                assertRefused(option, type);
            }
            writeFiles();
        }
    }

    @Test
    void namesTheBlocksWhenACertificateOrKeyIsMissing() throws IOException {
        set("certificateFile", "path", KEY.getBytes(StandardCharsets.US_ASCII));
        assertRefused("certificateFile", "but EC PRIVATE KEY (line 1): are certificateFile and privateKeyFile");
        writeFiles();
        set("privateKeyFile", "path", DEVICE.chainPem().getBytes(StandardCharsets.US_ASCII));
        assertRefused("privateKeyFile", "but CERTIFICATE (line 1)");
        writeFiles();
        set("caFile", "path", KEY.getBytes(StandardCharsets.US_ASCII));
        assertRefused("caFile", "but EC PRIVATE KEY (line 1)");
    }

    @Test
    void readsKeyAndCertificateFromOneFile() throws IOException {
        for (String option : OPTIONS.subList(0, 2)) {
            set(option, "path", (DEVICE.chainPem() + EC_PARAMETERS + KEY).getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(factory().clientCertificate()).isEqualTo(DEVICE.certificate());
    }

    @Test
    void refusesAFileWithTwoKeys() throws IOException {
        set("privateKeyFile", "path", (KEY + KEY).getBytes(StandardCharsets.US_ASCII));

        assertRefused("privateKeyFile", "it holds 2 private keys, EC PRIVATE KEY (line 1), EC PRIVATE KEY (line ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://host/ca.pem", "ref:bean", "RAW:x", "env:CA", "s3://bucket/key"})
    void refusesAnUnknownSchemeWithoutReadingAFile(String location) {
        for (String option : OPTIONS) {
            TlsConfiguration one = new TlsConfiguration();
            one.setCertificateFile("certificateFile".equals(option) ? location : "/later.pem");
            one.setPrivateKeyFile("privateKeyFile".equals(option) ? location : "/later.key");
            one.setCaFile("caFile".equals(option) ? location : "/later-ca.pem");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TlsContextFactory(camel, one, new SharedTrust()).checkOptions())
                    .withMessageContaining("Option " + option)
                    .withMessageContaining("file:, classpath: or base64:");
        }
    }

    private static String block(String label) {
        return "-----BEGIN " + label + "-----\nAAAA\n-----END " + label + "-----\n";
    }

    private static Arguments form(String name, UnaryOperator<String> change) {
        return arguments(name, change);
    }

    private static Arguments form(String name, UnaryOperator<String> change, String reason) {
        return arguments(name, change, reason);
    }

    private static String pem(String option) {
        return switch (option) {
            case "certificateFile" -> DEVICE.chainPem();
            case "privateKeyFile" -> KEY;
            default -> AUTHORITY.certificatePem();
        };
    }

    private void set(String option, String location, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(option + ".pem"), content);
        String value =
                switch (location.toLowerCase(Locale.ROOT)) {
                    case "path" -> file.toString();
                    case "file:" -> location + file;
                    case "classpath:" -> location + file.getFileName();
                    default -> location + Base64.getEncoder().encodeToString(content);
                };
        switch (option) {
            case "certificateFile" -> options.setCertificateFile(value);
            case "privateKeyFile" -> options.setPrivateKeyFile(value);
            default -> options.setCaFile(value);
        }
    }

    private TlsContextFactory factory() {
        return new TlsContextFactory(camel, options, new SharedTrust());
    }

    private void assertRefused(String option, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory().create())
                .withMessageContaining("Option " + option + " ")
                .withMessageContaining(reason)
                .withMessageNotContaining(KEY.lines().skip(1).findFirst().orElseThrow());
    }
}
