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
package io.cameliot.awsiot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.log.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** One endpoint provisions many devices. */
class ProvisioningFleetTest extends ProvisioningTestSupport {

    @Test
    void provisionsTwoHundredDevicesWithABoundedNumberOfConnectionsAndThreads() throws Exception {
        int devices = 200;
        int atATime = 20;
        aws.provisioning()
                .createTemplate(template.withHook(request ->
                        request.parameters().get("SerialNumber").equals("13") ? Decision.deny() : Decision.allow()));
        start(provisioning("&maxConcurrentProvisionings=" + atATime));
        AwsIotProvisioningEndpoint endpoint = camel.getEndpoints().stream()
                .filter(AwsIotProvisioningEndpoint.class::isInstance)
                .map(AwsIotProvisioningEndpoint.class::cast)
                .findFirst()
                .orElseThrow();
        AtomicInteger mostActive = new AtomicInteger();
        AtomicInteger mostConnections = new AtomicInteger();
        AtomicInteger mostThreads = new AtomicInteger();

        List<CompletableFuture<Exchange>> all;
        try (CapturedLog log = CapturedLog.at(Map.of("io.cameliot.common.fleet", "info"))) {
            all = IntStream.range(0, devices).mapToObj(this::provisionAsync).toList();
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        mostActive.accumulateAndGet(endpoint.getActiveProvisionings(), Math::max);
                        mostConnections.accumulateAndGet(aws.connections().size(), Math::max);
                        mostThreads.accumulateAndGet(threads().size(), Math::max);
                        return all.stream().allMatch(CompletableFuture::isDone);
                    });
            // An account each hundred devices.
            await().untilAsserted(() -> assertThat(log.text().lines().filter(line -> line.contains("devices done")))
                    .hasSize(2)
                    .last()
                    .asString()
                    .containsPattern("awsiot-provisioning:\\S+: 199 devices done, 1 failed, 0 in progress, 0 waiting;"
                            + " [\\d,]+ per minute"));
        }

        for (int i = 0; i < devices; i++) {
            Exchange exchange = all.get(i).get();
            if (i == 13) {
                assertThat(exchange.getException(DeviceProvisioningException.class)
                                .getSerialNumber())
                        .isEqualTo("13");
            } else {
                assertThat(exchange.getMessage()
                                .getBody(DeviceProvisioningResult.class)
                                .getThingName())
                        .isEqualTo("sensor-" + i);
                assertThat(identity.resolve(i + "/private-key.pem")).isRegularFile();
            }
        }
        assertThat(thingNames()).doesNotHaveDuplicates().hasSize(devices - 1);
        assertThat(mostActive.get()).isBetween(2, atATime);
        // The server sees the end of a connection a little later than the one who ended it.
        assertThat(mostConnections.get()).isLessThanOrEqualTo(2 * atATime);
        // Each file or handshake of a device may take a thread of the pool for a moment.
        assertThat(mostThreads.get()).isLessThanOrEqualTo(3 * atATime + 20);
        assertThat(endpoint.getProvisionedTotal()).isEqualTo(devices - 1L);
        assertThat(endpoint.getFailedTotal()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(aws.connections()).isEmpty());
    }

    @Test
    void provisionsADeviceOnceAtATime() throws Exception {
        start(provisioning(""));

        List<CompletableFuture<Exchange>> all =
                IntStream.range(0, 4).mapToObj(i -> provisionAsync(17)).toList();

        for (CompletableFuture<Exchange> one : all) {
            assertThat(one.get(30, TimeUnit.SECONDS)
                            .getMessage()
                            .getBody(DeviceProvisioningResult.class)
                            .getThingName())
                    .isEqualTo("sensor-17");
        }
        assertThat(aws.provisioning().certificates().all())
                .filteredOn(certificate -> certificate.thingName().isPresent())
                .hasSize(1);
    }

    private CompletableFuture<Exchange> provisionAsync(int number) {
        return producer.asyncSend(PROVISION, exchange -> exchange.getMessage()
                .setHeader(AwsIotProvisioningConstants.SERIAL_NUMBER, String.valueOf(number)));
    }
}
