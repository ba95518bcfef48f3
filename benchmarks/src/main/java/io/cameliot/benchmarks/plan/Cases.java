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
package io.cameliot.benchmarks.plan;

import static io.cameliot.benchmarks.peer.Peer.AWSIOT_DEVICE;
import static io.cameliot.benchmarks.peer.Peer.AWS_SDK;
import static io.cameliot.benchmarks.peer.Peer.AZURE_DPS;
import static io.cameliot.benchmarks.peer.Peer.EMPTY_ROUTE;
import static io.cameliot.benchmarks.peer.Peer.HIVEMQ;
import static io.cameliot.benchmarks.peer.Peer.HTTP;
import static io.cameliot.benchmarks.peer.Peer.HTTP_CLIENT;
import static io.cameliot.benchmarks.peer.Peer.HTTP_KEPT;
import static io.cameliot.benchmarks.peer.Peer.MICROSOFT;
import static io.cameliot.benchmarks.peer.Peer.PAHO;
import static io.cameliot.benchmarks.peer.Peer.PAHO_ASYNC;
import static io.cameliot.benchmarks.peer.Peer.PAHO_MQTT5;
import static io.cameliot.benchmarks.peer.Peer.SOCKET;

import io.cameliot.benchmarks.client.Arguments;
import io.cameliot.benchmarks.client.Driver;
import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The cases, with their peers and durations. */
public final class Cases {

    static final String PUBLISH_QOS1 = "publish-qos1-1";
    static final String PUBLISH_QOS1_8 = "publish-qos1-8";
    static final String PUBLISH_QOS0 = "publish-qos0-1";
    static final String LONE = "lone";
    static final String RECEIVE = "receive";
    static final String DISTANT_50 = "distant-50";
    static final String HTTPS_8 = "https-8";
    static final String FLEET = "fleet";
    static final String DPS_FLEET = "dps-fleet";
    static final String DPS_FLEET_WAIT = "dps-fleet-wait";

    static final int QOS_1_WINDOW = 100;

    private static final int PAYLOAD_BYTES = 256;
    private static final int QOS_0_WINDOW = 1000;
    private static final int FLEET_AT_A_TIME = 20;
    private static final String WARMUP = "warmup";

    private final boolean quick;

    private Cases(boolean quick) {
        this.quick = quick;
    }

    /**
     * Creates all cases.
     *
     * @param quick runs each case briefly; the figures have no meaning
     */
    public static List<BenchmarkCase> of(boolean quick) {
        return new Cases(quick).all();
    }

