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
package io.cameliot.benchmarks.client;

import io.cameliot.benchmarks.peer.Fleets;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.Fleet;
import io.cameliot.benchmarks.server.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The identities of a fleet, which connect in order and several at a time. */
final class FleetConnections implements AutoCloseable {

    private final Fleet fleet;
    private final ExecutorService threads;
    private int connected;

    private FleetConnections(Fleet fleet, int atATime) {
        this.fleet = fleet;
        this.threads = Executors.newFixedThreadPool(atATime);
    }

    /** Creates a fleet without connections. */
    static FleetConnections of(Peer peer, Arguments arguments) throws Exception {
        return new FleetConnections(Fleets.of(peer, arguments.server()), arguments.number("atATime"));
    }

    /**
     * Connects more identities, and returns when each has published a message.
     *
     * @return connections per second
     * @throws ExecutionException if one of them fails
     */
    double connect(int count) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String identity = Identities.device(connected++);
            tasks.add(threads.submit(() -> {
                fleet.connect(identity);
                return null;
            }));
        }
        for (Future<?> task : tasks) {
            task.get();
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    /**
     * Publishes from an identity.
     *
     * @param number position of the identity in the order of connecting, from 0
     */
    void publish(int number, byte[] payload, Completion completion) {
        fleet.publish(Identities.device(number), payload, completion);
    }

    /** Ends the threads that connect identities. */
    void allConnected() {
        threads.shutdown();
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        fleet.close();
    }
}
