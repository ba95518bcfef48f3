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
package io.cameliot.examples.camelk;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Emulators of both clouds, and the properties that point the application to them. */
final class Clouds implements AutoCloseable {

    static final String DEVICE = "sensor-1";

    private final AwsIotEmulator aws = AwsIotEmulator.builder().build();
    private final DpsEmulator dps =
            DpsEmulator.builder().retryAfter(Duration.ZERO).build();
    private final Map<String, String> properties = new LinkedHashMap<>();

    private Clouds() {}

    /**
     * Starts the emulators.
     *
     * @param folder receives the certificates; the device's in the layout of a mounted Kubernetes secret of type TLS
     */
    static Clouds start(Path folder) {
        Clouds clouds = new Clouds();
        try {
            clouds.startIn(folder);
            return clouds;
        } catch (RuntimeException e) {
            clouds.close();
            throw e;
        }
    }

    private void startIn(Path folder) {
        aws.start();
        dps.start();
        IssuedCertificate device = aws.issueDevice(DEVICE);
        dps.enroll(
                Enrollment.individual(DEVICE).certificate(device.certificate()).build());
        IssuedCertificate.CertificateFiles files = device.writeTo(folder, "device");
        move(files.certificate(), folder.resolve("tls.crt"));
        move(files.privateKey(), folder.resolve("tls.key"));
        properties.put("device.credentials", folder.toString());
        properties.put("dps.id-scope", dps.idScope());
        properties.put("camel.component.azure-dps.connect-to", dps.mqttAddress());
        properties.put(
                "camel.component.azure-dps.ca-file",
                dps.serverAuthority()
                        .writeCertificate(folder.resolve("dps-ca.pem"))
                        .toString());
        properties.put("camel.component.awsiot-device.endpoint", aws.endpoint());
        properties.put("camel.component.awsiot-device.connect-to", aws.address(GatewayPort.MQTT_8883));
        properties.put(
                "camel.component.awsiot-device.ca-file",
                aws.serverAuthority()
                        .writeCertificate(folder.resolve("aws-ca.pem"))
                        .toString());
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AwsIotEmulator aws() {
        return aws;
    }

    DpsEmulator dps() {
        return dps;
    }

    /** Returns the properties that a config map would set. */
    Map<String, String> properties() {
        return properties;
    }

    @Override
    public void close() {
        aws.close();
        dps.close();
    }
}
