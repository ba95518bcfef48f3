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

import static io.cameliot.common.transport.connect.TestTls.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.WebSocketUpgrade;
import io.cameliot.testinfra.proxy.ForwardProxy;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through forward proxies, real and faulty ones. */
@ExtendWith(LeakCheck.class)
class ProxyTunnelTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    /** The kinds of proxy. */
    enum Kind {
        HTTP,
        SOCKS5;

        ForwardProxy.Builder builder() {
            return this == HTTP ? ForwardProxy.http() : ForwardProxy.socks5();
        }

        String scheme() {
            return name().toLowerCase() + "://";
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectsThroughAProxyThatResolvesTheName(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder().route(HOST, 8883, echo(HOST)));

        TestConnections.assertEchoes(connections.connect(through(proxy.uri(), TestTls.direct(HOST, 8883, AMPLE))));

        assertThat(proxy.targets()).containsExactly(HOST + ":8883");
    }

    @ParameterizedTest
    @EnumSource
    void asksTheProxyForTheAddressOfConnectTo(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder());
        int port = echo(HOST);

        TestConnections.assertEchoes(connections.connect(through(proxy.uri(), TestTls.target(port))));

        assertThat(proxy.targets()).containsExactly("127.0.0.1:" + port);
    }

    @ParameterizedTest
    @EnumSource
    void asksTheProxyForAnIpv6Literal(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder());
        ScriptedServer server = connections.track(
                ScriptedServer.tls("::1", TestTls.server("::1"), parameters -> {}, ScriptedServer::echo));

        TestConnections.assertEchoes(
                connections.connect(through(proxy.uri(), TestTls.direct("::1", server.port(), AMPLE))));

        assertThat(proxy.targets()).hasSize(1).first().asString().endsWith("1]:" + server.port());
    }

    @ParameterizedTest
    @EnumSource
    void logsInToTheProxy(Kind kind) throws Exception {
        // Netty's SOCKS codec on the proxy's side supports only ASCII; RFC 1929 specifies no character set.
        String password = "s:e@c r%e+t/" + (kind == Kind.HTTP ? "ü" : "");
        ForwardProxy proxy = start(kind.builder().requireUser("factory", password));

        TestConnections.assertEchoes(connections.connect(through(proxy.uri(), TestTls.target(echo(HOST)))));

        assertThat(proxy.targets()).hasSize(1);
    }

    /** RFC 1929 specifies no character set; the client uses UTF-8, as with HTTP. */
    @ParameterizedTest
    @ValueSource(strings = {"ü", "пароль", "密", "a€b"})
    void sendsAPasswordBeyondAsciiToASocksProxyAsUtf8(String password) throws Exception {
        int port = echo(HOST);
        CompletableFuture<String> received = new CompletableFuture<>();
        ScriptedServer proxy = connections.plain(connection -> {
            InputStream in = connection.getInputStream();
            in.readNBytes(1);
            in.readNBytes(in.read());
            connection.getOutputStream().write(new byte[] {5, 2});
            in.readNBytes(1);
            in.readNBytes(in.read());
            received.complete(new String(in.readNBytes(in.read()), StandardCharsets.UTF_8));
            connection.getOutputStream().write(new byte[] {1, 0});
            in.readNBytes(10);
            connection.getOutputStream().write(HexFormat.of().parseHex("05000001000000000000"));
            ScriptedServer.relay(connection, port);
        });
        ProxyAddress address = new ProxyAddress(
                ProxyAddress.Scheme.SOCKS5, new HostAndPort("127.0.0.1", proxy.port()), "factory", password);

        TestConnections.assertEchoes(connections.connect(TestTls.through(address, TestTls.target(port))));

        assertThat(received).isCompletedWithValue(password);
    }

    /** Any 2xx opens the tunnel and has no body, whatever the headers say (RFC 9110, section 9.3.6). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 Connection established",
                "HTTP/1.1 200 OK|Content-Length: 5",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked",
                "HTTP/1.1 201 Created",
                "HTTP/1.1 202 Accepted|Content-Length: 5",
                "HTTP/1.1 204 No Content",
                "HTTP/1.1 226 Tunnelled|Transfer-Encoding: chunked"
            })
    void acceptsAnySuccessStatusOfAnHttpProxy(String head) throws Exception {
        int port = echo(HOST);
        ScriptedServer proxy = connections.plain(connection -> {
            connection.getInputStream().read(new byte[1000]);
            connection
                    .getOutputStream()
                    .write((head.replace("|", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            ScriptedServer.relay(connection, port);
        });

        TestConnections.assertEchoes(
                connections.connect(through("http://127.0.0.1:" + proxy.port(), TestTls.target(port))));
    }

    @ParameterizedTest
    @EnumSource
    void sendsNoLoginIfTheProxyRequestsNone(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder());

        TestConnections.assertEchoes(connections.connect(
                through(kind.scheme() + "any:body@127.0.0.1:" + proxy.port(), TestTls.target(echo(HOST)))));
    }

    @ParameterizedTest
    @EnumSource
    void carriesAWebSocketThroughTheTunnel(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder());
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            RawWebSocket peer = RawWebSocket.open(connection);
            while (true) {
                peer.send(RawWebSocket.frame(0x82, peer.readFrame().payload()));
            }
        });

        TestConnections.assertEchoes(connections.connect(through(proxy.uri(), TestTls.target(server.port()))
                .withWebSocket(new WebSocketUpgrade("/mqtt", Map.of(), "mqtt"))));
    }

    /** The conversation with the proxy must not count as one with the server. */
    @ParameterizedTest
    @EnumSource
    void saysThatTheServerBehindTheProxySharesNoCipherSuite(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder());
        ScriptedServer server = connections.track(ScriptedServer.tls(
                "127.0.0.1",
                TestTls.server(HOST),
                p -> p.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}),
                ScriptedServer::echo));
        TlsTarget target = TestTls.target(server.port(), TestTls.client(), List.of("TLSv1.2"), null);

        assertThat(connections.failure(through(proxy.uri(), target)))
                .hasMessageContaining("handshake_failure")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatThePasswordIsWrongWithoutShowingIt(Kind kind) {
        ForwardProxy proxy = start(kind.builder().requireUser("factory", "right"));

        assertThat(failure(kind.scheme() + "factory:s3cr3t@127.0.0.1:" + proxy.port()))
                .hasMessageContaining("does not accept the user name and password of option proxy")
                .returns(Reason.PROXY_REFUSED, TlsConnectException::getReason)
                .satisfies(failure -> {
                    StringWriter trace = new StringWriter();
                    failure.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("s3cr3t", "factory:");
                });
        assertThat(proxy.targets()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheProxyRequiresAUser(Kind kind) {
        ForwardProxy proxy = start(kind.builder().requireUser("factory", "secret"));

        assertThat(failure(kind.scheme() + "127.0.0.1:" + proxy.port()))
                .hasMessageContaining("wants a user name and a password")
                .hasMessageContaining("set options proxyUsername and proxyPassword")
                .returns(Reason.PROXY_REFUSED, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheProxyForbidsTheAddress(Kind kind) {
        ForwardProxy proxy = start(kind.builder().refuse(HOST));

        assertThat(connections.failure(through(proxy.uri(), TestTls.direct(HOST, 8883, AMPLE))))
                .hasMessageContaining("the proxy refuses to connect to " + HOST + ":8883")
                .hasMessageContaining("option endpoint")
                .returns(Reason.PROXY_REFUSED, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheProxyCannotResolveTheName(Kind kind) {
        ForwardProxy proxy = start(kind.builder());

        assertThat(connections.failure(through(proxy.uri(), TestTls.direct(HOST, 8883, AMPLE))))
                .hasMessageContaining("the proxy cannot reach " + HOST + ":8883")
                .hasMessageContaining("check option endpoint and the port, and the proxy's DNS and network")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheProxyCannotReachThePort(Kind kind) throws Exception {
        ForwardProxy proxy = start(kind.builder());
        int port = connections.closedPort();

        assertThat(connections.failure(through(proxy.uri(), TestTls.target(port))))
                .hasMessageContaining("the proxy cannot reach 127.0.0.1:" + port)
                .hasMessageContaining("option connectTo")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheProxyItselfCannotBeFound() throws Exception {
        int port = connections.closedPort();

        assertThat(failure("http://127.0.0.1:" + port))
                .hasMessageContaining("proxy http://127.0.0.1:" + port)
                .hasMessageContaining("check option proxy and the port")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
        assertThat(failure("http://no-such-proxy.test:3128"))
                .hasMessageContaining("no-such-proxy.test cannot be resolved: check option proxy")
                .returns(Reason.UNKNOWN_HOST, TlsConnectException::getReason);
    }

    @Test
    void saysThatAProxyMayHaveOpenedTls() {
        ForwardProxy proxy = start(ForwardProxy.http());
        ScriptedServer stranger = connections.tls(
                TestTls.context(TestTls.STRANGER.issueServer(HOST), TestTls.AUTHORITY.certificate()),
                ScriptedServer::echo);

        assertThat(connections.failure(through(proxy.uri(), TestTls.target(stranger.port()))))
                .hasMessageContaining("a proxy that opens TLS shows a certificate of its own CA")
                .returns(Reason.SERVER_NOT_TRUSTED, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @CsvSource({
        "407 Proxy Authentication Required|Proxy-Authenticate: Negotiate|Proxy-Authenticate: NTLM, PROXY_REFUSED, offers no Basic",
        "407 Proxy Authentication Required|Proxy-Authenticate: NTLM|Proxy-Authenticate: basic realm=x, PROXY_REFUSED, wants a user",
        "407 Proxy Authentication Required, PROXY_REFUSED, wants a user",
        "403 Forbidden, PROXY_REFUSED, refuses to connect",
        "405 Method Not Allowed, PROXY_REFUSED, refuses to connect",
        "302 Found, PROXY_REFUSED, refuses to connect",
        "429 Too Many Requests, UNAVAILABLE, cannot serve now (HTTP status 429 Too Many Requests)",
        "500 Internal Server Error, UNAVAILABLE, cannot serve now",
        "502 Bad Gateway, UNREACHABLE, cannot reach",
        "503, UNREACHABLE, cannot reach",
        "504 Gateway Timeout, UNREACHABLE, cannot reach"
    })
    void readsTheStatusOfAnHttpProxy(String head, Reason reason, String text) {
        ScriptedServer proxy = connections.plain(connection -> {
            connection.getInputStream().read();
            connection
                    .getOutputStream()
                    .write(("HTTP/1.1 " + head.replace("|", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            connection.getInputStream().transferTo(connection.getOutputStream());
        });

        assertThat(failure("http://127.0.0.1:" + proxy.port()))
                .hasMessageContaining(text)
                .returns(reason, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @CsvSource({
        "05ff, PROXY_REFUSED, wants a user name and a password (no acceptable authentication method)",
        "0502, PROXY_REFUSED, wants a user name and a password",
        "0500 05010001000000000000, UNREACHABLE, general failure",
        "0500 05020001000000000000, PROXY_REFUSED, not allowed by ruleset",
        "0500 05030001000000000000, UNREACHABLE, network unreachable",
        "0500 05040001000000000000, UNREACHABLE, host unreachable",
        "0500 05050001000000000000, UNREACHABLE, connection refused",
        "0500 05060001000000000000, UNREACHABLE, TTL expired",
        "0500 05070001000000000000, NO_COMMON_PROTOCOL, takes no CONNECT",
        "0500 05080001000000000000, NO_COMMON_PROTOCOL, kind of address",
        "0500 05630001000000000000, UNREACHABLE, SOCKS 5 reply 99",
        "0500 05000009, NO_COMMON_PROTOCOL, is no SOCKS 5 proxy",
        "0500 0400, NO_COMMON_PROTOCOL, is no SOCKS 5 proxy",
        "4854, NO_COMMON_PROTOCOL, is no SOCKS 5 proxy: check scheme host and port"
    })
    void readsTheReplyOfASocksProxy(String answers, Reason reason, String text) {
        ScriptedServer proxy = connections.plain(connection -> {
            for (String answer : answers.split(" ")) {
                connection.getInputStream().read();
                connection.getOutputStream().write(HexFormat.of().parseHex(answer));
            }
            connection.getInputStream().transferTo(connection.getOutputStream());
        });

        assertThat(failure("socks5://127.0.0.1:" + proxy.port()).getMessage().replace(",", ""))
                .contains(text);
        assertThat(failure("socks5://127.0.0.1:" + proxy.port()).getReason()).isEqualTo(reason);
    }

    /** A bound address of any type may precede the tunnel's first byte. */
    @ParameterizedTest
    @ValueSource(strings = {"01 7f0000010016", "04 000000000000000000000000000000010016", "03 0568656c6c6f0016"})
    void readsTheWholeBoundAddressOfASocksProxy(String address) throws Exception {
        int port = echo(HOST);
        ScriptedServer proxy = connections.plain(connection -> {
            connection.getInputStream().readNBytes(3);
            connection.getOutputStream().write(new byte[] {5, 0});
            connection.getInputStream().readNBytes(10);
            connection.getOutputStream().write(HexFormat.of().parseHex("050000" + address.replace(" ", "")));
            ScriptedServer.relay(connection, port);
        });

        TestConnections.assertEchoes(
                connections.connect(through("socks5://127.0.0.1:" + proxy.port(), TestTls.target(port))));
    }

    @Test
    void saysThatTheProxyDoesNotSpeakHttp() {
        ScriptedServer proxy = connections.plain(connection -> {
            connection.getInputStream().read();
            connection.getOutputStream().write("\u0005\u0000\n".getBytes(StandardCharsets.US_ASCII));
            ScriptedServer.stall();
        });

        assertThat(failure("http://127.0.0.1:" + proxy.port()))
                .hasMessageContaining("is no HTTP proxy: check scheme, host and port of option proxy")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheProxyCloses(Kind kind) {
        ScriptedServer proxy =
                connections.plain(connection -> connection.getInputStream().read(new byte[1000]));

        assertThat(failure(kind.scheme() + "127.0.0.1:" + proxy.port()))
                .hasMessageContaining("the proxy closed the connection")
                .hasMessageContaining("option proxy")
                .returns(Reason.CONNECTION_LOST, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void aProxyThatStallsEndsWithinTheTimeout(Kind kind) {
        ScriptedServer proxy = connections.plain(connection -> ScriptedServer.stall());

        assertThat(connections.failure(through(
                        kind.scheme() + "127.0.0.1:" + proxy.port(),
                        TestTls.direct(HOST, 8883, Duration.ofMillis(300)))))
                .hasMessageContaining("no answer within 300 ms: check options proxy and endpoint")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @EnumSource
    void aProxyThatTricklesEndsWithinTheTimeout(Kind kind) {
        ScriptedServer proxy = connections.plain(connection -> {
            byte[] start = kind == Kind.HTTP
                    ? "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII)
                    : HexFormat.of().parseHex("050005000003ff");
            connection.getOutputStream().write(start);
            while (true) {
                ScriptedServer.pause(50);
                connection.getOutputStream().write('x');
            }
        });

        assertThat(connections.failure(through(
                        kind.scheme() + "127.0.0.1:" + proxy.port(),
                        TestTls.direct(HOST, 8883, Duration.ofMillis(300)))))
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    private ForwardProxy start(ForwardProxy.Builder builder) {
        return connections.track(builder.start());
    }

    private int echo(String hostName) {
        return connections.tls(TestTls.server(hostName), ScriptedServer::echo).port();
    }

    private TlsConnectException failure(String proxy) {
        return connections.failure(through(proxy, TestTls.target(1)));
    }

    private static TlsTarget through(String proxy, TlsTarget target) {
        return TestTls.through(ProxyAddress.parse(proxy, "options"), target);
    }
}
