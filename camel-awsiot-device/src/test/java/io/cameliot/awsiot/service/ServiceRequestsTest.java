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

import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.awsiot.testing.Race;
import io.cameliot.awsiot.testing.UnconnectedDevice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceRequestsTest {

    private final UnconnectedDevice device = new UnconnectedDevice();

    @AfterEach
    void close() {
        device.close();
    }

    /** A subscription that is left behind takes one of the 50 of the connection, and is renewed on each reconnect. */
    @Test
    void leavesNoSubscriptionWhereItsSenderStopsWhileItSends() throws Exception {
        RequestManager<ServiceRequests> manager =
                new RequestManager<>(connection -> new ServiceRequests(connection, device.threads()));
        ServiceCall call = ReservedRequest.of("$aws/things/thing/shadow/update");
        ServiceBody body = ServiceBody.of(call, "{}".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 1000; i++) {
            ServiceRequests requests = manager.acquire(device.connection(), this);
            List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
            Race.run(
                    () -> manager.release(requests, this),
                    device.threads().io(),
                    () -> answers.add(requests.send(this, call, body, Duration.ofMinutes(1))));

            assertThat(device.filters()).isEmpty();
            assertThat(answers).singleElement().satisfies(answer -> assertThat(answer)
                    .isCompletedExceptionally());
        }
    }
}
