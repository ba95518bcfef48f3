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

import io.cameliot.testinfra.awsiot.fault.Fault;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The health check of a producer: down while AWS cannot be used, and for nothing else. */
class ProvisioningHealthTest extends ProvisioningTestSupport {

    private static final String REGISTER = "$aws/provisioning-templates/factory/provision/json";

    @BeforeEach
    void checkProducers() {
        HealthCheckRegistry health = HealthCheckHelper.getHealthCheckRegistry(camel);
        health.setExposureLevel("full");
        HealthCheckRepository checks = (HealthCheckRepository) health.resolveById("producers");
        checks.setEnabled(true);
        health.register(checks);
    }

    @Test
    void isDownWhileTheServerIsNotTrusted() throws Exception {
        Files.copy(folder.resolve("claim.cert.pem"), folder.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        start(provisioning(""));

        assertThat(refused(serial("17"))).hasMessageContaining("not signed by a trusted CA");

        assertThat(state()).isEqualTo(HealthCheck.State.DOWN);
    }

    @Test
    void isDownFromARefusalOfTheClaimToTheNextDeviceThatIsProvisioned() throws Exception {
        start(provisioning("&maxRetries=0"));
        provisionFleetDevice("on-disk");
        assertThat(state()).isEqualTo(HealthCheck.State.UP);
        useClaim(aws.provisioning().issueTemporaryClaim(template));
        aws.advanceClock(Duration.ofMinutes(5));

        assertThat(send(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, "18"))
                        .getException())
                .hasMessageContaining("claim certificate");
        assertThat(state()).isEqualTo(HealthCheck.State.DOWN);

        provisionFleetDevice("on-disk");
        assertThat(state()).as("nobody was asked").isEqualTo(HealthCheck.State.DOWN);

        useClaim(aws.provisioning().issueClaim(template));
        provisionFleetDevice("18");
        assertThat(state()).isEqualTo(HealthCheck.State.UP);
    }

    private void provisionFleetDevice(String serialNumber) {
        provision(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, serialNumber));
    }

    @Test
    void isUpWhileAnotherProcessUsesTheDirectory() throws Exception {
        Files.createDirectories(identity);
        start(provisioning("&maxRetries=0"));
        try (FileChannel file = FileChannel.open(
                        identity.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assertThat(refused(serial("17"))).hasMessageContaining("in use");

            assertThat(state()).isEqualTo(HealthCheck.State.UP);
            assertThat(lock.isValid()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"403 AccessDenied, UP", "503 ServiceUnavailable, DOWN"})
    void isDownForAnAnswerThatRefusesNoDevice(String code, HealthCheck.State expected) throws Exception {
        aws.faults().inject(new Fault.RejectRequest(REGISTER, code, "No"));
        start(provisioning("&maxRetries=0"));

        assertThat(refused(serial("17"))).hasMessageContaining(code);

        assertThat(state()).isEqualTo(expected);
    }

    @Test
    void namesTheHostWhereOptionEndpointIsAUrl() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from(PROVISION)
                        .to(uri("").replace("endpoint=", "endpoint=https://")
                                .replace("&connectTo", ":8883/&connectTo"));
            }
        });

        assertThat(health().getDetails()).containsEntry("endpoint", aws.endpoint());
        assertThat(camel.getEndpoints())
                .filteredOn(AwsIotProvisioningEndpoint.class::isInstance)
                .singleElement()
                .satisfies(endpoint -> assertThat(((AwsIotProvisioningEndpoint) endpoint).getServiceUrl())
                        .isEqualTo(aws.endpoint()));
        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");
    }

    private HealthCheck.State state() {
        return health().getState();
    }

    private HealthCheck.Result health() {
        return HealthCheckHelper.invoke(camel).stream()
                .filter(result -> result.getCheck().getId().startsWith("producer:awsiot-provisioning-"))
                .findFirst()
                .orElseThrow();
    }
}
