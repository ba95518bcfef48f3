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
package io.cameliot.examples.services;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.Main;

/** The files of the example as they are, with the address of an emulator. */
final class Lamp {

    static final String THING = "lamp";

    private Lamp() {}

    /**
     * Creates the application.
     *
     * @param folder where certificate and key are written
     */
    static Main of(AwsIotEmulator aws, IssuedCertificate certificate, Path folder) {
        CertificateFiles files = certificate.writeTo(folder, THING);
        Path authority = aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
        Properties emulator = new Properties();
        Map.of(
                        "endpoint", aws.endpoint(),
                        "connect-to", aws.address(GatewayPort.MQTT_8883),
                        "ca-file", authority,
                        "certificate-file", files.certificate(),
                        "private-key-file", files.privateKey(),
                        "reconnect-min-delay", "100ms")
                .forEach((option, value) ->
                        emulator.setProperty("camel.component.awsiot-device." + option, value.toString()));
        Main lamp = new Main();
        lamp.setDefaultPropertyPlaceholderLocation("file:application.properties");
        lamp.setOverrideProperties(emulator);
        lamp.configure().withRoutesIncludePattern("file:*.yaml");
        return lamp;
    }
}
