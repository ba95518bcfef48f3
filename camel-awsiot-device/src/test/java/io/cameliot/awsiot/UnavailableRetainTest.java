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

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that the server's CONNACK excludes: here retained ones. */
class UnavailableRetainTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().mqtt5(Mqtt5Settings.DEFAULT.withoutRetain()));

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final CamelContext camel = device.camel();

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void failsTheExchangeAndNotTheConnection(int qos) {
        String uri = "awsiot-device:out" + device.options() + "&clientId=retainer-" + qos + "&qos=" + qos;
        camel.start();

        Exchange retained = send(uri + "&retained=true");
        Exchange plain = send(uri);

        assertThat(retained.getException())
                .isInstanceOfSatisfying(PublishException.class, refused -> assertThat(refused.getReasonCode())
                        .isEqualTo(0x9A));
        assertThat(plain.getException()).isNull();
        assertThat(AWS.emulator().connectionsOf("retainer-" + qos)).hasSize(1);
    }

    private Exchange send(String uri) {
        return camel.createProducerTemplate()
                .send(uri, exchange -> exchange.getMessage().setBody("x"));
    }
}
