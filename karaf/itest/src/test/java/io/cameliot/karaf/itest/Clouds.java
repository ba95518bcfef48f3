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
package io.cameliot.karaf.itest;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Emulators of both clouds in this JVM, a device that both know, and the example's configuration for it. */
final class Clouds implements AutoCloseable {

    static final String DEVICE = "sensor-1";
    static final IamCredentials CREDENTIALS = IamCredentials.permanent("AKIAKARAF", "karaf-secret-access-key");

    private static final String SHARED_ACCESS_KEY = "a2FyYWYga2FyYWYga2FyYWYga2FyYWYga2FyYWYga2E=";

    private final AwsIotEmulator aws = AwsIotEmulator.builder().build();
    private final DpsEmulator dps = DpsEmulator.builder()
            .retryAfter(Duration.ofSeconds(1))
            .enroll(Enrollment.individual(DEVICE)
                    .symmetricKey(EnrollmentKey.of(SHARED_ACCESS_KEY))
                    .build())
            .build();
    private final Map<String, String> configuration = new LinkedHashMap<>();

    Clouds(Path folder) {
        aws.start();
        aws.register(CREDENTIALS);
        dps.start();
        CertificateFiles files = aws.issueDevice(DEVICE).writeTo(folder, DEVICE);
        set("dps.idScope", dps.idScope());
        set("dps.registrationId", DEVICE);
        set("dps.sharedAccessKey", "$[prop:test.dps.sharedAccessKey]");
        set("dps.caFile", dps.serverAuthority().writeCertificate(folder.resolve("dps-ca.pem")));
        set("dps.connectTo", dps.mqttAddress());
        set("aws.endpoint", aws.endpoint());
        set("aws.clientId", DEVICE);
        set("aws.certificateFile", files.certificate());
        set("aws.privateKeyFile", files.privateKey());
        set("aws.caFile", aws.serverAuthority().writeCertificate(folder.resolve("aws-ca.pem")));
        set("aws.connectTo", aws.address(GatewayPort.MQTT_8883));
    }

    private void set(String name, Object value) {
        configuration.put(name, value.toString());
    }

    /** The entries of {@code etc/io.cameliot.examples.karaf.cfg}. */
    Map<String, String> configuration() {
        return Map.copyOf(configuration);
    }

    /** What {@link #configuration()} refers to, and where AWS's default chain finds credentials. */
    Map<String, String> systemProperties() {
        return Map.of(
                "test.dps.sharedAccessKey", SHARED_ACCESS_KEY,
                "aws.accessKeyId", CREDENTIALS.accessKeyId(),
                "aws.secretAccessKey", CREDENTIALS.secretAccessKey());
    }

    AwsIotEmulator aws() {
        return aws;
    }

    /** The host name of the hub that the device has been assigned to. */
    String assignedHub() {
        return dps.assignedDevices().get(0).assignedHub();
    }

    @Override
    public void close() {
        aws.close();
        dps.close();
    }
}
