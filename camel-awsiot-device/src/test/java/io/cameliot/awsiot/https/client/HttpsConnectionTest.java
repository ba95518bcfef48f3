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
package io.cameliot.awsiot.https.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of an end, a request and an answer on one event loop, which is chance on a real connection. */
class HttpsConnectionTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final TlsTarget TARGET = new TlsTarget(
            new ServerAddress("aws", 8443, null, null), null, null, TIMEOUT, (fault, target) -> ", advice on " + fault);

    private final HttpsConnection connection =
            new HttpsConnection(new HttpsConnections(() -> null, null, 1, TIMEOUT), TARGET, 0, TIMEOUT);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final HttpsRequest request = request();

    HttpsConnectionTest() {
        channel.freezeTime();
        connection.addTo(channel.pipeline());
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void failsARequestAtOnceWhereTheConnectionHasJustEnded() {
        channel.close();

        connection.send(request);
        channel.runPendingTasks();

        assertThat(request.answer())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IOException.class);
        assertThat(request.isSent()).isFalse();
    }

    @Test
    void countsAsLostWhereNoAnswerComesInTime() {
        connection.send(request);
        channel.runPendingTasks();
        pass(TIMEOUT.minusMillis(1));
        assertThat(request.answer()).isNotDone();

        pass(Duration.ofMillis(1));

        assertThat(request.answer())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IOException.class)
                .withMessage("no answer within connectionTimeout (30000 ms)");
        assertThat(request.isSent()).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void givesEachRequestItsOwnTime() {
        connection.send(request);
        channel.runPendingTasks();
        pass(TIMEOUT.minusSeconds(1));
        answer();
        assertThat(request.answer()).isCompleted();

        HttpsRequest next = request();
        connection.send(next);
        channel.runPendingTasks();
        pass(TIMEOUT.minusSeconds(1));
        answer();

        assertThat(next.answer()).isCompleted();
        pass(TIMEOUT.multipliedBy(2));
        assertThat(channel.isOpen()).isTrue();
    }

    /** With TLS 1.3 the handshake of the client is over when the server refuses its certificate. */
    @ParameterizedTest
    @ValueSource(strings = {"bad_certificate", "certificate_required", "handshake_failure"})
    void givesAdviceWhereTheServerRefusesTheCertificateAfterTheHandshake(String alert) {
        connection.send(request);
        channel.runPendingTasks();

        channel.pipeline()
                .fireExceptionCaught(new DecoderException(new SSLHandshakeException("Received fatal alert: " + alert)));

        assertThat(request.answer())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(TlsConnectException.class)
                .withMessage(
                        "Cannot connect to aws:8443: the server refused the client certificate (Received fatal alert: "
                                + alert + "), advice on CLIENT_CERTIFICATE_REFUSED");
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new DecoderException(new SSLException("Tag mismatch")),
                new DecoderException(new NotSslRecordException("not an SSL/TLS record: 00")),
                new DecoderException("no cause"),
                new IllegalStateException("of a security provider"),
                new OutOfMemoryError("Direct buffer memory"),
                new SocketException("Connection reset"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void takesEveryExceptionOnAConnectionThatHasAnsweredForItsLoss(Throwable failure) {
        connection.send(request);
        channel.runPendingTasks();
        answer();
        HttpsRequest next = request();
        connection.send(next);
        channel.runPendingTasks();

        channel.pipeline().fireExceptionCaught(failure);

        assertThat(next.answer())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(TlsConnectException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void sendsNothingWhereTheCallerHasFailedTheRequestBefore() {
        connection.send(request);

        request.answer().cancel(false);
        channel.runPendingTasks();

        assertThat(request.isSent()).isFalse();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void answer() {
        channel.writeInbound(
                Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", StandardCharsets.US_ASCII));
    }

    private static HttpsRequest request() {
        return new HttpsRequest(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    }
}
