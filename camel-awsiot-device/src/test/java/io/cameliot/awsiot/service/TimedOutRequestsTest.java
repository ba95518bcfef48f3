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
package io.cameliot.awsiot.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.request.Requests;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import io.cameliot.common.mqtt.MessageProperties;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that time out while there is no connection: however many, they must not stay in memory until there is one. */
class TimedOutRequestsTest {

    private static final Duration TIMEOUT = Duration.ofMillis(1);
    private static final int MANY = 200;
    /** What a thread or the timer may still hold. */
    private static final int FEW = 20;

    private final UnconnectedDevice device = new UnconnectedDevice();
    private final List<WeakReference<byte[]>> payloads = new ArrayList<>();

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void leavesNoRequestToAnyTopicInMemory() {
        Requests requests = new Requests(device.connection(), device.threads());

        for (int i = 0; i < MANY; i++) {
            PublishRequest message = new PublishRequest("t", new byte[10], 1, false, MessageProperties.NONE);
            payloads.add(new WeakReference<>(message.payload()));
            assertFails(requests.send(this, message, TIMEOUT));
        }

        awaitCollected();
    }

    @Test
    void leavesNoRequestToAServiceInMemory() {
        ServiceRequests requests = new ServiceRequests(device.connection(), device.threads());
        ServiceCall call = ReservedRequest.of("$aws/things/thing/shadow/update");

        for (int i = 0; i < MANY; i++) {
            ServiceBody body = ServiceBody.of(call, "{}".getBytes(StandardCharsets.UTF_8));
            payloads.add(new WeakReference<>(body.payload()));
            assertFails(requests.send(this, call, body, TIMEOUT));
        }

        awaitCollected();
    }

    private static void assertFails(CompletableFuture<?> answer) {
        assertThat(answer).failsWithin(Duration.ofSeconds(10));
    }

    private void awaitCollected() {
        await().until(() -> {
            System.gc();
            return payloads.stream().filter(payload -> payload.get() != null).count() < FEW;
        });
    }
}
