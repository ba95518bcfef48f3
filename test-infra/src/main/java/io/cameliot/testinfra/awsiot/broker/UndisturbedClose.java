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
package io.cameliot.testinfra.awsiot.broker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a subscription finish the delivery that is under way before the broker closes it.
 *
 * <p>Artemis (2.44) closes a consumer under the consumer's monitor and waits there, up to 30 seconds, for a delivery
 * under way; the delivery of a QoS 0 message needs that monitor for its acknowledgement. So an UNSUBSCRIBE, or the end
 * of a connection, that met a delivery was answered half a minute late, and so was the client's next CONNECT. This
 * plugin is called under the monitor, before the wait. It waits too, but by {@link Object#wait(long)}, which gives the
 * monitor up, while another thread stops the consumer's deliveries.
 */
final class UndisturbedClose implements ActiveMQServerPlugin, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UndisturbedClose.class);
    private static final long TIMEOUT_MILLIS = 30_000;

    private final ExecutorService stopping = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "aws-iot-emulator-close");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void beforeCloseConsumer(ServerConsumer consumer, boolean failed) {
        if (!Thread.holdsLock(consumer)) {
            return;
        }
        AtomicBoolean stopped = new AtomicBoolean();
        stopping.execute(() -> {
            // Returns when no delivery is under way.
            consumer.setStarted(false);
            synchronized (consumer) {
                stopped.set(true);
                consumer.notifyAll();
            }
        });
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        try {
            for (long left = TIMEOUT_MILLIS; !stopped.get() && left > 0; left = millisTo(end)) {
                consumer.wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!stopped.get()) {
            LOG.warn("A subscription of the embedded MQTT broker is closed during a delivery");
        }
    }

    private static long millisTo(long end) {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    @Override
    public void close() {
        stopping.shutdown();
    }
}
