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
package io.cameliot.common.transport.connect;

import static io.cameliot.common.transport.connect.TestTls.AUTHORITY;
import static io.cameliot.common.transport.connect.TestTls.HOST;
import static io.cameliot.common.transport.connect.TestTls.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, offers and checks of a {@link TransportConnector}, and its messages on failure. */
@ExtendWith(LeakCheck.class)
class TransportConnectorTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    @Test
    void sendsTheHostAsSniAndDialsConnectToWithoutResolvingIt() throws Exception {
        CompletableFuture<String> serverName = new CompletableFuture<>();
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            connection.startHandshake();
            ExtendedSSLSession session = (ExtendedSSLSession) connection.getSession();
            serverName.complete(
                    session.getRequestedServerNames().get(0) instanceof SNIHostName name ? name.getAsciiName() : "");
            ScriptedServer.echo(connection);
        });

        TestConnection client = connections.connect(TestTls.target(server.port()));

        assertThat(serverName.get(10, TimeUnit.SECONDS)).isEqualTo(HOST);
        TestConnections.assertEchoes(client);
    }

    @Test
    void dialsTheHostItselfAndSendsSniForANameWithoutDots() throws Exception {
        CompletableFuture<Integer> serverNames = new CompletableFuture<>();
        ScriptedServer server = connections.tls(TestTls.server("localhost"), connection -> {
            connection.startHandshake();
            ExtendedSSLSession session = (ExtendedSSLSession) connection.getSession();
            serverNames.complete(session.getRequestedServerNames().size());
            ScriptedServer.echo(connection);
        });

        TestConnections.assertEchoes(connections.connect(TestTls.direct("localhost", server.port(), AMPLE)));
        assertThat(serverNames.get(10, TimeUnit.SECONDS)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void connectsToAddressLiteralsWithoutSni(String address) throws Exception {
        CompletableFuture<Integer> serverNames = new CompletableFuture<>();
        ScriptedServer server = connections.track(ScriptedServer.tls(
                address, TestTls.server("localhost", "127.0.0.1", "::1"), parameters -> {}, connection -> {
                    connection.startHandshake();
                    ExtendedSSLSession session = (ExtendedSSLSession) connection.getSession();
                    serverNames.complete(session.getRequestedServerNames().size());
                    ScriptedServer.echo(connection);
                }));

        TestConnections.assertEchoes(connections.connect(TestTls.direct(address, server.port(), AMPLE)));
        assertThat(serverNames.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void triesEveryAddressOfAName() throws Exception {
        ScriptedServer server = connections.tls(TestTls.server("first-address-dead.test"), ScriptedServer::echo);

        TestConnections.assertEchoes(
                connections.connect(TestTls.direct("first-address-dead.test", server.port(), AMPLE)));
    }

    @Test
    void limitsASilentAddressToItsShareOfTheTime() throws Exception {
        ScriptedServer server = connections.tls(TestTls.server("first-address-dead.test"), ScriptedServer::echo);
        connections.blackHole("127.0.0.2", server.port());

        TestConnections.assertEchoes(
                connections.connect(TestTls.direct("first-address-dead.test", server.port(), Duration.ofSeconds(2))));
    }

    @Test
    void namesTheOptionOfAHostThatCannotBeResolved() {
        TlsTarget byHost = TestTls.direct("no-such-host.test", 8883, AMPLE);
        TlsTarget byConnectTo =
                TestTls.target(new ServerAddress(HOST, 8883, new HostAndPort("no-such-host.test", 1), null), AMPLE);

        assertThat(connections.failure(byHost))
                .hasMessageContaining("no-such-host.test cannot be resolved: check option endpoint")
                .returns(Reason.UNKNOWN_HOST, TlsConnectException::getReason);
        assertThat(connections.failure(byConnectTo))
                .hasMessageContaining("no-such-host.test cannot be resolved: check option connectTo")
                .returns(Reason.UNKNOWN_HOST, TlsConnectException::getReason);
    }

    @Test
    void namesTheOptionOfAPortThatRefusesConnections() throws Exception {
        int port = connections.closedPort();

        assertThat(connections.failure(TestTls.direct("localhost", port, AMPLE)))
                .hasMessageContaining("Cannot connect to localhost:" + port)
                .hasMessageContaining("check option endpoint and the port")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
        assertThat(connections.failure(TestTls.target(port)))
                .hasMessageContaining("check option connectTo")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
    }

    /** Linux has no route for a connection to a multicast address, wherever the test runs. */
    @Test
    void namesTheOptionOfANetworkThatIsUnreachable() {
        TlsTarget target =
                TestTls.target(new ServerAddress(HOST, 8883, new HostAndPort("224.0.0.1", 8883), null), AMPLE);

        assertThat(connections.failure(target))
                .hasMessageContaining("check option connectTo and the port")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
    }

    @Test
    void refusesAServerOfAnUnknownAuthority() {
        ScriptedServer server = connections.tls(
                TestTls.context(STRANGER.issueServer(HOST), AUTHORITY.certificate()), ScriptedServer::echo);

        assertThat(connections.failure(TestTls.target(server.port())))
                .hasMessageContaining("not signed by a trusted CA")
                .hasMessageContaining("option caFile")
                .hasMessageContaining("option endpoint")
                .returns(Reason.SERVER_NOT_TRUSTED, TlsConnectException::getReason);
    }

    @Test
    void refusesAServerWithAnotherName() {
        ScriptedServer server = connections.tls(TestTls.server("other.test"), ScriptedServer::echo);

        assertThat(connections.failure(TestTls.target(server.port())))
                .hasMessageContaining("not made out for " + HOST)
                .hasMessageContaining("option endpoint")
                .returns(Reason.SERVER_NOT_TRUSTED, TlsConnectException::getReason);
    }

    @Test
    void refusesAServerWithAnotherAddress() {
        ScriptedServer server = connections.tls(TestTls.server("127.0.0.2"), ScriptedServer::echo);

        assertThat(connections.failure(TestTls.direct("127.0.0.1", server.port(), AMPLE)))
                .hasMessageContaining("not made out for 127.0.0.1")
                .returns(Reason.SERVER_NOT_TRUSTED, TlsConnectException::getReason);
    }

    @Test
    void refusesAServerWhoseCertificateHasExpired() {
        Instant now = Instant.now();
        SSLContext expired = TestTls.context(
                AUTHORITY
                        .certificate(HOST)
                        .hostNames(HOST)
                        .validFrom(now.minus(Duration.ofDays(2)))
                        .validUntil(now.minus(Duration.ofDays(1)))
                        .issue(),
                AUTHORITY.certificate());
        ScriptedServer server = connections.tls(expired, ScriptedServer::echo);

        assertThat(connections.failure(TestTls.target(server.port())))
                .hasMessageContaining("has expired")
                .hasMessageContaining("clock")
                .returns(Reason.SERVER_NOT_TRUSTED, TlsConnectException::getReason);
    }

    @Test
    void refusesAServerWhoseCertificateIsNotYetValid() {
        Instant now = Instant.now();
        SSLContext future = TestTls.context(
                AUTHORITY
                        .certificate(HOST)
                        .hostNames(HOST)
                        .validFrom(now.plus(Duration.ofDays(1)))
                        .validUntil(now.plus(Duration.ofDays(2)))
                        .issue(),
                AUTHORITY.certificate());
        ScriptedServer server = connections.tls(future, ScriptedServer::echo);

        assertThat(connections.failure(TestTls.target(server.port())))
                .hasMessageContaining("not yet valid")
                .hasMessageContaining("clock")
                .returns(Reason.SERVER_NOT_TRUSTED, TlsConnectException::getReason);
    }

    @Test
    void negotiatesTheApplicationProtocol() throws Exception {
        ScriptedServer server = tls(p -> p.setApplicationProtocols(new String[] {"http/1.1", "x-amzn-mqtt-ca"}));

        TestConnection client =
                connections.connect(TestTls.target(server.port(), TestTls.client(), List.of(), "x-amzn-mqtt-ca"));

        assertThat(client.applicationProtocol()).isEqualTo("x-amzn-mqtt-ca");
        TestConnections.assertEchoes(client);
    }

    @Test
    void offersNoApplicationProtocolByDefault() throws Exception {
        ScriptedServer server = tls(p -> p.setApplicationProtocols(new String[] {"x-amzn-mqtt-ca"}));

        assertThat(connections.connect(TestTls.target(server.port())).applicationProtocol())
                .isEmpty();
    }

    @Test
    void saysWhichApplicationProtocolTheServerRefused() {
        ScriptedServer server = tls(p -> p.setApplicationProtocols(new String[] {"http/1.1"}));

        assertThat(connections.failure(TestTls.target(server.port(), TestTls.client(), List.of(), "x-amzn-mqtt-ca")))
                .hasMessageContaining("ALPN name x-amzn-mqtt-ca")
                .hasMessageContaining("options endpoint and port")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void offersOnlyTheVersionsOfTheTarget(String version) throws Exception {
        CompletableFuture<String> agreed = new CompletableFuture<>();
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            agreed.complete(connection.getSession().getProtocol());
            ScriptedServer.echo(connection);
        });

        TestConnections.assertEchoes(
                connections.connect(TestTls.target(server.port(), TestTls.client(), List.of(version), null)));
        assertThat(agreed.get(10, TimeUnit.SECONDS)).isEqualTo(version);
    }

    /** The server of TLS 1.2 may send data after its HelloRequest, before it sees the answer (RFC 5246, section 7.4.1.1). */
    @Test
    void losesNoDataThatComeInARenegotiation() throws Exception {
        byte[] data = new byte[100_000];
        new Random(7).nextBytes(data);
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            connection.getOutputStream().write(connection.getInputStream().readNBytes(4));
            connection.startHandshake();
            connection.getOutputStream().write(data);
            ScriptedServer.echo(connection);
        });
        TestConnection client =
                connections.connect(TestTls.target(server.port(), TestTls.client(), List.of("TLSv1.2"), null));
        TestConnections.assertEchoes(client);

        assertThat(client.readNBytes(data.length)).isEqualTo(data);
        TestConnections.assertEchoes(client);
    }

    @Test
    void saysThatTheServerSupportsNoneOfTheVersions() {
        ScriptedServer server = tls(p -> p.setProtocols(new String[] {"TLSv1.2"}));

        assertThat(connections.failure(TestTls.target(server.port(), TestTls.client(), List.of("TLSv1.3"), null)))
                .hasMessageContaining("TLSv1.3")
                .hasMessageContaining("options endpoint and port")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @Test
    void presentsTheClientCertificate() throws Exception {
        CompletableFuture<String> peer = new CompletableFuture<>();
        ScriptedServer server = connections.track(
                ScriptedServer.tls("127.0.0.1", TestTls.server(HOST), p -> p.setNeedClientAuth(true), connection -> {
                    peer.complete(connection.getSession().getPeerPrincipal().getName());
                    ScriptedServer.echo(connection);
                }));
        SSLContext device = TestTls.context(AUTHORITY.issueDevice("sensor-17"), AUTHORITY.certificate());

        TestConnections.assertEchoes(connections.connect(TestTls.target(server.port(), device, List.of(), null)));
        assertThat(peer.get(10, TimeUnit.SECONDS)).isEqualTo("CN=sensor-17");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheServerRequiresAClientCertificate(String version) {
        ScriptedServer server = tls(p -> p.setNeedClientAuth(true));

        assertThat(connections.failureUntilTheFirstRead(
                        TestTls.target(server.port(), TestTls.client(), List.of(version), null)))
                .hasMessageContaining("refused the client certificate")
                .hasMessageContaining("options certificateFile and privateKeyFile")
                .returns(Reason.CLIENT_REFUSED, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheServerRefusesTheClientCertificate(String version) {
        ScriptedServer server = tls(p -> p.setNeedClientAuth(true));
        SSLContext stranger = TestTls.context(STRANGER.issueDevice("sensor-17"), AUTHORITY.certificate());

        assertThat(connections.failureUntilTheFirstRead(
                        TestTls.target(server.port(), stranger, List.of(version), null)))
                .hasMessageContaining("refused the client certificate")
                .hasMessageContaining("options certificateFile and privateKeyFile")
                .returns(Reason.CLIENT_REFUSED, TlsConnectException::getReason);
    }

    /** OpenSSL and newer JDKs send this alert with TLS 1.2. */
    @Test
    void saysThatTheServerRequiresAClientCertificateOnAlertHandshakeFailure() {
        ScriptedServer server = tls(p -> p.setNeedClientAuth(true));
        ScriptedServer relay = connections.plain(connection -> HandshakeFailureRelay.serve(connection, server.port()));

        assertThat(connections.failure(TestTls.target(relay.port(), TestTls.client(), List.of("TLSv1.2"), null)))
                .hasMessageContaining("refused the client certificate")
                .hasMessageContaining("handshake_failure")
                .hasMessageContaining("options certificateFile and privateKeyFile")
                .returns(Reason.CLIENT_REFUSED, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheServerSharesNoCipherSuite() {
        ScriptedServer server = tls(p -> p.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}));

        assertThat(connections.failure(TestTls.target(server.port(), TestTls.client(), List.of("TLSv1.2"), null)))
                .hasMessageContaining("the server refused the TLS handshake")
                .hasMessageContaining("handshake_failure")
                .hasMessageContaining("options endpoint and port")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheServerDoesNotSpeakTls() {
        ScriptedServer server = connections.plain(connection -> {
            connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.getInputStream().read();
        });

        assertThat(connections.failure(TestTls.target(server.port())))
                .hasMessageContaining("speaks no TLS on this port")
                .hasMessageContaining("options connectTo and port")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheServerClosedDuringTheHandshake() {
        ScriptedServer server =
                connections.plain(connection -> connection.getInputStream().read());

        assertThat(connections.failure(TestTls.target(server.port())))
                .hasMessageContaining("the server closed the connection during the TLS handshake")
                .returns(Reason.CONNECTION_LOST, TlsConnectException::getReason);
    }

    /** An echo server with other TLS parameters. */
    private ScriptedServer tls(Consumer<SSLParameters> change) {
        return connections.track(ScriptedServer.tls("127.0.0.1", TestTls.server(HOST), change, ScriptedServer::echo));
    }
}
