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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a server that accepts one CONNECT a second of a client id, as AWS IoT Core does. */
class ConnectRateTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension(
            AwsIotEmulator.builder().limits(Limits.DEFAULT.withConnectInterval(Duration.ofSeconds(1))));

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();

    @AfterEach
    void clearFaults() {
        aws.faults().clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&keepAliveInterval=45"})
    void startsARouteRightAfterAnotherOneOfItsClientIdHasFailed(String otherOptions) throws Exception {
        String clientId = otherOptions.isEmpty() ? "same-options" : "other-options";
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedMessageCount(1);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("refused", clientId, ""))
                        .routeId("fails")
                        .autoStartup(false)
                        .to("mock:unused");
                from(uri("granted", clientId, otherOptions))
                        .routeId("starts")
                        .autoStartup(false)
                        .to(received);
            }
        });
        camel.start();
        aws.faults().inject(new Fault.RefuseSubscription("refused", 0x87), Faults.ALWAYS);
        assertThatThrownBy(() -> camel.getRouteController().startRoute("fails")).hasStackTraceContaining("0x87");

        camel.getRouteController().startRoute("starts");

        aws.publish("granted", "one", 1);
        received.assertIsSatisfied(10_000);
        assertThat(aws.connectionsOf(clientId))
                .hasSize(2)
                .filteredOn(ConnectionInfo::isOpen)
                .hasSize(1);
    }

    private String uri(String topic, String clientId, String options) {
        return "awsiot-device:" + topic + device.options() + "&clientId=" + clientId + options;
    }
}
