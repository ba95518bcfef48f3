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
package io.cameliot.awsiot.publish;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.session.PublishCallback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection whose server says what a test has it say: the order of such things on a real one is chance. */
final class RecordingChannel implements PublishChannel {

    /** What went out, the payload as text; with a star what went out as a duplicate. */
    final List<String> sent = new CopyOnWriteArrayList<>();

    final List<Runnable> scheduled = new ArrayList<>();
    int receiveMaximum = 65_535;
    boolean congested;
    private final Map<String, PublishCallback> callbacks = new ConcurrentHashMap<>();

    @Override
    public void enqueue(ApplicationMessage message, boolean duplicate, PublishCallback callback) {
        String payload = text(message);
        if (payload.startsWith("impossible")) {
            throw new IllegalArgumentException("MQTT has no such message");
        }
        sent.add(payload + (duplicate ? "*" : ""));
        callbacks.put(payload, callback);
    }

    @Override
    public boolean tryEnqueue(ApplicationMessage message) {
        if (!congested) {
            sent.add(text(message));
        }
        return !congested;
    }

    private static String text(ApplicationMessage message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    @Override
    public void flush() {
        // All is written at once.
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
        scheduled.add(task);
    }

    @Override
    public int receiveMaximum() {
        return receiveMaximum;
    }

    void acknowledge(String... payloads) {
        for (String payload : payloads) {
            callbacks.get(payload).completed(null);
        }
    }

    void refuse(String payload, int reasonCode) {
        callbacks.get(payload).completed(new PublishRefusedException(reasonCode, "refused"));
    }

    void end(String payload) {
        callbacks.get(payload).completed(new IOException("The connection has ended"));
    }
}
