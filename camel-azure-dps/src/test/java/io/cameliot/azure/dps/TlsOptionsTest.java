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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.ProviderException;
import java.security.Security;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
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

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile", "privateKeyFile", "caFile", "keyStoreFile"})
    void asksForAFileWhenItsRouteStarts(String option) throws Exception {
        boolean inKeyStore = option.equals("keyStoreFile");
        Map<String, Path> files = deviceFiles(inKeyStore);
        Path file = files.get(option);
        Path away = Files.move(file, directory.resolve("away"));
        String options = files.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("&", "authentication=x509&", inKeyStore ? "&keyStorePassword=secret" : ""));
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String waiting = routes.uri("dev-x509", options);
            String lazy = routes.uri("dev-x509", options, "lazyStartProducer=true");
            String dynamic = routes.uri("${header.device}", options, "maxRetries=1");
            routes.routes(builder -> {
                        builder.from(waiting)
                                .routeId("provision")
                                .autoStartup(false)
                                .to("mock:out");
                        builder.from("direct:register").to(lazy);
                        builder.from("direct:dynamic").toD(dynamic);
                    })
                    .start();

            assertThatThrownBy(() -> routes.context().getRouteController().startRoute("provision"))
                    .hasStackTraceContaining("Option " + option + " '" + file + "': there is no such file");
            assertThat(routes.register().getException()).hasStackTraceContaining("Option " + option);
            assertThat(registerDynamically(routes).getException()).hasStackTraceContaining("Option " + option);

            Files.move(away, file);
            routes.context().getRouteController().startRoute("provision");
            assertThat(DpsRoutes.result(routes.register())).isNotNull();
            assertThat(DpsRoutes.result(registerDynamically(routes))).isNotNull();
        }
    }

    private static Exchange registerDynamically(DpsRoutes routes) {
        return routes.context().createProducerTemplate().request("direct:dynamic", exchange -> exchange.getMessage()
                .setHeader("device", "dev-x509"));
    }

    /** All files that an endpoint needs, by the options that name them. */
    private Map<String, Path> deviceFiles(boolean inKeyStore) throws Exception {
        Path authority = dps.serverAuthority().writeCertificate(directory.resolve("ca.pem"));
        if (inKeyStore) {
            Path store = directory.resolve("device.p12");
            try (OutputStream out = Files.newOutputStream(store)) {
                DEVICE.keyStore("secret".toCharArray(), "PKCS12").store(out, "secret".toCharArray());
            }
            return Map.of("keyStoreFile", store, "caFile", authority);
        }
        IssuedCertificate.CertificateFiles files = DEVICE.writeTo(directory, "device");
        return Map.of(
                "certificateFile", files.certificate(), "privateKeyFile", files.privateKey(), "caFile", authority);
    }

    @Test
    void asksForTheFilesOfSslContextParametersWhenItsRouteStarts() throws Exception {
        Map<String, Path> files = deviceFiles(true);
        Path store = files.get("keyStoreFile");
        Path away = Files.move(store, directory.resolve("away"));
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context()
                    .getComponent("azure-dps", DpsComponent.class)
                    .getConfiguration()
                    .setCaFile(null);
            routes.context().getRegistry().bind("own", parameters(store));
            String uri = routes.uri(
                    "dev-x509", "authentication=x509", "sslContextParameters=#own", "lazyStartProducer=true");
            routes.registering(uri);

            assertThat(routes.register().getException()).hasStackTraceContaining(store.toString());
            Files.move(away, store);
            assertThat(DpsRoutes.result(routes.register())).isNotNull();
        }
    }

    /** A token that is pulled out after the route has started. */
    @Test
    void namesTheClassOfAFailureOfAKeyThatHasNoMessage() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        SSLContextParameters token = new SSLContextParameters() {
            @Override
            public SSLContext createSSLContext(CamelContext camelContext) throws GeneralSecurityException {
                if (calls.getAndIncrement() == 0) {
                    return SSLContext.getDefault();
                }
                throw new ProviderException();
            }
        };
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context()
                    .getComponent("azure-dps", DpsComponent.class)
                    .getConfiguration()
                    .setCaFile(null);
            routes.context().getRegistry().bind("token", token);
            routes.registering(routes.uri("dev-x509", "authentication=x509", "sslContextParameters=#token"));

            assertThat(routes.register().getException())
                    .isInstanceOf(DeviceRegistrationException.class)
                    .hasMessageContaining("java.security.ProviderException")
                    .message()
                    .doesNotContain("null");
        }
    }

    private SSLContextParameters parameters(Path store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", dps.serverAuthority().certificate());
        KeyStoreParameters authorities = new KeyStoreParameters();
        authorities.setKeyStore(trusted);
        KeyStoreParameters keys = new KeyStoreParameters();
        keys.setResource("file:" + store);
        keys.setPassword("secret");
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setKeyManagers(new KeyManagersParameters());
        parameters.getKeyManagers().setKeyStore(keys);
        parameters.getKeyManagers().setKeyPassword("secret");
        parameters.setTrustManagers(new TrustManagersParameters());
        parameters.getTrustManagers().setKeyStore(authorities);
        return parameters;
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