    private List<BenchmarkCase> all() {
        return List.of(
                publish(
                        PUBLISH_QOS1,
                        1,
                        1,
                        List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, PAHO_ASYNC, HIVEMQ, AWS_SDK, SOCKET)),
                publish(PUBLISH_QOS1_8, 1, 8, List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, HIVEMQ, AWS_SDK)),
                publish(
                        PUBLISH_QOS0,
                        0,
                        1,
                        List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, PAHO_ASYNC, HIVEMQ, AWS_SDK, SOCKET, EMPTY_ROUTE)),
                publish("publish-qos0-8", 0, 8, List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, HIVEMQ, AWS_SDK)),
                distant(DISTANT_50, 50, ServerKind.BROKER_AT_50_MS),
                distant("distant-200", 200, ServerKind.BROKER_AT_200_MS),
                lone(),
                receive(),
                https(HTTPS_8, 8),
                fleet(),
                publishingFleet(),
                loneRegistration(),
                registrations(DPS_FLEET, ServerKind.DPS_AT_20_MS, 0, quick ? 20 : 1_000),
                registrations(
                        DPS_FLEET_WAIT,
                        ServerKind.DPS_WITH_WAIT_AT_20_MS,
                        ServerKind.DPS_WAIT_SECONDS,
                        quick ? 20 : 300));
    }

    private BenchmarkCase publish(String id, int qos, int threads, List<Peer> peers) {
        int window = qos == 0 ? QOS_0_WINDOW : QOS_1_WINDOW;
        return new BenchmarkCase(
                id,
                "MQTT publish at QoS " + qos + ", " + threads(threads) + ", " + window + " in flight",
                new Work(ServerKind.BROKER, Driver.PUBLISH, load(qos, threads, window), ClientPlan.WARM),
                peers,
                Metric.RATE);
    }

    private BenchmarkCase distant(String id, int roundTripMillis, ServerKind broker) {
        return new BenchmarkCase(
                id,
                "MQTT publish at QoS 1 and a round trip of " + roundTripMillis + " ms, 1 thread, " + QOS_1_WINDOW
                        + " in flight",
                new Work(
                        broker,
                        Driver.PUBLISH,
                        // The distance limits the rate and leaves the compiler time.
                        load(1, 1, QOS_1_WINDOW)
                                .with(WARMUP, quick ? 0.05 : 5)
                                // A window goes through about 19 or 5 times a second: a round counts whole windows.
                                .with("seconds", quick ? 0.1 : 6),
                        ClientPlan.WARM),
                List.of(AWSIOT_DEVICE, PAHO, HIVEMQ, AWS_SDK),
                Metric.RATE);
    }

    private BenchmarkCase lone() {
        return new BenchmarkCase(
                LONE,
                "a lone MQTT publish at QoS 1",
                new Work(ServerKind.BROKER, Driver.LONE, load(1, 1, 1), ClientPlan.WARM),
                List.of(AWSIOT_DEVICE, PAHO, PAHO_ASYNC, HIVEMQ, AWS_SDK),
                Metric.LATENCY_P50);
    }

    private BenchmarkCase receive() {
        return new BenchmarkCase(
                RECEIVE,
                "MQTT receive at QoS 1, acknowledged after the route",
                new Work(
                        ServerKind.BROKER,
                        Driver.RECEIVE,
                        new Arguments(Map.of())
                                .with("lotSize", quick ? 500 : 20_000)
                                .with("warmupLots", quick ? 1 : 40)
                                .with("lots", quick ? 2 : 10)
                                .with("payload", PAYLOAD_BYTES),
                        ClientPlan.WARM),
                List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, HIVEMQ, AWS_SDK),
                Metric.RATE);
    }

    private BenchmarkCase https(String id, int threads) {
        return new BenchmarkCase(
                id,
                "HTTPS publish with a client certificate, " + threads(threads),
                new Work(
                        ServerKind.HTTPS_SINK,
                        Driver.PUBLISH_HTTPS,
                        // A client that closes idle connections makes new ones, and the TLS handshakes send much of
                        // its compiled code back to the interpreter.
                        load(1, threads, threads).with("leadIn", quick ? 0 : 3),
                        ClientPlan.WARM),
                List.of(AWSIOT_DEVICE, HTTP, HTTP_KEPT, HTTP_CLIENT),
                Metric.RATE);
    }

    private BenchmarkCase fleet() {
        int connections = quick ? 10 : 1_000;
        return new BenchmarkCase(
                FLEET,
                String.format(
                        Locale.ROOT, "%,d identities in one process, each with a certificate of its own", connections),
                new Work(
                        ServerKind.BROKER,
                        Driver.FLEET,
                        new Arguments(Map.of())
                                .with(Arguments.CONNECTIONS, connections)
                                .with(Arguments.WARMUP_CONNECTIONS, quick ? 5 : 100)
                                .with("atATime", FLEET_AT_A_TIME),
                        ClientPlan.NEW_EACH_ROUND),
                List.of(AWSIOT_DEVICE, HIVEMQ),
                Metric.RATE);
    }

    private BenchmarkCase publishingFleet() {
        int connections = quick ? 30 : 5_000;
        return new BenchmarkCase(
                "identities-5000",
                String.format(
                        Locale.ROOT,
                        "%,d identities in one process with 512 MB of heap, connected, each publishing once a minute",
                        connections),
                new Work(
                        ServerKind.BROKER,
                        Driver.PUBLISHING_FLEET,
                        new Arguments(Map.of())
                                .with(Arguments.CONNECTIONS, connections)
                                .with("atATime", FLEET_AT_A_TIME)
                                .with("payload", PAYLOAD_BYTES)
                                .with("interval", quick ? 0.3 : 60)
                                // Until compilers and garbage collectors are idle after the connections.
                                .with("leadIn", quick ? 0 : 10)
                                .with("seconds", quick ? 0.3 : 60),
                        ClientPlan.ONCE),
                List.of(AWSIOT_DEVICE, HIVEMQ),
                Metric.RATE);
    }

    private BenchmarkCase loneRegistration() {
        return new BenchmarkCase(
                "dps-lone",
                "a lone DPS registration, no wait ordered",
                new Work(
                        ServerKind.DPS,
                        Driver.REGISTER_LONE,
                        new Arguments(Map.of())
                                .with(WARMUP, quick ? 0 : 3)
                                // Microsoft's client takes two seconds for one registration.
                                .with("seconds", quick ? 0.1 : 3),
                        ClientPlan.WARM),
                List.of(AZURE_DPS, MICROSOFT),
                Metric.OVERHEAD);
    }

    private BenchmarkCase registrations(String id, ServerKind service, int waitSeconds, int registrations) {
        int atATime = quick ? 20 : 100;
        return new BenchmarkCase(
                id,
                String.format(
                        Locale.ROOT,
                        "%,d DPS registrations in one process, %d at a time, a round trip of 20 ms, %s",
                        registrations,
                        atATime,
                        waitSeconds == 0 ? "no wait ordered" : "a wait of " + waitSeconds + " s ordered for each"),
                new Work(
                        service,
                        Driver.REGISTER_FLEET,
                        new Arguments(Map.of())
                                .with("registrations", registrations)
                                .with("warmupRegistrations", quick ? 0 : atATime)
                                .with("atATime", atATime)
                                .with("wait", waitSeconds),
                        ClientPlan.WARM),
                List.of(AZURE_DPS, MICROSOFT),
                Metric.RATE);
    }

    private Arguments load(int qos, int threads, int window) {
        return new Arguments(Map.of())
                .with("qos", qos)
                .with("threads", threads)
                .with("window", window)
                .with("payload", PAYLOAD_BYTES)
                // Until the rates of all peers have stopped rising: on two cores the compiler runs beside client and
                // broker for more than ten seconds.
                .with(WARMUP, quick ? 0.05 : 12)
                // Until an idle connection has reached full speed again.
                .with("leadIn", quick ? 0 : 0.2)
                .with("seconds", quick ? 0.1 : 1.5);
    }

    private static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }
}
