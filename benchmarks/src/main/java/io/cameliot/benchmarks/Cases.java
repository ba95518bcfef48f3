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
package io.cameliot.benchmarks;

import static io.cameliot.benchmarks.peer.Peer.AWSIOT_DEVICE;
import static io.cameliot.benchmarks.peer.Peer.AWS_SDK;
import static io.cameliot.benchmarks.peer.Peer.HIVEMQ;
import static io.cameliot.benchmarks.peer.Peer.HTTP;
import static io.cameliot.benchmarks.peer.Peer.HTTP_CLIENT;
import static io.cameliot.benchmarks.peer.Peer.HTTP_KEPT;
import static io.cameliot.benchmarks.peer.Peer.PAHO;
import static io.cameliot.benchmarks.peer.Peer.PAHO_ASYNC;
import static io.cameliot.benchmarks.peer.Peer.PAHO_MQTT5;
import static io.cameliot.benchmarks.peer.Peer.SOCKET;

import io.cameliot.benchmarks.BenchmarkCase.ServerKind;
import io.cameliot.benchmarks.client.Arguments;
import io.cameliot.benchmarks.client.Driver;
import io.cameliot.benchmarks.client.Metric;
import io.cameliot.benchmarks.peer.Peer;
import java.util.List;
import java.util.Map;

/** What is measured, with whom and for how long. */
final class Cases {

    private static final int PAYLOAD_BYTES = 256;
    private static final int QOS_1_WINDOW = 100;
    private static final int QOS_0_WINDOW = 1000;

    private final boolean quick;

    private Cases(boolean quick) {
        this.quick = quick;
    }

    static List<BenchmarkCase> of(boolean quick) {
        return new Cases(quick).all();
    }

    private List<BenchmarkCase> all() {
        return List.of(
                publish(1, 1, List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, PAHO_ASYNC, HIVEMQ, AWS_SDK, SOCKET)),
                publish(1, 8, List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, HIVEMQ, AWS_SDK)),
                publish(0, 1, List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, PAHO_ASYNC, HIVEMQ, AWS_SDK, SOCKET)),
                publish(0, 8, List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, HIVEMQ, AWS_SDK)),
                new BenchmarkCase(
                        "lone",
                        "a lone publish at QoS 1",
                        ServerKind.BROKER,
                        Driver.LONE,
                        load(1, 1, 1),
                        List.of(AWSIOT_DEVICE, PAHO, PAHO_ASYNC, HIVEMQ, AWS_SDK),
                        Metric.LATENCY_P50),
                new BenchmarkCase(
                        "receive",
                        "receive at QoS 1, acknowledged after the route",
                        ServerKind.BROKER,
                        Driver.RECEIVE,
                        new Arguments(Map.of())
                                .with("lotSize", quick ? 500 : 5_000)
                                .with("warmupLots", quick ? 2 : 20)
                                .with("lots", quick ? 2 : 20)
                                .with("payload", PAYLOAD_BYTES),
                        List.of(AWSIOT_DEVICE, PAHO, PAHO_MQTT5, HIVEMQ, AWS_SDK),
                        Metric.RATE),
                https(1),
                https(8));
    }

    private BenchmarkCase publish(int qos, int threads, List<Peer> peers) {
        int window = qos == 0 ? QOS_0_WINDOW : QOS_1_WINDOW;
        return new BenchmarkCase(
                "publish-qos" + qos + "-" + threads,
                "publish at QoS " + qos + ", " + threads(threads) + ", " + window + " in flight",
                ServerKind.BROKER,
                Driver.PUBLISH,
                load(qos, threads, window),
                peers,
                Metric.RATE);
    }

    private BenchmarkCase https(int threads) {
        return new BenchmarkCase(
                "https-" + threads,
                "publish by HTTPS with a client certificate, " + threads(threads),
                ServerKind.HTTPS_SINK,
                Driver.PUBLISH_HTTPS,
                load(1, threads, threads),
                List.of(AWSIOT_DEVICE, HTTP, HTTP_KEPT, HTTP_CLIENT),
                Metric.RATE);
    }

    private Arguments load(int qos, int threads, int window) {
        return new Arguments(Map.of())
                .with("qos", qos)
                .with("threads", threads)
                .with("window", window)
                .with("payload", PAYLOAD_BYTES)
                .with("warmup", quick ? 0.3 : 2)
                .with("seconds", quick ? 0.3 : 2);
    }

    private static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }
}
