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
package io.cameliot.awsiot.fault;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A scene in which the endpoint's name cannot be resolved for a while. It runs in a JVM of its own, because the JDK takes
 * names from a file only where property {@code jdk.net.hosts.file} says so from the start.
 */
final class NameServiceOutage {

    private NameServiceOutage() {}

    /**
     * @param arguments a folder for the scene's files
     */
    public static void main(String[] arguments) throws Exception {
        Path hosts = Path.of(System.getProperty("jdk.net.hosts.file"));
        Path folder = Path.of(arguments[0]);
        try (AwsIotEmulator aws = AwsIotEmulator.builder().build().start();
                FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            write(hosts, "127.0.0.1 " + aws.endpoint());
            scene.install(aws.issueDevice(scene.clientId));
            scene.start(scene.uriByName(scene.certificate()));

            write(hosts, "");
            aws.disconnect(scene.clientId);
            scene.awaitError("resolve");
            write(hosts, "127.0.0.1 " + aws.endpoint());

            scene.awaitHearing();
            scene.assertNothingIsLost();
        }
    }

    private static void write(Path hosts, String line) throws IOException {
        Files.writeString(hosts, "127.0.0.1 localhost\n" + line + "\n");
    }
}
