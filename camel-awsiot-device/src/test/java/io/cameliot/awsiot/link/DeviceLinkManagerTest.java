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
package io.cameliot.awsiot.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import io.cameliot.common.camel.MqttThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What successive links of one client identifier, which AWS IoT Core takes for one client, know of each other. */
class DeviceLinkManagerTest {

    private static final long LONG_AGO = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    private final CamelContext camel = Contexts.withoutJmx();
    private final MqttThreads threads = MqttThreads.create(camel, this, "Links");
    /** The times of the attempts. All fail. */
    private final BlockingQueue<Long> attempts = new LinkedBlockingQueue<>();

    private final List<Predecessor> predecessors = new ArrayList<>();
    /** The end of the first link, which takes as long as the test wants. */
    private final CompletableFuture<Void> firstEnd = new CompletableFuture<>();

    private final DeviceLinkManager links = new DeviceLinkManager(this::open, link -> {}, link -> {});

    @AfterEach
    void close() {
        firstEnd.complete(null);
        links.closeAll().join();
        threads.shutdown();
        camel.stop();
    }

    @ParameterizedTest(name = "with a keep alive of {0} s, after one of 30 s")
    @ValueSource(ints = {30, 60})
    void connectOnlyWhenTheLinkBeforeIsClosed(int keepAlive) throws Exception {
        CompletableFuture<Void> firstClosed = links.release(acquire("one", 30));

        acquire("one", keepAlive).connected();

        assertThat(attempts.poll(500, TimeUnit.MILLISECONDS))
                .as("a CONNECT meanwhile")
                .isNull();
        assertThat(firstClosed).isNotDone();
        firstEnd.complete(null);
        assertThat(attempts.poll(10, TimeUnit.SECONDS))
                .as("the CONNECT after it")
                .isNotNull();
    }

    @Test
    void waitForNoLinkOfAnotherClientId() throws Exception {
        links.release(acquire("one", 30));

        acquire("two", 30).connected();

        assertThat(attempts.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(firstEnd).isNotDone();
    }

    @Test
    void keepASecondBetweenTheirConnects() throws Exception {
        firstEnd.complete(null);
        for (int i = 0; i < 3; i++) {
            DeviceLink link = acquire("one", 30);
            assertThatThrownBy(() -> link.connected().get(10, TimeUnit.SECONDS)).hasRootCauseMessage("no route");
            links.release(link);
        }

        long first = attempts.take();
        long second = attempts.take();
        assertThat(second - first).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(attempts.take() - second).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    /** A link that never connected tells what it was told. */
    @Test
    void knowAlsoOfTheLinkBeforeTheLast() {
        links.release(acquire("one", 30));
        links.release(acquire("one", 30));

        acquire("one", 30);

        assertThat(predecessors.get(2).lastConnect()).hasValue(LONG_AGO);
        assertThat(predecessors.get(2).closed()).isNotDone();
        firstEnd.complete(null);
        assertThat(predecessors.get(2).closed()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void forgetALinkThatHoldsUpNothingAnyMore() {
        CompletableFuture<Void> firstClosed = links.release(acquire("one", 30));
        firstEnd.complete(null);
        assertThat(firstClosed).succeedsWithin(Duration.ofSeconds(10));
        assertThat(links.release(acquire("two", 30))).succeedsWithin(Duration.ofSeconds(10));

        acquire("one", 30);

        assertThat(predecessors.get(2)).isEqualTo(Predecessor.NONE);
    }

    private DeviceLink acquire(String clientId, int keepAlive) {
        return links.acquire(
                UnconnectedDevice.settings(clientId, Duration.ofSeconds(keepAlive), UnconnectedDevice.TIMING),
                DeviceLink.class);
    }

    private DeviceLink open(ConnectionSettings settings, Predecessor predecessor) {
        predecessors.add(predecessor);
        boolean isFirst = predecessors.size() == 1;
        return new DeviceConnection(
                settings,
                (with, clientId, listener) -> {
                    attempts.add(System.nanoTime());
                    return CompletableFuture.failedFuture(new IOException("no route"));
                },
                threads,
                new ConnectionCounters(),
                isFirst ? new Predecessor(firstEnd, OptionalLong.of(LONG_AGO)) : predecessor);
    }
}
