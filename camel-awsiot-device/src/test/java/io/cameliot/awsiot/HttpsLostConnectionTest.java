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
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault.Corrupt;
import io.cameliot.testinfra.fault.NetworkFault.Cut;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    }

    @AfterEach
    void closeLine() {
        line.close();
    }

    @Test
    void repeatsAQos1MessageOnANewConnection() {
        line.apply(new HalfOpen());

        assertThat(publish(1).getException()).isNull();
    }

    @Test
    void failsAQos0MessageThatTheServerMayHaveAndSendsTheNext() {
        line.apply(new HalfOpen());

        assertThat(publish(0).getException())
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("no answer within connectionTimeout (1000 ms)");
        assertThat(publish(1).getException()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void repeatsAQos1MessageWhereTlsFindsADamagedRecord(Direction direction) {
        line.apply(new Corrupt(direction));

        assertThat(publish(1).getException()).isNull();
        assertThat(line.struck()).isEqualTo(1);
    }

    /** With TLS 1.3 it does so after the handshake of the client. */
    @Test
    void namesTheOptionsWhereTheServerRefusesTheCertificate() throws Exception {
        try (InputStream certificate = Files.newInputStream(device.files().certificate())) {
            aws.deactivate(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        line.apply(new Cut());

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(publish(0).getException())
                        .isInstanceOf(PublishException.class)
                        .hasMessageContaining("the server refused the client certificate")
                        .hasMessageContaining("certificateFile and privateKeyFile"));
    }

    private Exchange publish(int qos) {
        return camel.createProducerTemplate().send("direct:publish", exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn().setHeader(AwsIotDeviceConstants.OVERRIDE_QOS, qos);
        });
    }
}
