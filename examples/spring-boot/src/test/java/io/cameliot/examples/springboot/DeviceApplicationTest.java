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
package io.cameliot.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs the application against the emulators, which it knows only from its properties. */
class DeviceApplicationTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();

    private static AwsIotEmulator aws;
    private static DpsEmulator dps;
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void startApplication(@TempDir Path folder) {
        aws = AwsIotEmulator.builder().build().start();
        dps = DpsEmulator.builder()
                .retryAfter(Duration.ZERO)
                .enroll(Enrollment.individual("sensor-1").symmetricKey(KEY).build())
                .build()
                .start();
        CertificateFiles device = aws.issueDevice("sensor-1").writeTo(folder, "device");
        application = SpringApplication.run(
                DeviceApplication.class,
                "--camel.main.run-controller=false",
                "--logging.level.org.apache.activemq=warn",
                "--reading.period=200",
                "--dps.id-scope=" + dps.idScope(),
                "--DPS_SHARED_ACCESS_KEY=" + KEY.base64(),
                "--camel.component.azure-dps.connect-to=" + dps.mqttAddress(),
                "--camel.component.azure-dps.ca-file="
                        + dps.serverAuthority().writeCertificate(folder.resolve("dps-ca.pem")),
                "--camel.component.awsiot-device.endpoint=" + aws.endpoint(),
                "--camel.component.awsiot-device.connect-to=" + aws.address(GatewayPort.MQTT_8883),
                "--camel.component.awsiot-device.ca-file="
                        + aws.serverAuthority().writeCertificate(folder.resolve("aws-ca.pem")),
                "--camel.component.awsiot-device.certificate-file=" + device.certificate(),
                "--camel.component.awsiot-device.private-key-file=" + device.privateKey());
    }

    @AfterAll
    static void stopApplication() {
        try {
            if (application != null) {
                application.close();
                assertThat(aws.connections()).isEmpty();
            }
        } finally {
            aws.close();
            dps.close();
        }
    }

    @Test
    void provisionsTheDevice() {
        assertPublished("devices/sensor-1/provisioned", "\"deviceId\":\"sensor-1\"");
    }

    @Test
    void publishesReadings() {
        assertPublished("devices/sensor-1/readings", "\"temperature\"");
    }

    @Test
    void receivesCommands() {
        aws.publish("devices/sensor-1/commands", "{\"led\": \"on\"}", 1);

        assertPublished("devices/sensor-1/reported", "{\"led\": \"on\"}");
    }

    @Test
    void goesOnWithTheAnswerOfAService() {
        aws.thing("sensor-1").shadow().setReported("{\"led\":\"on\"}");

        String shadow = application
                .getBean(ProducerTemplate.class)
                .requestBody("awsiot-device:$aws/things/sensor-1/shadow/get", "", String.class);

        assertThat(shadow).contains("\"reported\":{\"led\":\"on\"}");
    }

    @Test
    void connectsOnceWithTheClientIdOfTheProperties() {
        assertThat(aws.connections()).singleElement().satisfies(connection -> assertThat(connection.clientId())
                .isEqualTo("sensor-1"));
    }

    private static void assertPublished(String topic, String text) {
        await().untilAsserted(() -> assertThat(aws.receivedPublishes(topic))
                .extracting(publish -> new String(publish.payload(), StandardCharsets.UTF_8))
                .isNotEmpty()
                .allMatch(payload -> payload.contains(text)));
    }
}
