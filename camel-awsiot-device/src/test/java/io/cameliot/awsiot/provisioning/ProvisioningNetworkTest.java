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

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that fails costs a device no identity. */
class ProvisioningNetworkTest extends ProvisioningTestSupport {

    /** An earlier run has ended after AWS had registered its certificate, and before it knew. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsARegisteredCertificateWhenTheNetworkFailsWhileItIsTried(boolean reset) throws Exception {
        aws.faults().inject(new Fault.WithholdMessage("$aws/provisioning-templates/factory/provision/json/accepted"));
        try (FaultProxy network =
                FaultProxy.to("127.0.0.1", aws.port(GatewayPort.MQTT_8883)).start()) {
            String uri = uri("").replace(aws.address(GatewayPort.MQTT_8883), network.address());
            start(new RouteBuilder() {
                @Override
                public void configure() {
                    from(PROVISION).routeId("provisioning").to(uri);
                }
            });
            sendAsync(serial("17"));
            await().atMost(Duration.ofSeconds(60)).until(() -> !thingNames().isEmpty());
            camel.getRouteController().stopRoute("provisioning");
            camel.getRouteController().startRoute("provisioning");
            network.applyToNext(1, reset ? new NetworkFault.Reset() : new NetworkFault.Cut());

            DeviceProvisioningResult result = provision(serial("17"), Map.of());

            assertThat(network.struck()).isOne();
            assertThat(aws.provisioning().certificates().all())
                    .filteredOn(certificate -> certificate.thingName().isPresent())
                    .extracting(certificate -> certificate.certificateId())
                    .containsExactly(result.getCertificateId());
        }
    }
}
