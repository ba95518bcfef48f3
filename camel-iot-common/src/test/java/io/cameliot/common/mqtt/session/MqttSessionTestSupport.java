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
package io.cameliot.common.mqtt.session;

import static io.cameliot.common.mqtt.session.Sessions.message;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.ScriptedServer;
import io.cameliot.common.transport.connect.TestTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A session, and the server that it talks to. */
abstract class MqttSessionTestSupport {

    static final Duration AMPLE = Duration.ofSeconds(20);

    final Listener listener = new Listener();
    MqttThreads threads;
    ScriptedServer server;

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
        threads = MqttThreads.create(context, this, "Session");
    }

    @AfterEach
    void stop() {
        server.close();
        await().alias("the session leaves no thread behind")
                .until(() -> ((ThreadPoolExecutor) threads.io()).getActiveCount() == 0);
        threads.shutdown();
        context.stop();
    }

    /** For tests that are repeated: looks more often than ten times a second. */
    static ConditionFactory awaitSoon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    void serve(ScriptedServer.Script<SSLSocket> script) {
        server = ScriptedServer.tls(TestTls.server(TestTls.HOST), script);
    }

    TlsTarget target() {
        return TestTls.target(server.port());
    }

    CompletableFuture<MqttSession> attempt() {
        return attempt(target());
    }

    CompletableFuture<MqttSession> attempt(TlsTarget target) {
        return MqttSession.connect(request(60, AMPLE), target, threads.connector(), listener);
    }

    MqttSession connect() throws Exception {
        return attempt().get(20, SECONDS);
    }

    MqttSession connect(int keepAliveSeconds) throws Exception {
        return MqttSession.connect(request(keepAliveSeconds, AMPLE), target(), threads.connector(), listener)
                .get(20, SECONDS);
    }

    static MqttConnectRequest request(int keepAliveSeconds, Duration timeout) {
        return Sessions.request(Duration.ofSeconds(keepAliveSeconds), timeout);
    }

    Reason reasonOfLoss() {
        assertThat(listener.losses).hasSize(1);
        return ((TlsConnectException) listener.losses.get(0)).getReason();
    }

    static IOException failureOf(CompletableFuture<?> future) {
        try {
            throw new AssertionError("No failure but " + future.get(20, SECONDS));
        } catch (ExecutionException e) {
            return (IOException) e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String hex(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    static final class Listener implements MqttSessionListener {

        final BlockingQueue<InboundMessage> messages = new LinkedBlockingQueue<>();
        final List<IOException> losses = Collections.synchronizedList(new ArrayList<>());
        volatile Consumer<InboundMessage> onMessage = message -> {};
        volatile Runnable onLoss = () -> {};

        @Override
        public void messageArrived(InboundMessage message) {
            messages.add(message);
            onMessage.accept(message);
        }

        @Override
        public void connectionLost(MqttSession session, IOException cause) {
            losses.add(cause);
            onLoss.run();
        }
    }
}
