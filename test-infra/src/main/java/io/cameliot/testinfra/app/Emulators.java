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
package io.cameliot.testinfra.app;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorBuilder;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.page.PageServer;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.util.Locale;

/** Both emulators with one log, the page, and the folder with what a client needs. */
final class Emulators implements AutoCloseable {
    private static final String TEMPLATE = "devices";

    private final EmulatorsOptions options;
    private final ClientFolder folder;
    private final AwsIotEmulator aws;
    private final DpsEmulator dps;
    private final PageServer page;
    private EnrollmentKey key;

    private Emulators(EmulatorsOptions options) {
        this.options = options;
        folder = new ClientFolder(options.folder(), options.keep());
        EventLog log = new EventLog();
        try {
            aws = aws(log);
            dps = dps(log);
            page = new PageServer(aws, dps, log);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * Starts everything.
     *
     * @param options the command line
     * @return the running emulators
     * @throws java.io.UncheckedIOException if a port is in use or the folder cannot be written; nothing stays open then
     * @throws IllegalArgumentException if a kept file does not hold what it should
     */
    static Emulators start(EmulatorsOptions options) {
        Emulators emulators = new Emulators(options);
        try {
            emulators.aws.start();
            emulators.dps.start();
            emulators.page.start(options.pagePort());
            emulators.writeProperties();
            return emulators;
        } catch (RuntimeException e) {
            emulators.close();
            throw e;
        }
    }

    private AwsIotEmulator aws(EventLog log) {
        TestCertificateAuthority server = folder.authority("aws-server", "AWS IoT emulator server CA");
        AwsIotEmulatorBuilder builder = AwsIotEmulator.builder()
                .authorities(server, folder.authority("aws-device", "AWS IoT emulator device CA"))
                .region(options.region())
                .limits(Limits.DEFAULT.withPublishesPerSecond(options.publishesPerSecond()))
                .events(log);
        for (GatewayPort port : GatewayPort.values()) {
            builder.port(port, options.port(port));
        }
        AwsIotEmulator emulator = builder.build();
        folder.write("aws-ca.pem", server.certificatePem());
        folder.certificate(options.device(), () -> emulator.issueDevice(options.device()));
        ProvisioningTemplate template = ProvisioningTemplate.named(TEMPLATE);
        emulator.provisioning().createTemplate(template);
        IssuedCertificate claim =
                folder.certificate("claim", () -> emulator.provisioning().issueClaim(template));
        emulator.provisioning().registerClaim(claim, template);
        return emulator;
    }

    private DpsEmulator dps(EventLog log) {
        TestCertificateAuthority server = folder.authority("dps-server", "DPS emulator CA");
        key = folder.symmetricKey("dps-" + options.device());
        folder.write("dps-ca.pem", server.certificatePem());
        return DpsEmulator.builder()
                .serverAuthority(server)
                .mqttPort(options.dpsPort())
                .webSocketPort(options.dpsWebSocketPort())
                .hubPort(options.hubPort())
                .enroll(Enrollment.individual(options.device())
                        .symmetricKey(key)
                        .build())
                .events(log)
                .build();
    }

    private void writeProperties() {
        folder.writeProperties(String.format(
                Locale.ROOT,
                """
                        # For a Camel route: put this file on its class path, or into its folder config.
                        # Options of every awsiot-device: and azure-dps: endpoint
                        camel.component.awsiot-device.endpoint=%1$s
                        camel.component.awsiot-device.connect-to=%2$s
                        camel.component.awsiot-device.ca-file=%3$s
                        camel.component.awsiot-device.certificate-file=%4$s
                        camel.component.awsiot-device.private-key-file=%5$s
                        camel.component.azure-dps.connect-to=%6$s
                        camel.component.azure-dps.ca-file=%7$s

                        # What routes refer to as {{…}}
                        aws.endpoint=%1$s
                        aws.certificate=%4$s
                        aws.key=%5$s
                        dps.id-scope=%8$s
                        dps.key=%9$s
                        device=%10$s
                        device.uri=awsiot-device:my/topic

                        # Other listeners: WebSocket, ALPN and HTTPS of AWS IoT; WebSocket and hubs of Azure
                        aws.address.443=%11$s
                        aws.address.8443=%12$s
                        dps.address.websocket=%13$s
                        hub.address=%14$s
                        """,
                aws.endpoint(),
                aws.address(GatewayPort.MQTT_8883),
                resource("aws-ca.pem"),
                resource(options.device() + ".cert.pem"),
                resource(options.device() + ".key.pem"),
                dps.mqttAddress(),
                resource("dps-ca.pem"),
                dps.idScope(),
                key.base64(),
                options.device(),
                aws.address(GatewayPort.MULTIPLEXED_443),
                aws.address(GatewayPort.HTTPS_8443),
                dps.webSocketAddress(),
                dps.hubAddress()));
    }

    private String resource(String name) {
        return "file:" + folder.path(name).toString().replace('\\', '/');
    }

    /** What the program prints: the page, the folder, and the URI of a first route. */
    String threeLines() {
        return String.format(
                Locale.ROOT,
                """
                Page    %s
                Folder  %s (application.properties, certificates, keys)
                Route   awsiot-device:my/topic?endpoint=%s&connectTo=%s&caFile=%s&certificateFile=%s&privateKeyFile=%s
                """,
                page.url(),
                options.folder(),
                aws.endpoint(),
                aws.address(GatewayPort.MQTT_8883),
                resource("aws-ca.pem"),
                resource(options.device() + ".cert.pem"),
                resource(options.device() + ".key.pem"));
    }

    /** Ends everything. No port and no thread is left when this method returns, and no file unless the folder is kept. */
    @Override
    public void close() {
        page.close();
        dps.close();
        aws.close();
        folder.close();
    }
}
