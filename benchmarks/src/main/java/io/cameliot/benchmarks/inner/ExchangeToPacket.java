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
package io.cameliot.benchmarks.inner;

import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.peer.Publishers;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.server.RunDirectory;
import io.cameliot.benchmarks.server.Server;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** An exchange at QoS 0 from {@code direct:} until its PUBLISH is passed to the connection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExchangeToPacket {

    private final byte[] payload = new byte[256];
    private RunDirectory directory;
    private Server broker;
    private Publisher publisher;

    @Setup
    public void connect() throws Exception {
        directory = RunDirectory.create(0);
        broker = Server.broker(directory.path(), false);
        publisher = Publishers.mqtt(
                Peer.AWSIOT_DEVICE,
                new PublishSettings(broker.address(), ServerAddress.DEVICE, "bench/inner", 0, 1, payload.length));
    }

    @Benchmark
    public void publish() throws Exception {
        publisher.publishAndWait(payload);
    }

    @TearDown
    public void disconnect() throws Exception {
        publisher.close();
        broker.close();
        directory.close();
    }
}
