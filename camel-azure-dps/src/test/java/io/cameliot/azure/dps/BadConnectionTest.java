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

import static io.cameliot.azure.dps.DpsRoutes.base64;
import static io.cameliot.azure.dps.DpsRoutes.failure;
import static io.cameliot.azure.dps.DpsRoutes.key;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.net.HttpReply;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.Pipelines;
import io.cameliot.testinfra.net.ServerTls;
import io.cameliot.testinfra.net.TlsFrontHandler;
import io.cameliot.testinfra.net.TlsRoute;
import io.cameliot.testinfra.net.WebSocketMqttHandler;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.cameliot.testinfra.proxy.ForwardProxy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates, files, hosts and networks that are not as they should be: a clear error, no hang, no thread left. */
class BadConnectionTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final TestCertificateAuthority DEVICE_CA = TestCertificateAuthority.create("Devices");
    private static final IssuedCertificate CERTIFICATE = DEVICE_CA.issueDevice("dev-x509");
    private static final IssuedCertificate OTHER = DEVICE_CA.issueDevice("other");

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(
                    Enrollment.individual("dev")
                            .symmetricKey(KEY)
                            .assigningPolls(0)
                            .build(),
                    Enrollment.group("certified")
                            .certificateAuthority(DEVICE_CA.certificate())
                            .assigningPolls(0)
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoThread() {
        await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
    }

    static Stream<Arguments> badFiles() {
        String chain = base64(CERTIFICATE.chainPem());
        String key = base64(CERTIFICATE.privateKeyPem(KeyFormat.PKCS8));
        String otherKey = base64(OTHER.privateKeyPem(KeyFormat.PKCS8));
        String encrypted = base64(CERTIFICATE.privateKeyPem(KeyFormat.PKCS8, "right".toCharArray()));
        IssuedCertificate expired = DEVICE_CA
                .certificate("dev-x509")
                .validFrom(Instant.now().minusSeconds(7200))
                .validUntil(Instant.now().minusSeconds(3600))
                .issue();
        return Stream.of(
                Arguments.of("missing.pem", key, "", "Option certificateFile 'missing.pem'"),
                Arguments.of(chain, "missing.pem", "", "Option privateKeyFile 'missing.pem'"),
                Arguments.of(base64("no PEM"), key, "", "Option certificateFile"),
                Arguments.of(chain, base64("no PEM"), "", "Option privateKeyFile"),
                Arguments.of(chain, otherKey, "", "do not fit together"),
                Arguments.of(chain, encrypted, "&privateKeyPassword=n0tthisone", "privateKeyPassword"),
                Arguments.of(
                        base64(expired.chainPem()), base64(expired.privateKeyPem(KeyFormat.PKCS8)), "", "expired on"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void doesNotStartWithABadCertificate(String certificate, String key, String more, String message) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri(
                    "dev-x509",
                    "authentication=x509",
                    "certificateFile=RAW(" + certificate + ")",
                    "privateKeyFile=RAW(" + key + ")" + more);

            assertThat(catchThrowable(() -> routes.registering(uri)))
                    .hasStackTraceContaining(message)
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("n0tthisone", "MII"));
        }
        assertThat(dps.connections()).isEmpty();
    }

    @Test
    void doesNotStartWithABadCaFile() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            assertThat(catchThrowable(
                            () -> routes.registering(routes.uri("dev", key(KEY), "caFile=" + directory + "/none.pem"))))
                    .hasStackTraceContaining("Option caFile '" + directory + "/none.pem'");
        }
    }

    @Test
    void trustsNoOtherAuthorityThanTheGivenOne() throws Exception {
        Path stranger = TestCertificateAuthority.create("Stranger").writeCertificate(directory.resolve("stranger.pem"));

        assertThat(register("dev", key(KEY), "caFile=" + stranger)).satisfies(e -> {
            assertThat(e).hasMessageContaining("not signed by a trusted CA").hasMessageContaining("caFile");
            assertThat(e.isRetryable()).isFalse();
        });
        assertThat(dps.connections()).isEmpty();
    }

    /** Another name in SNI is refused; with the same certificate for it, the host name check would be. */
    @Test
    void connectsToNoOtherHostThanTheNamedOne() throws Exception {
        assertThat(register("dev", key(KEY), "serviceHost=other.azure-devices-provisioning.net", "maxRetries=0"))
                .hasMessageContaining("serviceHost");
        assertThat(dps.connections()).isEmpty();
    }

    @Test
    void checksTheHostName() throws Exception {
        TestCertificateAuthority authority = TestCertificateAuthority.create("CA");
        try (DpsEmulator impostor = DpsEmulator.builder()
                .serverAuthority(authority)
                .serverName("localhost")
                .build()
                .start()) {
            DeviceRegistrationException refused = register(
                    "dev",
                    key(KEY),
                    "serviceHost=127.0.0.1",
                    "connectTo=" + impostor.mqttAddress(),
                    "caFile=RAW(" + base64(authority.certificatePem()) + ")");

            assertThat(refused)
                    .hasMessageContaining("not made out for 127.0.0.1")
                    .hasMessageContaining("serviceHost");
            assertThat(refused.isRetryable()).isFalse();
            assertThat(impostor.connections()).isEmpty();
        }
    }

    @Test
    void speaksNoPlainText() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Integer> firstByte = CompletableFuture.supplyAsync(() -> answerWithConnack(plain));

            assertThat(register("dev", key(KEY), "connectTo=127.0.0.1:" + plain.getLocalPort(), "maxRetries=0"))
                    .hasMessageContaining("no TLS");
            assertThat(firstByte.get(5, TimeUnit.SECONDS))
                    .as("a TLS handshake record")
                    .isEqualTo(0x16);
        }
    }

    private static int answerWithConnack(ServerSocket server) {
        try (var client = server.accept()) {
            int first = client.getInputStream().read();
            client.getOutputStream().write(new byte[] {0x20, 0x02, 0x00, 0x00, 0x00, 0x00});
            return first;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysThatTheServiceCannotBeReached() throws Exception {
        try (Socket bound = new Socket()) { // keeps the port from others and does not listen
            bound.bind(new InetSocketAddress("127.0.0.1", 0));
            String unused = "127.0.0.1:" + bound.getLocalPort();

            assertThat(register("dev", key(KEY), "connectTo=" + unused, "maxRetries=1"))
                    .satisfies(e -> {
                        assertThat(e).hasMessageContaining(unused).hasMessageContaining("1 retries in a row");
                        assertThat(e.isRetryable()).isTrue();
                    });
        }
    }

    @Test
    void comesThroughAnOutageOfTheService() throws Exception {
        dps.inject("dev", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev", key(KEY), "maxRetries=1000"));
            CompletableFuture<Exchange> registered = routes.registerAsync("dev");
            await().untilAsserted(() -> assertThat(dps.pendingFaults()).isEmpty());

            dps.stop();
            // Another process may hold the port for a moment.
            await().untilAsserted(() -> assertThatNoException().isThrownBy(dps::start));

            assertThat(result(registered.get(20, TimeUnit.SECONDS)).getStatus()).isEqualTo("assigned");
        }
    }

    @ParameterizedTest
    @CsvSource({"http, mqtt", "http, websocket", "socks5, mqtt", "socks5, websocket"})
    void registersThroughAForwardProxy(String protocol, DpsTransport transport) throws Exception {
        ForwardProxy.Builder builder = protocol.equals("http") ? ForwardProxy.http() : ForwardProxy.socks5();
        try (ForwardProxy proxy = builder.requireUser("factory", "s3cret").start();
                DpsRoutes routes = new DpsRoutes(dps, transport)) {
            routes.registering(routes.uri("dev", key(KEY), "proxy=RAW(" + proxy.uri() + ")"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
            assertThat(proxy.targets()).hasSize(1);
            assertThat(routes.context().getEndpoints())
                    .extracting(Endpoint::getEndpointUri)
                    .noneMatch(uri -> uri.contains("s3cret"));
        }
    }

    @ParameterizedTest
    @EnumSource(DpsTransport.class)
    void saysThatTheProxyRefusesWithoutItsPassword(DpsTransport transport) throws Exception {
        try (ForwardProxy proxy =
                        ForwardProxy.http().requireUser("factory", "s3cret").start();
                DpsRoutes routes = new DpsRoutes(dps, transport)) {
            String wrong = proxy.uri().replace("s3cret", "wrongpassword");
            routes.registering(routes.uri("dev", key(KEY), "proxy=RAW(" + wrong + ")", "maxRetries=0"));

            assertThat(failure(routes.register()))
                    .hasMessageContaining("proxy")
                    .hasMessageNotContaining("wrongpassword");
        }
        assertThat(dps.connections()).isEmpty();
    }

    @Test
    void takesUpARenewedCertificateWithTheNextRegistration() throws Exception {
        Path certificate = directory.resolve("device.pem");
        Path key = directory.resolve("device.key");
        IssuedCertificate first = TestCertificateAuthority.create("Stranger").issueDevice("dev-x509");
        Files.writeString(certificate, first.chainPem());
        Files.writeString(key, first.privateKeyPem(KeyFormat.PKCS8));
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(
                    "dev-x509", "authentication=x509", "certificateFile=" + certificate, "privateKeyFile=" + key));
            assertThat(failure(routes.register()).getErrorCode()).isEqualTo(401002);

            Files.writeString(certificate, CERTIFICATE.chainPem());
            Files.writeString(key, CERTIFICATE.privateKeyPem(KeyFormat.PKCS8));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "302, something in between redirects, false",
        "308, something in between redirects, false",
        "401, no credentials are checked yet, false",
        "403, no credentials are checked yet, false",
        "404, 'option serviceHost, and option webSocketPath', false",
        "407, option proxy, false",
        "426, lets WebSockets through, false",
        "429, a later attempt can succeed, true",
        "503, a later attempt can succeed, true"
    })
    void advisesByTheStatusOfARefusedUpgrade(int status, String advice, boolean retryable) throws Exception {
        TestCertificateAuthority authority = TestCertificateAuthority.create("Server");
        TlsRoute route = new TlsRoute(
                ServerTls.showing(authority.issueServer(DpsEmulator.GLOBAL_HOST_NAME))
                        .build(),
                pipeline -> {
                    Pipelines.addHttp(pipeline, 1024);
                    pipeline.addLast(new WebSocketMqttHandler(
                            List.of("mqtt"),
                            path -> true,
                            (request, channel) ->
                                    Optional.of(new HttpReply(status, Map.of(), "a\u001b[31m\nFAKE \u202eLOG")),
                            1024,
                            upgraded -> {}));
                });
        try (LoopbackServer server = new LoopbackServer("refusing", false)) {
            int port = server.bind(0, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new TlsFrontHandler(hello -> route));
                }
            });

            assertThat(register(
                            "dev",
                            key(KEY),
                            "transport=websocket",
                            "maxRetries=1",
                            "connectTo=127.0.0.1:" + port,
                            "caFile=" + authority.writeCertificate(directory.resolve("server.pem"))))
                    .satisfies(e -> {
                        assertThat(e)
                                .hasMessageContaining(advice)
                                .hasMessageContaining("a\\u001b[31m\\nFAKE \\u202eLOG")
                                .hasMessageNotContaining("check the credentials");
                        assertThat(e.isRetryable()).isEqualTo(retryable);
                        for (Throwable t = e; t != null; t = t.getCause()) {
                            assertThat(t.toString()).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
                        }
                    });
        }
    }

    private DeviceRegistrationException register(String registrationId, String... options) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(registrationId, options));
            return failure(routes.register());
        }
    }
}
