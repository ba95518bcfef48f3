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
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTPS publishes over a connection that is lost without a FIN, as a NAT router or a mobile network loses one. */
class HttpsLostConnectionTest extends DeviceTestSupport {

    private FaultProxy line;

    @BeforeEach
    void start() throws Exception {
        line = FaultProxy.to("127.0.0.1", aws.port(GatewayPort.HTTPS_8443)).start();
        String uri = "awsiot-device:lost?protocol=https&endpoint=" + aws.endpoint() + "&connectTo=" + line.address()
                + "&connectionTimeout=1s&publishTimeout=30s&" + device.files().options();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to(uri);
            }
        });
        camel.start();
        assertThat(publish(1).getException()).isNull();
        line.apply(new HalfOpen());
    }

    @AfterEach
    void closeLine() {
        line.close();
    }

    @Test
    void repeatsAQos1MessageOnANewConnection() {
        assertThat(publish(1).getException()).isNull();
    }

    @Test
    void failsAQos0MessageThatTheServerMayHaveAndSendsTheNext() {
        assertThat(publish(0).getException())
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("no answer within connectionTimeout (1000 ms)");
        assertThat(publish(1).getException()).isNull();
    }

    private Exchange publish(int qos) {
        return camel.createProducerTemplate().send("direct:publish", exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_QOS, qos);
        });
    }
}
