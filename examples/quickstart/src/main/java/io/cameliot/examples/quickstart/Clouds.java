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
package io.cameliot.examples.quickstart;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.Properties;
import java.util.stream.Stream;

/** Emulators of both clouds on this machine, with the properties that connect the routes to them. */
final class Clouds implements AutoCloseable {

    private static final String DEVICE = "quickstart-1";
    private static final String TEMPLATE = "factory";

    private final Path folder;
    private final AwsIotEmulator aws;
    private final DpsEmulator dps;
    private final Properties properties = new Properties();

    private Clouds(Path folder, String key) {
        this.folder = folder;
        this.aws = AwsIotEmulator.builder().build();
        this.dps = DpsEmulator.builder()
                .retryAfter(Duration.ofSeconds(1))
                .enroll(Enrollment.individual(DEVICE)
                        .symmetricKey(EnrollmentKey.of(key))
                        .build())
                .build();
    }

    static Clouds start() throws IOException {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        String sharedAccessKey = Base64.getEncoder().encodeToString(key);
        Clouds clouds = new Clouds(Files.createTempDirectory("quickstart"), sharedAccessKey);
        try {
            clouds.start(sharedAccessKey);
            return clouds;
        } catch (RuntimeException e) {
            clouds.close();
            throw e;
        }
    }

    private void start(String sharedAccessKey) {
        aws.start();
        dps.start();
        IssuedCertificate.CertificateFiles files = aws.issueDevice(DEVICE).writeTo(folder, DEVICE);
        set("dps.idScope", dps.idScope());
        set("dps.registrationId", DEVICE);
        set("dps.sharedAccessKey", sharedAccessKey);
        set("dps.caFile", dps.serverAuthority().writeCertificate(folder.resolve("dps-ca.pem")));
        set("dps.connectTo", dps.mqttAddress());
        set("aws.endpoint", aws.endpoint());
        set("aws.clientId", DEVICE);
        set("aws.certificateFile", files.certificate());
        set("aws.privateKeyFile", files.privateKey());
        set("aws.caFile", aws.serverAuthority().writeCertificate(folder.resolve("aws-ca.pem")));
        set("aws.connectTo", aws.address(GatewayPort.MQTT_8883));
        IssuedCertificate.CertificateFiles claim = claim().writeTo(folder, "claim");
        set("claim.template", TEMPLATE);
        set("claim.identityDirectory", folder.resolve("identity"));
        set("claim.certificateFile", claim.certificate());
        set("claim.privateKeyFile", claim.privateKey());
    }

    /** Returns the claim of a batch of devices, which a template registers as sensors. */
    private IssuedCertificate claim() {
        ProvisioningTemplate template = ProvisioningTemplate.named(TEMPLATE)
                .withThingName(parameters -> "sensor-" + parameters.get(ProvisioningTemplate.SERIAL_NUMBER));
        aws.provisioning().createTemplate(template);
        return aws.provisioning().issueClaim(template);
    }

    private void set(String name, Object value) {
        properties.setProperty(name, value.toString());
    }

    Properties properties() {
        return properties;
    }

    AwsIotEmulator aws() {
        return aws;
    }

    /** Sends a command to the device, like an application in the cloud. */
    void sendCommand() {
        aws.publish("quickstart/" + DEVICE + "/commands", "{\"led\": \"on\"}", 1);
    }

    @Override
    public void close() {
        aws.close();
        dps.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
