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

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.ScriptedServer;
import io.cameliot.common.transport.connect.TestTls;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The CONNECT of a session with a scripted server, and how it fails. */
@Timeout(60)
class MqttConnectTest extends MqttSessionTestSupport {

    @Test
    void connectsAndReportsWhetherTheSessionIsPresent() throws Exception {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            assertThat(broker.next()).isEqualTo("10" + "00044d5154540402003c" + "0003646576");
            broker.send("20020100");
            broker.next();
        });

        MqttSession session = connect();

        assertThat(session.isSessionPresent()).isTrue();
        assertThat(session.isEnded()).isFalse();
        session.abort();
    }

    @ParameterizedTest
    @CsvSource({"1, unacceptable protocol version", "5, not authorized"})
    void failsWithTheReturnCodeOfTheConnack(int code, String meaning) {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            broker.send("2002 00" + String.format("%02x", code));
            broker.next();
        });

        assertThat(failureOf(attempt()))
                .isInstanceOf(MqttConnackException.class)
                .hasMessageContaining("return code " + code + " (" + meaning + ")");
        assertThat(listener.losses).isEmpty();
    }

    @Test
    void failsWithAnUnknownReturnCode() {
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            broker.send("2002 00c8");
            broker.next();
        });

        IOException failure = failureOf(attempt());

        assertThat(failure).hasMessageContaining("does not allow").hasMessageContaining("200");
        assertThat(((TlsConnectException) failure).getReason()).isEqualTo(Reason.PROTOCOL_ERROR);
    }

    @Test
    void failsWithoutAConnackInTime() {
        serve(connection -> {
            new BrokerScript(connection).next();
            ScriptedServer.stall();
        });

        IOException failure = failureOf(
                MqttSession.connect(request(60, Duration.ofMillis(700)), target(), threads.connector(), listener));

        assertThat(failure).hasMessageContaining("No CONNACK").hasMessageContaining("within 700 ms");
        assertThat(((TlsConnectException) failure).getReason()).isEqualTo(Reason.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheServerClosedInsteadOfAConnack(String version) {
        serve(connection -> new BrokerScript(connection).next());

        assertThat(failureOf(attempt(TestTls.target(server.port(), TestTls.client(), List.of(version), null))))
                .hasMessageContaining("closed the connection without saying why")
                .isInstanceOfSatisfying(TlsConnectException.class, failure -> assertThat(failure.getReason())
                        .isEqualTo(Reason.CLOSED_BY_SERVER));
    }

    /** A server that refuses closes with close_notify. Nobody on the way can send that. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void takesNoBrokenConnectionForACloseByTheServer(String version, boolean reset) throws Exception {
        CompletableFuture<String> connect = new CompletableFuture<>();
        serve(connection -> {
            connect.complete(new BrokerScript(connection).next());
            ScriptedServer.stall();
        });
        try (FaultProxy network = FaultProxy.to("127.0.0.1", server.port()).start()) {
            CompletableFuture<MqttSession> attempt =
                    attempt(TestTls.target(network.port(), TestTls.client(), List.of(version), null));
            connect.get(20, SECONDS);

            network.apply(reset ? new NetworkFault.Reset() : new NetworkFault.Cut());

            assertThat(failureOf(attempt))
                    .hasMessageContaining("broke")
                    .isInstanceOfSatisfying(TlsConnectException.class, failure -> assertThat(failure.getReason())
                            .isEqualTo(Reason.CONNECTION_LOST));
        }
    }

    @Test
    void cancellingAnAttemptEndsIt() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        serve(connection -> {
            BrokerScript broker = new BrokerScript(connection);
            broker.next();
            seen.complete("CONNECT");
            broker.next();
        });
        CompletableFuture<MqttSession> attempt = attempt();
        seen.get(10, SECONDS);

        attempt.cancel(false);

        await().until(() -> ((ThreadPoolExecutor) threads.io()).getActiveCount() == 0);
        assertThat(listener.losses).isEmpty();
    }

    @Test
    void refusesAConnectThatMqttCannotCarry() {
        serve(connection -> ScriptedServer.stall());

        assertThat(MqttSession.connect(
                        new MqttConnectRequest(
                                "d\u0000", null, MqttConnectRequest.Session.v311(true), AMPLE, null, AMPLE),
                        target(),
                        threads.connector(),
                        listener))
                .failsWithin(AMPLE)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    /** The server closes while the CONNACK is still being processed. */
    @RepeatedTest(20)
    void reportsTheLossOnceAndAfterTheConnect() throws Exception {
        serve(BrokerScript::accept);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        listener.onLoss = () -> order.add("lost");

        attempt().thenRun(() -> order.add("connected")).get(10, SECONDS);

        awaitSoon().until(() -> order.size() == 2);
        assertThat(order).containsExactly("connected", "lost");
        assertThat(reasonOfLoss()).isEqualTo(Reason.CLOSED_BY_SERVER);
    }
}
