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

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the claim to telemetry in two routes; the second starts when the identity is there. */
class ProvisionThenPublishTest extends ProvisioningTestSupport {

    private static final String YAML =
            """
            - route:
                id: provisioning
                from:
                  uri: awsiot-provisioning:factory
                  parameters:
                    endpoint: '{{aws.endpoint}}'
                    connectTo: '{{aws.connect-to}}'
                    certificateFile: '{{claim.certificate}}'
                    privateKeyFile: '{{claim.key}}'
                    caFile: '{{aws.ca}}'
                    identityDirectory: '{{identity}}'
                    parameter.SerialNumber: '{{serial}}'
                  steps:
                    - to:
                        uri: controlbus:route
                        parameters:
                          routeId: telemetry
                          action: start
            - route:
                id: telemetry
                autoStartup: false
                from:
                  uri: timer:reading
                  parameters:
                    period: 100
                  steps:
                    - setBody:
                        simple: '{"temperature": ${random(18,24)}}'
                    - to:
                        uri: awsiot-device:readings
                        parameters:
                          endpoint: '{{aws.endpoint}}'
                          connectTo: '{{aws.connect-to}}'
                          clientId: sensor-{{serial}}
                          certificateFile: '{{identity}}/certificate.pem'
                          privateKeyFile: '{{identity}}/private-key.pem'
                          caFile: '{{aws.ca}}'
                          lazyStartProducer: true
            """;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void publishesOnceTheIdentityIsThereAndAtOnceWhenItIsThereAlready(boolean yaml) throws Exception {
        try (CamelContext first = context(yaml)) {
            assertThat(first.getRouteController().getRouteStatus("telemetry")).isNotEqualTo(ServiceStatus.Starting);
            awaitReading();
        }
        assertThat(thingNames()).containsExactly("sensor-17");

        aws.clearReceivedPublishes();
        int connects = aws.receivedConnects().size();
        try (CamelContext second = context(yaml)) {
            awaitReading();
            assertThat(second.getRouteController().getRouteStatus("telemetry")).isEqualTo(ServiceStatus.Started);
        }
        assertThat(aws.receivedConnects()).as("only the telemetry connects").hasSize(connects + 1);
    }

    private void awaitReading() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !aws.receivedPublishes("readings").isEmpty());
    }

    private CamelContext context(boolean yaml) throws Exception {
        CamelContext context = Contexts.withoutJmx();
        Properties properties = new Properties();
        properties.put("aws.endpoint", aws.endpoint());
        properties.put("aws.connect-to", aws.address(GatewayPort.MQTT_8883));
        properties.put("aws.ca", folder.resolve("ca.pem").toString());
        properties.put("claim.certificate", folder.resolve("claim.cert.pem").toString());
        properties.put("claim.key", folder.resolve("claim.key.pem").toString());
        properties.put("identity", identity.toString());
        properties.put("serial", "17");
        context.getPropertiesComponent().setInitialProperties(properties);
        if (yaml) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromBytes("routes.yaml", YAML.getBytes(StandardCharsets.UTF_8)));
        } else {
            context.addRoutes(new Routes());
        }
        context.start();
        return context;
    }

    /** The same in Java. */
    private static final class Routes extends RouteBuilder {

        @Override
        public void configure() {
            from("awsiot-provisioning:factory?endpoint={{aws.endpoint}}&connectTo={{aws.connect-to}}&caFile={{aws.ca}}"
                            + "&certificateFile={{claim.certificate}}&privateKeyFile={{claim.key}}"
                            + "&identityDirectory={{identity}}&parameter.SerialNumber={{serial}}")
                    .routeId("provisioning")
                    .to("controlbus:route?routeId=telemetry&action=start");

            from("timer:reading?period=100")
                    .routeId("telemetry")
                    .autoStartup(false)
                    .setBody(simple("{\"temperature\": ${random(18,24)}}"))
                    .to("awsiot-device:readings?endpoint={{aws.endpoint}}&connectTo={{aws.connect-to}}"
                            + "&caFile={{aws.ca}}&clientId=sensor-{{serial}}&lazyStartProducer=true"
                            + "&certificateFile={{identity}}/certificate.pem"
                            + "&privateKeyFile={{identity}}/private-key.pem");
        }
    }
}
