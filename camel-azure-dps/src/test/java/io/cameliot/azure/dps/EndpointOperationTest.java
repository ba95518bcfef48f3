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

import static io.cameliot.azure.dps.DpsRoutes.failure;
import static io.cameliot.azure.dps.DpsRoutes.key;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of an endpoint, and the options of its component. */
class EndpointOperationTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.individual("dev")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    @Test
    void countsWhatItDoes() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("dev", key(KEY), "maxConcurrentRegistrations=1");
            routes.registering(uri);
            DpsEndpoint endpoint = routes.context().getEndpoint(uri, DpsEndpoint.class);
            result(routes.register());
            dps.inject("dev", DpsFault.Answer.error(DpsStep.REGISTER, 404), 1);
            routes.register();
            dps.inject("dev", new DpsFault.RetryAfter(DpsStep.REGISTER, "2"), 1);
            CompletableFuture<Exchange> first = routes.registerAsync("dev");
            CompletableFuture<Exchange> second = routes.registerAsync("dev");

            await().untilAsserted(() -> {
                assertThat(endpoint.getActiveRegistrations()).isOne();
                assertThat(endpoint.getWaitingRegistrations()).isOne();
            });
            result(first.get(10, TimeUnit.SECONDS));
            result(second.get(10, TimeUnit.SECONDS));

            assertThat(endpoint.getAssignedTotal()).isEqualTo(3);
            assertThat(endpoint.getFailedTotal()).isOne();
            await().untilAsserted(
                            () -> assertThat(endpoint.getActiveRegistrations()).isZero());
            assertThat(endpoint.getWaitingRegistrations()).isZero();
        }
    }

    @Test
    void isDownWhileTheServiceCannotBeUsedAndNotForWhatItSaysOfADevice() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev", key(KEY), "maxRetries=0"));
            assertThat(producerHealth(routes).getState()).isEqualTo(HealthCheck.State.UP);

            dps.inject("dev", DpsFault.Answer.error(DpsStep.REGISTER, 404), 1);
            routes.register();
            assertThat(producerHealth(routes).getState()).isEqualTo(HealthCheck.State.UP);

            dps.inject("dev", DpsFault.Answer.error(DpsStep.REGISTER, 503), 1);
            routes.register();
            assertThat(producerHealth(routes)).satisfies(down -> {
                assertThat(down.getState()).isEqualTo(HealthCheck.State.DOWN);
                assertThat(down.getMessage().orElseThrow()).contains("503");
                assertThat(down.getDetails()).containsEntry("service.host", "global.azure-devices-provisioning.net");
            });

            result(routes.register());
            assertThat(producerHealth(routes).getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    @Test
    void isDownWhileTheServerIsNotTrusted() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context()
                    .getComponent("azure-dps", DpsComponent.class)
                    .getConfiguration()
                    .setCaFile(null);
            routes.registering(routes.uri("dev", key(KEY)));

            assertThat(failure(routes.register())).hasMessageContaining("not signed by a trusted CA");

            assertThat(producerHealth(routes).getState()).isEqualTo(HealthCheck.State.DOWN);
        }
    }

    @Test
    void isUpWhereTheServiceRefusesTheCredentialOfADevice() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev", key(KEY)));
            dps.inject("dev", new DpsFault.RefuseConnect(5), 2);

            assertThat(failure(routes.register())).hasMessageContaining("return code 5");

            assertThat(producerHealth(routes).getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    /** Each route has a producer of its own. What one of them meets, and its stop, leave the other's health as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"register", "other"})
    void isDownWhereOneOfTwoRoutesToAnEndpointFails(String failing) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("dev", key(KEY), "maxRetries=0");
            routes.routes(
                    builder -> builder.from("direct:other").routeId("other").to(uri));
            routes.registering(uri);
            dps.inject("dev", DpsFault.Answer.error(DpsStep.REGISTER, 503), 1);
            routes.context().createProducerTemplate().request("direct:" + failing, exchange -> {});

            assertThat(producerStates(routes)).containsExactlyInAnyOrder(HealthCheck.State.DOWN, HealthCheck.State.UP);

            routes.context().getRouteController().stopRoute(failing);
            assertThat(producerStates(routes)).containsExactly(HealthCheck.State.UP);

            routes.context().getRouteController().startRoute(failing);
            assertThat(producerStates(routes)).containsExactly(HealthCheck.State.UP, HealthCheck.State.UP);
        }
    }

    @Test
    void isUpAfterARestartOfTheProducer() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps).start()) {
            DpsEndpoint endpoint =
                    routes.context().getEndpoint(routes.uri("dev", key(KEY), "maxRetries=0"), DpsEndpoint.class);
            try (AsyncProducer producer = endpoint.createAsyncProducer()) {
                producer.start();
                dps.inject("dev", DpsFault.Answer.error(DpsStep.REGISTER, 503), 1);
                producer.process(endpoint.createExchange());
                assertThat(producerStates(routes)).containsExactly(HealthCheck.State.DOWN);

                producer.stop();
                producer.start();

                assertThat(producerStates(routes)).containsExactly(HealthCheck.State.UP);
            }
        }
    }

    private static List<HealthCheck.State> producerStates(DpsRoutes routes) {
        return HealthCheckHelper.invoke(routes.context()).stream()
                .filter(result -> result.getCheck().getId().startsWith("producer:azure-dps-"))
                .map(HealthCheck.Result::getState)
                .toList();
    }

    private static HealthCheck.Result producerHealth(DpsRoutes routes) {
        return routes.health("producer:azure-dps-"
                + routes.context().getEndpoints().stream()
                        .filter(DpsEndpoint.class::isInstance)
                        .map(endpoint -> ((DpsEndpoint) endpoint).getId())
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void hasNoHealthCheckWhereTheComponentSwitchesItOff() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getComponent("azure-dps", DpsComponent.class).setHealthCheckProducerEnabled(false);
            dps.inject("dev", DpsFault.Answer.error(DpsStep.REGISTER, 503), 1);
            routes.registering(routes.uri("dev", key(KEY), "maxRetries=0"));
            routes.register();

            assertThat(producerHealth(routes).getState()).isEqualTo(HealthCheck.State.UNKNOWN);
        }
    }

    @Test
    void sendsTheApiVersionAndTheIdScopeOfTheOptions() throws Exception {
        try (DpsEmulator other = DpsEmulator.builder()
                        .idScope("0ne000000FF")
                        .serverName("mine.azure-devices-provisioning.net")
                        .retryAfter(Duration.ZERO)
                        .enroll(Enrollment.individual("dev").symmetricKey(KEY).build())
                        .build()
                        .start();
                DpsRoutes routes = new DpsRoutes(other)) {
            routes.registering(routes.uri(
                    "dev", key(KEY), "apiVersion=2021-06-01", "serviceHost=mine.azure-devices-provisioning.net"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");

            assertThat(other.connections()).singleElement().satisfies(connection -> {
                assertThat(connection.userName()).startsWith("0ne000000FF/registrations/dev/api-version=2021-06-01&");
                assertThat(connection.serverName()).contains("mine.azure-devices-provisioning.net");
            });
        }
    }

    @Test
    void isConfiguredByThePropertiesOfItsComponent() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.context().getPropertiesComponent().addInitialProperty("dps.key", "RAW(" + KEY.base64() + ")");
            DpsComponent component = routes.context().getComponent("azure-dps", DpsComponent.class);
            component
                    .getComponentPropertyConfigurer()
                    .configure(routes.context(), component, "sharedAccessKey", KEY.base64(), false);
            routes.registering("azure-dps:0ne00000001/dev");

            assertThat(result(routes.register(null, Map.of())).getStatus()).isEqualTo("assigned");
        }
    }

    /** A service whose clock is half an hour ahead takes a token that lives an hour, and none that lives ten minutes. */
    @Test
    void signsTokensForTheTimeOfTheOption() throws Exception {
        try (DpsEmulator ahead = DpsEmulator.builder()
                        .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(30)))
                        .retryAfter(Duration.ZERO)
                        .enroll(Enrollment.individual("dev").symmetricKey(KEY).build())
                        .build()
                        .start();
                DpsRoutes routes = new DpsRoutes(ahead)) {
            routes.routes(builder -> {
                builder.from("direct:short").to(routes.uri("dev", key(KEY), "sasTokenTimeToLive=10m"));
            });
            routes.registering(routes.uri("dev", key(KEY), "sasTokenTimeToLive=1h"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
            assertThat(failure(routes.context().createProducerTemplate().request("direct:short", exchange -> {}))
                            .getErrorCode())
                    .isEqualTo(401000);
        }
    }

    @Test
    void showsTheCertificateOfAKeyStoreOrOfSslContextParameters(@TempDir Path directory) throws Exception {
        IssuedCertificate certificate =
                TestCertificateAuthority.create("Devices").issueDevice("dev-x509");
        Path file = directory.resolve("device.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            certificate.keyStore("changeit".toCharArray(), "PKCS12").store(out, "changeit".toCharArray());
        }
        dps.enroll(Enrollment.individual("dev-x509")
                .certificate(certificate.certificate())
                .assigningPolls(0)
                .build());
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            DpsConfiguration options = routes.context()
                    .getComponent("azure-dps", DpsComponent.class)
                    .getConfiguration();
            String caFile = "caFile=RAW(" + options.getCaFile() + ")";
            options.setCaFile(null);
            routes.context().getRegistry().bind("tls", sslContextParameters(file));
            routes.routes(builder -> builder.from("direct:parameters")
                    .to(routes.uri("dev-x509", "authentication=x509", "sslContextParameters=#tls")));
            routes.registering(routes.uri(
                    "dev-x509", "authentication=x509", caFile, "keyStoreFile=" + file, "keyStorePassword=changeit"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
            assertThat(result(routes.context().createProducerTemplate().request("direct:parameters", exchange -> {}))
                            .getStatus())
                    .isEqualTo("assigned");
        }
    }

    private SSLContextParameters sslContextParameters(Path keyStore) throws Exception {
        KeyStoreParameters keys = new KeyStoreParameters();
        keys.setResource("file:" + keyStore);
        keys.setPassword("changeit");
        keys.setType("PKCS12");
        KeyManagersParameters keyManagers = new KeyManagersParameters();
        keyManagers.setKeyStore(keys);
        keyManagers.setKeyPassword("changeit");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", dps.serverAuthority().certificate());
        KeyStoreParameters authorities = new KeyStoreParameters();
        authorities.setKeyStore(trusted);
        TrustManagersParameters trustManagers = new TrustManagersParameters();
        trustManagers.setKeyStore(authorities);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setKeyManagers(keyManagers);
        parameters.setTrustManagers(trustManagers);
        return parameters;
    }
}
