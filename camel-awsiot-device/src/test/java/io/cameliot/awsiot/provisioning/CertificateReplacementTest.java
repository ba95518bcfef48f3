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

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** A route gives a running device another key and certificate by the template that it was provisioned by. */
class CertificateReplacementTest extends ProvisioningTestSupport {

    private static final int NOT_AUTHORIZED = 0x87;

    @Test
    void losesNoMessageAndGoesOnWithTheNewCertificate() throws Exception {
        start(provisioning(""));
        DeviceProvisioningResult first = provision(serial("17"), Map.of());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:renew")
                        .setHeader(AwsIotProvisioningConstants.REPROVISION, constant(true))
                        .setBody(constant("{\"SerialNumber\": \"17\"}"))
                        .to(uri(""))
                        .setHeader(AwsIotDeviceConstants.RECONNECT, constant(true))
                        .to(telemetry(first));
                from("direct:readings").to(telemetry(first));
            }
        });
        List<CompletableFuture<Exchange>> readings = new ArrayList<>();
        AtomicBoolean renewed = new AtomicBoolean();
        CompletableFuture<Exchange> renewal =
                producer.asyncSend("direct:renew", exchange -> {}).whenComplete((done, failure) -> renewed.set(true));

        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    String reading = String.valueOf(readings.size());
                    readings.add(producer.asyncSend(
                            "direct:readings", exchange -> exchange.getMessage().setBody(reading)));
                    return renewed.get();
                });

        Exchange result = renewal.get();
        assertThat(result.getException()).isNull();
        for (CompletableFuture<Exchange> reading : readings) {
            assertThat(reading.get(30, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(aws.receivedPublishes("readings"))
                .extracting(ReceivedPublish::text)
                .containsAll(IntStream.range(0, readings.size())
                        .mapToObj(String::valueOf)
                        .toList());
        String certificateId = result.getMessage().getHeader(AwsIotProvisioningConstants.CERTIFICATE_ID, String.class);
        assertThat(certificateId).isNotEqualTo(first.getCertificateId());
        assertThat(aws.connectionsOf("sensor-17"))
                .filteredOn(ConnectionInfo::isOpen)
                .extracting(connection -> connection.principal().identifier())
                .containsExactly(certificateId);
        assertDeviceConnectsASecondAfterEachProof();
    }

    /** What the server keeps for the device, and what it sends again because no route has completed it. */
    @Test
    void losesNoMessageThatThePersistentSessionKeeps() throws Exception {
        start(provisioning(""));
        DeviceProvisioningResult first = provision(serial("17"), Map.of());
        Set<String> received = ConcurrentHashMap.newKeySet();
        CountDownLatch unacknowledged = new CountDownLatch(1);
        CountDownLatch renewed = new CountDownLatch(1);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(device("commands", first) + "&cleanSession=false").process(exchange -> {
                    if (unacknowledged.getCount() > 0) {
                        unacknowledged.countDown();
                        renewed.await(60, TimeUnit.SECONDS);
                    } else {
                        received.add(exchange.getMessage().getBody(String.class));
                    }
                });
                from("direct:reconnect")
                        .setHeader(AwsIotDeviceConstants.RECONNECT, constant(true))
                        .to(device("commands", first) + "&cleanSession=false");
            }
        });
        AtomicInteger sent = new AtomicInteger();
        aws.publish("commands", String.valueOf(sent.getAndIncrement()), 1);
        assertThat(unacknowledged.await(30, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Exchange> renewal = renew();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    aws.publish("commands", String.valueOf(sent.getAndIncrement()), 1);
                    return renewal.isDone();
                });
        assertThat(renewal.get().getException()).isNull();
        renewed.countDown();
        assertThat(producer.send("direct:reconnect", exchange -> {}).getException())
                .isNull();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(received)
                .containsAll(
                        IntStream.range(0, sent.get()).mapToObj(String::valueOf).toList()));
        assertThat(aws.connectionsOf("sensor-17"))
                .last()
                .satisfies(connection -> assertThat(connection.sessionPresent()).isTrue());
        assertDeviceConnectsASecondAfterEachProof();
    }

    @Test
    void leavesNoSessionBehindThatTheDeviceHadNot() throws Exception {
        start(provisioning(""));
        provision(serial("17"), Map.of());

        assertThat(renew().get(30, TimeUnit.SECONDS).getException()).isNull();

        ConnectionInfo proof = aws.connectionsOf("sensor-17").get(1);
        assertThat(proof.cleanSession()).isFalse();
        await().untilAsserted(() -> assertThat(proof.disconnect()).isPresent());
        assertThat(proof.disconnect().orElseThrow().sessionExpirySeconds()).hasValue(0);
    }

    /** The policy does not allow PersistentConnect. */
    @Test
    void replacesTheCertificateOfADeviceThatMayHaveNoPersistentSession() throws Exception {
        start(provisioning(""));
        DeviceProvisioningResult first = provision(serial("17"), Map.of());
        aws.faults().inject(new Fault.RefuseConnection(NOT_AUTHORIZED), 2, "sensor-17"::equals);

        Exchange renewed = renew().get(30, TimeUnit.SECONDS);

        assertThat(renewed.getException()).isNull();
        assertThat(renewed.getMessage().getBody(DeviceProvisioningResult.class).getCertificateId())
                .isNotEqualTo(first.getCertificateId());
        assertThat(aws.receivedConnects())
                .filteredOn(connect -> connect.clientId().equals("sensor-17"))
                .extracting(ReceivedConnect::cleanStart)
                .containsExactly(true, false, false, true);
    }

    private String device(String topic, DeviceProvisioningResult result) {
        return telemetry(result).replace("awsiot-device:readings", "awsiot-device:" + topic);
    }

    private CompletableFuture<Exchange> renew() {
        return producer.asyncSend(PROVISION, exchange -> {
            exchange.getMessage().setHeader(AwsIotProvisioningConstants.REPROVISION, true);
            exchange.getMessage().setBody(serial("17"));
        });
    }

    /** AWS IoT Core refuses more. Each proof is followed by a connection of the device. */
    private void assertDeviceConnectsASecondAfterEachProof() {
        List<Instant> connects = aws.connectionsOf("sensor-17").stream()
                .map(ConnectionInfo::since)
                .toList();
        assertThat(connects).hasSize(4);
        assertThat(List.of(
                        Duration.between(connects.get(0), connects.get(1)),
                        Duration.between(connects.get(2), connects.get(3))))
                .allSatisfy(time -> assertThat(time).isGreaterThanOrEqualTo(Duration.ofSeconds(1)));
    }
}
