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

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of an end, a request and an answer on one event loop, which is chance on a real connection. */
class HttpsConnectionTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpsConnection connection =
            new HttpsConnection(new HttpsConnections(() -> null, null, 1, TIMEOUT), 0, TIMEOUT);
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
