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
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** A route gives a running device another key and certificate by the template that it was provisioned by. */
class CertificateReplacementTest extends ProvisioningTestSupport {

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
    }
}
