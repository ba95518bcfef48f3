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

import io.cameliot.benchmarks.client.Arguments;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.client.SocketPublisher;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Publishes the messages for a receiving client. */
final class Feeder {

    private static final int WINDOW = 1000;
    private static final long PATIENCE_SECONDS = 60;

    private Feeder() {}

    /** Publishes a batch; returns when the broker has acknowledged all messages. */
    static void publish(Arguments arguments) throws IOException, InterruptedException {
        int payloadBytes = arguments.number("payload");
        byte[] payload = new byte[payloadBytes];
        Semaphore window = new Semaphore(WINDOW);
        try (SocketPublisher publisher = new SocketPublisher(new PublishSettings(
                arguments.server(), ServerAddress.DEVICE, arguments.text(Arguments.TOPIC), 1, WINDOW, payloadBytes))) {
            int left = arguments.number("lotSize");
            while (left > 0) {
                int permits = 1;
                acquire(window, permits);
                while (permits < left && window.tryAcquire()) {
                    permits++;
                }
                for (int i = 0; i < permits; i++) {
                    publisher.publish(payload, failure -> window.release());
                }
                publisher.flush();
                left -= permits;
            }
            acquire(window, WINDOW);
        }
    }

    private static void acquire(Semaphore window, int permits) throws IOException, InterruptedException {
        if (!window.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("The broker does not acknowledge");
        }
    }
}
