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
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.WebSocketRefusedException;
import io.cameliot.common.transport.WebSocketUpgrade;
import io.cameliot.testinfra.net.HttpReply;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.Pipelines;
import io.cameliot.testinfra.net.ServerTls;
import io.cameliot.testinfra.net.TlsFrontHandler;
import io.cameliot.testinfra.net.TlsRoute;
import io.cameliot.testinfra.net.WebSocketMqttCodec;
import io.cameliot.testinfra.net.WebSocketMqttHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens WebSockets, with Netty's server and with faulty servers. */
@ExtendWith(LeakCheck.class)
class WebSocketUpgradeTest {

    private static final int MAX_FRAME = 1 << 20;
    private static final WebSocketUpgrade UPGRADE = new WebSocketUpgrade("/mqtt", Map.of(), "mqtt");

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 125, 126, 127, 8191, 65_535, 65_536, 300_000})
    void carriesBytesInBothDirections(int length) throws Exception {
        TestConnection client = connections.connect(target(front(request -> Optional.empty())));
        byte[] message = new byte[length];
        new Random(length).nextBytes(message);

        TestConnections.assertEchoes(client, message);
        TestConnections.assertEchoes(client);
    }

    @ParameterizedTest
    @CsvSource({
        "device-gateway.test, 443, device-gateway.test",
        "device-gateway.test, 8443, device-gateway.test:8443",
        "::1, 443, [::1]",
        "::1, 8443, [::1]:8443"
    })
    void sendsTheHostHeaderThatSignaturesCover(String host, int port, String expected) throws Exception {
        int front = front(request -> {
            requests.add(request.headers().get("Host"));
            return Optional.empty();
        });
        ServerAddress address = new ServerAddress(host, port, new HostAndPort("127.0.0.1", front), null);
        TlsTarget target = TestTls.target(address, Duration.ofSeconds(20)).withWebSocket(UPGRADE);

        connections.connect(target);

        assertThat(requests.take()).isEqualTo(expected).isEqualTo(address.authority());
    }

    @Test
    void sendsPathAndQueryByteForByteAndTheHeaders() throws Exception {
        String path = "/mqtt?X-Amz-Credential=AKID%2F20200101%2Fus-east-1&b=%2f+~a%20c=&&a='(1)";
        int front = front(request -> {
            requests.add(request.uri());
            requests.add(request.headers().get("X-Amz-CustomAuthorizer-Name"));
            requests.add(request.headers().get("Sec-WebSocket-Protocol"));
            return Optional.empty();
        });

        connections.connect(target(front)
                .withWebSocket(
                        new WebSocketUpgrade(path, Map.of("X-Amz-CustomAuthorizer-Name", "my authorizer"), "mqtt")));

        assertThat(requests).containsExactly(path, "my authorizer", "mqtt");
    }

    /** A signature covers the unchanged path. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/$iothub/websocket",
                "/a%2Fb",
                "/a|b",
                "/{a}?b=\"c\"",
                "//a",
                "/a^b`c\\d",
                "/a?",
                "/a?b=[c]&d=%",
                "/~?e=<f>"
            })
    void sendsCharactersThatAUriForbidsByteForByte(String path) throws Exception {
        int front = front(request -> {
            requests.add(request.uri());
            return Optional.empty();
        });

        connections.connect(target(front).withWebSocket(new WebSocketUpgrade(path, Map.of(), "mqtt")));

        assertThat(requests).containsExactly(path);
    }

    @Test
    void showsTheAnswerOfARefusingServer() throws Exception {
        int front = front(request -> Optional.of(
                new HttpReply(403, Map.of("x-amzn-ErrorType", "ForbiddenException"), "{\"message\":\"Forbidden\"}")));

        TlsConnectException failure = connections.failure(target(front));

        assertThat(failure)
                .hasMessageContaining(HOST)
                .hasMessageContaining("refused the WebSocket upgrade with HTTP status 403 Forbidden: {\"message\":")
                .returns(Reason.UPGRADE_REFUSED, TlsConnectException::getReason)
                .isInstanceOfSatisfying(WebSocketRefusedException.class, e -> {
                    assertThat(e.getStatus()).isEqualTo(403);
                    assertThat(e.getBody()).isEqualTo("{\"message\":\"Forbidden\"}");
                    assertThat(e.header("DATE")).isPresent();
                    assertThat(e.header("X-Amzn-Errortype")).contains("ForbiddenException");
                    assertThat(e.header("Retry-After")).isEmpty();
                    assertThat(e.header("date")).isPresent();
                    assertThat(e.header("content-length")).isPresent();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "301, redirects to https://login.example/; check option endpoint",
        "302, redirects to https://login.example/; log in to the network",
        "303, redirects to https://login.example/; log in to the network",
        "307, redirects to https://login.example/; log in to the network",
        "308, redirects to https://login.example/; log in to the network",
        "200, no WebSocket upgrade: check option endpoint; lets WebSockets through",
        "400, no WebSocket upgrade: check option endpoint; lets WebSockets through",
        "405, no WebSocket upgrade: check option endpoint; lets WebSockets through",
        "426, no WebSocket upgrade: check option endpoint; lets WebSockets through",
        "404, no WebSocket at path /mqtt: check option endpoint; endpoint",
        "407, a proxy in between wants a user name; option proxy",
        "429, takes no more requests for now; later attempt",
        "500, cannot serve now; later attempt",
        "502, cannot serve now; later attempt",
        "503, cannot serve now; later attempt",
        "504, cannot serve now; later attempt"
    })
    void explainsAStatusAndNamesTheRemedy(int status, String meaning) {
        TlsTarget target = answering("HTTP/1.1 " + status
                        + " No\r\nLocation: https://login.example/\r\nContent-Length: 0" + "\r\n\r\n")
                .withWebSocket(new WebSocketUpgrade("/mqtt?X-Amz-Signature=secret", Map.of(), "mqtt"));

        assertThat(connections.failure(target).getMessage())
                .contains("HTTP status " + status + " No: ")
                .contains(meaning.split("; "))
                .doesNotContain("credentials", "certificate", "secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 a\u001b[31mb\u0007\tc\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\na\r\n\u001b[31mFAKE LOG\nb",
                "HTTP/1.1 503 \u001b[2J\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 400 \u0000\u0008\u007f\r\nContent-Length: 0\r\n\r\n"
            })
    void escapesTheTextOfTheServer(String answer) {
        assertThat(connections.failure(answering(answer)).getMessage())
                .contains("\\u00")
                .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\u0080-\u009f]");
    }

    @Test
    void namesAHeaderThatHttpDoesNotAllowWithoutItsValue() {
        String answer = "HTTP/1.1 302 Found\r\nLocation: http://x/\u001b]0;title\u0007\r\nContent-Length: 0\r\n\r\n";

        assertThat(connections.failure(answering(answer)).getMessage())
                .contains("no HTTP answer to the WebSocket upgrade", "'Location'")
                .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\u0080-\u009f]");
    }

    @Test
    void truncatesAnEndlessReason() {
        assertThat(connections
                        .failure(answering("HTTP/1.1 403 " + "x".repeat(10_000) + "\r\n\r\n"))
                        .getMessage())
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @CsvSource({"400, false", "401, false", "404, false", "429, true", "500, true", "503, true"})
    void reportsWhetherARefusalIsTemporary(int status, boolean passing) throws Exception {
        TlsConnectException failure = connections.failure(target(front(request -> Optional.of(HttpReply.of(status)))));

        assertThat(failure).isInstanceOf(WebSocketRefusedException.class);
        assertThat(failure.getReason().isPassing()).isEqualTo(passing);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n9;x=y\r\nno access\r\n0\r\n\r\n",
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nno access",
                "HTTP/1.1 403\r\nConnection: close\r\n\r\nno access",
                "HTTP/1.0 403 Forbidden\r\nContent-Length: 90\r\n\r\nno access"
            })
    void readsTheBodyOfARefusalInEveryFraming(String answer) {
        TlsConnectException failure = connections.failure(answering(answer));

        assertThat(failure).isInstanceOfSatisfying(WebSocketRefusedException.class, e -> assertThat(e.getBody())
                .isEqualTo("no access"));
    }

    @Test
    void limitsTheBodyOfARefusal() {
        TlsConnectException failure = connections.failure(
                answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 100000\r\n\r\n" + "x\r\n".repeat(30_000)));

        assertThat(failure.getMessage()).hasSizeLessThan(400).doesNotContain("\n");
        assertThat(((WebSocketRefusedException) failure).getBody()).hasSize(4096);
    }

    @ParameterizedTest
    @CsvSource({
        "'Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Protocol: mqtt|Sec-WebSocket-Accept: wrong', Invalid challenge",
        "'Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Protocol: mqtt', Invalid challenge",
        "'Upgrade: websocket|Sec-WebSocket-Protocol: mqtt|ACCEPT', response connection",
        "'Connection: Upgrade|Sec-WebSocket-Protocol: mqtt|ACCEPT', response upgrade",
        "'Upgrade: websocket|Connection: Upgrade|ACCEPT', Invalid subprotocol",
        "'Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Protocol: amqp|ACCEPT', Invalid subprotocol",
        "'Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Protocol: mqtt|Sec-WebSocket-Extensions: permessage-deflate|ACCEPT', extension"
    })
    void refusesAnAnswerThatOpensNoWebSocket(String headers, String reason) {
        ScriptedServer server = connections.tls(TestTls.server(HOST), connection -> {
            RawWebSocket peer = new RawWebSocket(connection);
            peer.answer("HTTP/1.1 101 Switching Protocols\r\n"
                    + headers.replace("ACCEPT", "Sec-WebSocket-Accept: " + peer.accept())
                            .replace("|", "\r\n")
                    + "\r\n\r\n");
            ScriptedServer.stall();
        });

        assertThat(connections.failure(target(server.port())))
                .hasMessageContaining(reason)
                .hasMessageContaining("options endpoint and port")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheServerDoesNotSpeakHttp() {
        assertThat(connections.failure(answering("\u0020\u0002\u0000\u0005\n")))
                .hasMessageContaining("no HTTP answer to the WebSocket upgrade")
                .hasMessageContaining("options endpoint and port")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheServerSendsEndlessHeaders() {
        assertThat(connections.failure(answering("HTTP/1.1 101 Switching Protocols\r\n" + "X: y\r\n".repeat(10_000))))
                .hasMessageContaining("no HTTP answer to the WebSocket upgrade")
                .returns(Reason.NO_COMMON_PROTOCOL, TlsConnectException::getReason);
    }

    @Test
    void saysThatTheServerClosedInsteadOfAnswering() {
        ScriptedServer server = connections.tls(
                TestTls.server(HOST), connection -> connection.getInputStream().read());

        assertThat(connections.failure(target(server.port())))
                .hasMessageContaining("no HTTP answer to the WebSocket upgrade")
                .returns(Reason.CONNECTION_LOST, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheServerRequiresAClientCertificate(String version) {
        ScriptedServer server = connections.track(ScriptedServer.tls(
                "127.0.0.1",
                TestTls.server(HOST),
                parameters -> parameters.setNeedClientAuth(true),
                RawWebSocket::open));

        assertThat(connections.failure(TestTls.target(server.port(), TestTls.client(), List.of(version), null)
                        .withWebSocket(UPGRADE)))
                .hasMessageContaining("refused the client certificate")
                .returns(Reason.CLIENT_REFUSED, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUpgradeThatStallsOrTricklesEndsWithinTheTimeout(boolean trickle) {
        ScriptedServer server = connections.tls(TestTls.server("localhost"), connection -> {
            connection.getOutputStream().write("HTTP/1.1 101 ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                ScriptedServer.pause(trickle ? 50 : 100_000);
                connection.getOutputStream().write('x');
            }
        });

        assertThat(connections.failure(TestTls.direct("localhost", server.port(), Duration.ofMillis(700))
                        .withWebSocket(UPGRADE)))
                .hasMessageContaining("no answer within 700 ms")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @Test
    void anOrderlyCloseSendsACloseFrame() throws Exception {
        TestConnection client = connections.connect(target(front(request -> Optional.empty())));
        TestConnections.assertEchoes(client);

        client.close();

        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(WebSocketMqttCodec.Event.CLOSED_BY_PEER);
    }

    @Test
    void anAbortSendsNoCloseFrame() throws Exception {
        TestConnection client = connections.connect(target(front(request -> Optional.empty())));
        TestConnections.assertEchoes(client);

        client.abort();

        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("inactive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "", "/mqtt path", "/mqtt\r\nX: y", "/größe"})
    void refusesAPathThatHttpDoesNotAllow(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebSocketUpgrade(path, Map.of(), "mqtt"))
                .withMessageContaining("path");
    }

    @ParameterizedTest
    @CsvSource({"host, a", "UPGRADE, a", "connection, a", "Sec-WebSocket-Key, a", "'a b', a", "'', a", "token, 'a\nb'"})
    void refusesHeadersThatAreAddedAutomatically(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebSocketUpgrade("/mqtt", Map.of(name, value), "mqtt"))
                .withMessageContaining(
                        "header " + (name.isBlank() || name.contains(" ") || name.equals("token") ? "'" : "") + name);
    }

    @Test
    void hidesQueryAndHeaderValuesInItsText() {
        WebSocketUpgrade upgrade = new WebSocketUpgrade("/mqtt?signature=abc", Map.of("token", "def"), "mqtt");

        assertThat(upgrade.toString()).contains("/mqtt", "token").doesNotContain("abc", "def");
        assertThat(target(1).withWebSocket(upgrade).toString()).doesNotContain("abc", "def");
    }

    private static TlsTarget target(int port) {
        return TestTls.target(port).withWebSocket(UPGRADE);
    }

    /** A server that answers each upgrade with this text. */
    private TlsTarget answering(String answer) {
        ScriptedServer server =
                connections.tls(TestTls.server(HOST), connection -> new RawWebSocket(connection).answer(answer));
        return target(server.port());
    }

    /** Netty's WebSocket server, which sends everything back. */
    private int front(Function<FullHttpRequest, Optional<HttpReply>> guard) {
        LoopbackServer server = connections.track(new LoopbackServer("websocket-front", false));
        TlsRoute route = new TlsRoute(
                ServerTls.showing(AUTHORITY.issueServer(HOST, "::1")).build(), pipeline -> http(pipeline, guard));
        return server.bind(0, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TlsFrontHandler(hello -> route));
            }
        });
    }

    private void http(ChannelPipeline pipeline, Function<FullHttpRequest, Optional<HttpReply>> guard) {
        Pipelines.addHttp(pipeline, MAX_FRAME);
        pipeline.addLast(new WebSocketMqttHandler(
                List.of("mqtt"),
                path -> true,
                (request, channel) -> guard.apply(request),
                MAX_FRAME,
                upgraded -> upgraded.addLast(new Echo())));
    }

    private final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketMqttCodec.Event) {
                events.add(event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            events.add("inactive");
        }
    }
}
