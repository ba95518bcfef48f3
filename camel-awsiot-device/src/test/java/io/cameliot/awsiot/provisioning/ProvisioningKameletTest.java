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

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** The kamelets, used by YAML routes. */
class ProvisioningKameletTest extends ProvisioningTestSupport {

    @Test
    void provisionsWhenTheRouteStarts() throws Exception {
        load(
                """
                - route:
                    from:
                      uri: kamelet:awsiot-provisioning-source
                      parameters:
                %s
                        serialNumber: '17'
                      steps:
                        - to:
                            uri: mock:provisioned
                """
                        .formatted(parameters("        ")));

        MockEndpoint provisioned = camel.getEndpoint("mock:provisioned", MockEndpoint.class);
        provisioned.expectedHeaderReceived(AwsIotProvisioningConstants.THING_NAME, "sensor-17");
        provisioned.expectedMessageCount(1);
        provisioned.assertIsSatisfied(20_000);
    }

    @Test
    void provisionsWhomAMessageDescribes() throws Exception {
        load(
                """
                - route:
                    from:
                      uri: direct:provision
                      steps:
                        - to:
                            uri: kamelet:awsiot-provisioning-action
                            parameters:
                %s
                """
                        .formatted(parameters("              ")));

        Exchange exchange = send("{\"SerialNumber\":\"18\"}", Map.of());

        assertThat(exchange.getMessage().getHeader(AwsIotProvisioningConstants.THING_NAME))
                .isEqualTo("sensor-18");
    }

    private String parameters(String indent) {
        return """
                template: factory
                endpoint: %s
                connectTo: %s
                caFile: 'file:%s'
                certificateFile: 'file:%s'
                privateKeyFile: 'file:%s'
                identityDirectory: '%s'
                """
                .formatted(
                        aws.endpoint(),
                        aws.address(GatewayPort.MQTT_8883),
                        folder.resolve("ca.pem"),
                        folder.resolve("claim.cert.pem"),
                        folder.resolve("claim.key.pem"),
                        identity)
                .indent(indent.length())
                .stripTrailing();
    }

    private void load(String routes) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("routes.yaml", routes));
        camel.start();
    }
}
