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
package io.cameliot.azure.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.time.Duration;
import java.util.Base64;
import org.apache.camel.ResolveEndpointFailedException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of certificates, keys and host names as URIs and the component give them. */
class TlsOptionsTest {

    private static final TestCertificateAuthority DEVICE_CA = TestCertificateAuthority.create("Devices");
    private static final IssuedCertificate DEVICE = DEVICE_CA.issueDevice("dev-x509");

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.group("certified")
                    .certificateAuthority(DEVICE_CA.certificate())
                    .assigningPolls(0)
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"secret, keyStorePassword=secret", "'', keyStorePassword=", "'', keyStorePassword=RAW()"})
    void readsABase64KeyStoreWithoutRaw(String password, String option) throws Exception {
        registers("keyStoreFile=base64:" + keyStoreWithPlus(password), option);
    }

    @Test
    void opensAKeyStoreWithAnEmptyPasswordOfTheComponent() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            DpsConfiguration options = routes.context()
                    .getComponent("azure-dps", DpsComponent.class)
                    .getConfiguration();
            options.setKeyStoreFile("base64:" + keyStoreWithPlus(""));
            options.setKeyStorePassword("");

            routes.registering(routes.uri("dev-x509", "authentication=x509"));
            assertThat(DpsRoutes.result(routes.register())).isNotNull();
        }
    }

    @Test
    void registersWhereBouncyCastleIsTheFirstProvider() throws Exception {
        Security.insertProviderAt(new BouncyCastleProvider(), 1);
        try {
            registers("keyStoreFile=base64:" + keyStoreWithPlus("secret"), "keyStorePassword=secret");
        } finally {
            Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
        }
    }

    @Test
    void findsAServiceHostInCapitalLettersWithTheRootsDot() throws Exception {
        registers(
                "keyStoreFile=base64:" + keyStoreWithPlus("secret"),
                "keyStorePassword=secret",
                "serviceHost= GLOBAL.Azure-Devices-Provisioning.NET.");
    }

    private void registers(String... options) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-x509", "authentication=x509", String.join("&", options)));

            assertThat(DpsRoutes.result(routes.register())).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "my_dps.example", "a b", "https://host", "host:8883", "[host]", "1.2.3", "-a"})
    void refusesAServiceHostThatIsNoHostName(String host) {
        assertRefused("sharedAccessKey=AAECAwQFBgcICQoLDA0ODw==&serviceHost=" + host, "Option serviceHost '");
    }

    @ParameterizedTest
    @CsvSource({
        "certificateFile=/c.pem, Option privateKeyFile is missing",
        "keyStoreFile=/s.p12, Option keyStorePassword is missing",
        "keyStoreFile=/s.p12&keyStorePassword=x&certificateFile=/c.pem, exclude each other",
        "keyStoreFile=ftp://host/s.p12&keyStorePassword=x, ftp: is not supported",
        "keyStorePassword=x, of no use without a key",
        "keyStoreFile=base64:hunter2*&keyStorePassword=x, Option keyStoreFile 'base64:…'",
    })
    void refusesWrongOptionsWithoutLookingForTheFiles(String options, String reason) {
        assertRefused("authentication=x509&" + options, reason);
    }

    @Test
    void asksForAFileWhenItsRouteStarts() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri(
                    "dev-x509",
                    "authentication=x509",
                    "certificateFile=" + directory.resolve("device.cert.pem"),
                    "privateKeyFile=" + directory.resolve("device.key.pem"));
            routes.routes(builder -> builder.from(uri)
                            .routeId("provision")
                            .autoStartup(false)
                            .to("mock:out"))
                    .start();

            assertThatThrownBy(() -> routes.context().getRouteController().startRoute("provision"))
                    .hasStackTraceContaining("Option certificateFile '" + directory.resolve("device.cert.pem")
                            + "': there is no such file");
            DEVICE.writeTo(directory, "device");
            routes.context().getRouteController().startRoute("provision");
        }
    }

    private void assertRefused(String options, String reason) {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            assertThatThrownBy(() -> routes.context().getEndpoint(routes.uri("dev", options)))
                    .isInstanceOf(ResolveEndpointFailedException.class)
                    .cause()
                    .hasMessageContaining(reason)
                    .hasMessageNotContaining("hunter2");
        }
    }

    /** Its salts differ, so that one of the first few has the sign. */
    private static String keyStoreWithPlus(String password) throws Exception {
        while (true) {
            KeyStore store = DEVICE.keyStore(password.toCharArray(), "PKCS12");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password.toCharArray());
            String text = Base64.getEncoder().encodeToString(bytes.toByteArray());
            if (text.contains("+")) {
                return text;
            }
        }
    }
}
