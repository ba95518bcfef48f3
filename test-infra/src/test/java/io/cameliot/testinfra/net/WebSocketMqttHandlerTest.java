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
package io.cameliot.testinfra.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketMqttHandlerTest {
    private static final int MAX_BYTES = 1024;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String UPGRADE =
            "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: " + KEY + "|Sec-WebSocket-Protocol: mqtt";
    private static final byte[] PINGREQ = {(byte) 0xC0, 0};
    private static final byte[] PINGRESP = {(byte) 0xD0, 0};
    private static final TestCertificateAuthority AUTHORITY = TestCertificateAuthority.create("Server CA");

    private final LoopbackServer server = new LoopbackServer("websocket-test", false);
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> received = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newBuilder()
            .sslContext(TlsClient.context(AUTHORITY.certificate(), null))
            .build();
    private int port;

    @BeforeEach
    void listen() {
        TlsRoute route = new TlsRoute(
                ServerTls.showing(AUTHORITY.issueServer("localhost")).build(), this::http);
        port = server.bind(0, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TlsFrontHandler(hello -> route));
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void carriesMqttInWholeAndSplitFrames() throws Exception {
        WebSocket webSocket = connect("/mqtt?any=query", "mqtt");

        assertThat(webSocket.getSubprotocol()).isEqualTo("mqtt");
        webSocket.sendBinary(ByteBuffer.wrap(PINGREQ), true).join();
        assertThat(nextBytes()).isEqualTo(PINGRESP);
        webSocket.sendBinary(ByteBuffer.wrap(PINGREQ, 0, 1), false).join();
        webSocket.sendBinary(ByteBuffer.wrap(PINGREQ, 1, 1), true).join();
        assertThat(nextBytes()).isEqualTo(PINGRESP);
        webSocket.abort();
    }

    @Test
    void reportsTheCloseOfTheClientToTheApplication() throws Exception {
        WebSocket webSocket = connect("/mqtt", "mqtt");

        webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(WebSocketMqttCodec.Event.CLOSED_BY_PEER);
        await().until(webSocket::isInputClosed);
    }

    @Test
    void endsAConnectionThatSendsText() throws Exception {
        WebSocket webSocket = connect("/mqtt", "mqtt");

        webSocket.sendText("hello", true).join();

        await().until(webSocket::isInputClosed);
    }

    @Test
    void refusesAnUpgradeThatTheGuardRefuses() {
        assertThatThrownBy(() -> connect("/mqtt?forbidden", "mqtt"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> {
                    assertThat(e.getResponse().statusCode()).isEqualTo(403);
                    assertThat(e.getResponse().headers().firstValue("x-reason")).contains("test");
                    assertThat(e.getResponse().headers().firstValue("date")).isPresent();
                });
    }

    @Test
    void refusesAClientThatDoesNotOfferMqtt() {
        assertThatThrownBy(() -> connect("/mqtt", "stomp"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource({
        "'mqtt', mqtt",
        "'mqttv3.1', mqttv3.1",
        "'mqtt, mqttv3.1', mqtt",
        "'mqttv3.1,mqtt', mqttv3.1",
        "'stomp, mqttv3.1', mqttv3.1"
    })
    void selectsTheFirstSupportedSubprotocol(String offered, String agreed) throws Exception {
        assertThat(answer(
                        "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: " + KEY + "|Sec-WebSocket-Protocol: " + offered))
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("\r\nSec-WebSocket-Protocol: " + agreed + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: KEY, 400, 'offers [], and none of [mqtt, mqttv3.1]'",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: KEY|Sec-WebSocket-Protocol: stomp, 400, 'offers [stomp], and none'",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: KEY|Sec-WebSocket-Protocol: MQTT, 400, 'offers [MQTT], and none'",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Protocol: mqtt, 400, Sec-WebSocket-Key is not 16 bytes",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: a b|Sec-WebSocket-Protocol: mqtt, 400, Sec-WebSocket-Key is not",
        "Sec-WebSocket-Version: 8|Sec-WebSocket-Key: KEY|Sec-WebSocket-Protocol: mqtt, 426, Sec-WebSocket-Version is 8",
        "Sec-WebSocket-Key: KEY|Sec-WebSocket-Protocol: mqtt, 426, Sec-WebSocket-Version is null"
    })
    void namesTheFaultOfAnInvalidUpgrade(String headers, int status, String reason) throws Exception {
        assertThat(answer(headers.replace(": KEY", ": " + KEY)))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/mqtt%", "/mqtt%4", "/%u006dqtt?x=1"})
    void refusesAnUpgradeOnAPathThatIsNotPercentEncoded(String target) throws Exception {
        assertThat(answer(target, UPGRADE)).startsWith("HTTP/1.1 400 ").contains("The path is not percent-encoded");
    }

    @Test
    void decodesThePathOfAnUpgrade() throws Exception {
        assertThat(answer("/%6dqtt", UPGRADE)).startsWith("HTTP/1.1 101 ");
        assertThat(answer("/mqtt?x=%zz", UPGRADE)).startsWith("HTTP/1.1 101 ");
    }

    private String answer(String headers) throws IOException {
        return answer("/mqtt", headers);
    }

    /** Returns the answer to an upgrade with these headers, up to its end or to the first frame. */
    private String answer(String target, String headers) throws IOException {
        try (Socket socket = TlsClient.context(AUTHORITY.certificate(), null)
                .getSocketFactory()
                .createSocket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + target
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
                                    + headers.replace("|", "\r\n") + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            boolean upgraded = false;
            int b;
            while (!upgraded && (b = socket.getInputStream().read()) >= 0) {
                answer.append((char) b);
                upgraded =
                        answer.indexOf("HTTP/1.1 101") == 0 && answer.toString().endsWith("\r\n\r\n");
            }
            return answer.toString();
        }
    }

    @Test
    void passesOtherPathsAndPlainRequestsToTheNextHandler() throws Exception {
        assertThatThrownBy(() -> connect("/other", "mqtt"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(404));
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mqtt"))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).isEqualTo("not here");
        }
    }

    private void http(ChannelPipeline pipeline) {
        Pipelines.addHttp(pipeline, MAX_BYTES);
        pipeline.addLast(new WebSocketMqttHandler(
                List.of("mqtt", "mqttv3.1"), "/mqtt"::equals, this::refuse, MAX_BYTES, this::mqtt));
        pipeline.addLast(new SimpleChannelInboundHandler<FullHttpRequest>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                new HttpReply(404, Map.of(), "not here").send(context, HttpUtil.isKeepAlive(request));
            }
        });
    }

    private Optional<HttpReply> refuse(FullHttpRequest request, Channel channel) {
        return request.uri().contains("forbidden")
                ? Optional.of(new HttpReply(403, Map.of("x-reason", "test"), "{}"))
                : Optional.empty();
    }

    private void mqtt(ChannelPipeline pipeline) {
        Pipelines.addMqtt(pipeline, MAX_BYTES);
        pipeline.addLast(new SimpleChannelInboundHandler<MqttMessage>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
                if (message.fixedHeader().messageType() == MqttMessageType.PINGREQ) {
                    context.writeAndFlush(MqttMessage.PINGRESP);
                }
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof WebSocketMqttCodec.Event) {
                    events.add(event);
                }
            }
        });
    }

    private WebSocket connect(String pathAndQuery, String subprotocol) {
        return client.newWebSocketBuilder()
                .subprotocols(subprotocol)
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(URI.create("wss://localhost:" + port + pathAndQuery), new Listener())
                .join();
    }

    private byte[] nextBytes() throws InterruptedException {
        ByteBuffer buffer = received.poll(10, TimeUnit.SECONDS);
        assertThat(buffer).isNotNull();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            received.add(ByteBuffer.allocate(data.remaining()).put(data).flip());
            webSocket.request(1);
            return null;
        }
    }
}
