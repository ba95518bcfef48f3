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

import static io.cameliot.benchmarks.measure.Metric.CPU;
import static io.cameliot.benchmarks.measure.Metric.LATENCY_P50;
import static io.cameliot.benchmarks.measure.Metric.LATENCY_P99;
import static io.cameliot.benchmarks.measure.Metric.MEMORY;
import static io.cameliot.benchmarks.measure.Metric.OVERHEAD;
import static io.cameliot.benchmarks.measure.Metric.RATE;
import static io.cameliot.benchmarks.peer.Peer.AWS_SDK;
import static io.cameliot.benchmarks.peer.Peer.HIVEMQ;
import static io.cameliot.benchmarks.peer.Peer.HTTP;
import static io.cameliot.benchmarks.peer.Peer.HTTP_CLIENT;
import static io.cameliot.benchmarks.peer.Peer.HTTP_KEPT;
import static io.cameliot.benchmarks.peer.Peer.MICROSOFT;
import static io.cameliot.benchmarks.peer.Peer.PAHO;
import static io.cameliot.benchmarks.peer.Peer.PAHO_ASYNC;
import static io.cameliot.benchmarks.peer.Peer.SOCKET;

import java.util.List;

/**
 * A performance goal of the components.
 *
 * @param id its key in the file of reasons
 * @param title the comparison, for the reader
 * @param checks all must be met
 */
public record Goal(String id, String title, List<Check> checks) {

    /** The goals in the order of the page. */
    public static final List<Goal> ALL = List.of(
            new Goal(
                    "publish-qos1",
                    "MQTT publish at QoS 1, 100 in flight, through a route",
                    List.of(
                            Check.times(1.2, AWS_SDK, Cases.PUBLISH_QOS1, RATE),
                            Check.times(1.1, AWS_SDK, Cases.PUBLISH_QOS1_8, RATE),
                            Check.times(5, PAHO, Cases.PUBLISH_QOS1, RATE),
                            Check.times(0.8, SOCKET, Cases.PUBLISH_QOS1, RATE))),
            new Goal(
                    "publish-qos0",
                    "MQTT publish at QoS 0, through a route",
                    List.of(
                            Check.times(3.2, AWS_SDK, Cases.PUBLISH_QOS0, RATE),
                            Check.times(0.9, SOCKET, Cases.PUBLISH_QOS0, RATE))),
            new Goal(
                    "receive",
                    "MQTT receive at QoS 1, acknowledged after the route",
                    List.of(
                            Check.times(1.5, PAHO, Cases.RECEIVE, RATE),
                            Check.times(1.3, HIVEMQ, Cases.RECEIVE, RATE))),
            new Goal(
                    "distant",
                    "MQTT publish at QoS 1 and 50 ms round trip, one thread: 0.95 × window / round trip",
                    List.of(Check.value(0.95 * Cases.QOS_1_WINDOW / 0.05, Cases.DISTANT_50, RATE))),
            new Goal(
                    "lone",
                    "latency of a lone publish at QoS 1",
                    List.of(
                            Check.times(1.1, PAHO_ASYNC, Cases.LONE, LATENCY_P50),
                            Check.times(1.0, PAHO_ASYNC, Cases.LONE, LATENCY_P99))),
            new Goal(
                    "cpu",
                    "CPU time of the client for each message",
                    List.of(
                            Check.times(0.8, HIVEMQ, Cases.PUBLISH_QOS1, CPU),
                            Check.times(0.8, HIVEMQ, Cases.PUBLISH_QOS0, CPU),
                            Check.times(0.8, HIVEMQ, Cases.RECEIVE, CPU))),
            new Goal(
                    "https",
                    "HTTPS publish with a client certificate, 8 threads, through a route",
                    List.of(
                            Check.times(30, HTTP, Cases.HTTPS_8, RATE),
                            Check.times(1.0, HTTP_KEPT, Cases.HTTPS_8, RATE),
                            Check.times(0.6, HTTP_CLIENT, Cases.HTTPS_8, RATE))),
            new Goal(
                    "fleet",
                    "1,000 identities connected: memory for each, and how many connect a second",
                    List.of(
                            Check.times(1.0, HIVEMQ, Cases.FLEET, MEMORY),
                            Check.times(1.0, HIVEMQ, Cases.FLEET, RATE))),
            new Goal(
                    "dps",
                    "1,000 DPS registrations, 100 at a time",
                    List.of(
                            Check.times(5, MICROSOFT, Cases.DPS_FLEET, RATE),
                            Check.value(20, Cases.DPS_FLEET, OVERHEAD),
                            Check.value(20, Cases.DPS_FLEET_WAIT, OVERHEAD))));
}
