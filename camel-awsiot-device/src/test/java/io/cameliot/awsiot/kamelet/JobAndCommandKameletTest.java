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
package io.cameliot.awsiot.kamelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.job.JobState;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The kamelets for jobs and commands, used by YAML routes. */
class JobAndCommandKameletTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private static Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @Test
    void runsJobs() throws Exception {
        load("awsiot-job-source", "", "");
        String job = aws.jobs().create("door", "{\"operation\":\"open\"}");

        await().until(() -> aws.jobs().execution("door", job).state(), JobState.SUCCEEDED::equals);
    }

    @Test
    void carriesCommandsOut() throws Exception {
        load(
                "awsiot-command-source",
                "report: aroundRoute",
                """
                        - setBody:
                            simple: '{"state": "open"}'
                """);

        SentCommand command = aws.commands().send("door", "{\"action\":\"open\"}");

        await().until(command::state, CommandState.SUCCEEDED::equals);
        assertThat(command.result().orElseThrow().toString()).isEqualTo("{\"state\":{\"s\":\"open\"}}");
        assertThat(command.history()).extracting(report -> report.state()).contains(CommandState.IN_PROGRESS);
    }

    private void load(String kamelet, String parameter, String steps) throws Exception {
        CertificateFiles device = aws.issueDevice("device").writeTo(folder, kamelet);
        Path authority = aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
        String routes =
                """
                - route:
                    from:
                      uri: kamelet:%s
                      parameters:
                        thingName: door
                        endpoint: %s
                        connectTo: %s
                        clientId: %s
                        certificateFile: 'file:%s'
                        privateKeyFile: 'file:%s'
                        caFile: 'file:%s'
                        %s
                      steps:
                %s
                        - to:
                            uri: mock:received
                """
                        .formatted(
                                kamelet,
                                aws.endpoint(),
                                aws.address(GatewayPort.MQTT_8883),
                                kamelet,
                                device.certificate(),
                                device.privateKey(),
                                authority,
                                parameter,
                                steps);
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("routes.yaml", routes));
        camel.start();
    }
}
