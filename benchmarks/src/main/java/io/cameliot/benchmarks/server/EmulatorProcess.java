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
package io.cameliot.benchmarks.server;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;

/** The broker where mosquitto is not installed. */
final class EmulatorProcess {

    private EmulatorProcess() {}

    public static void main(String[] commandLine) throws Exception {
        ServerIdentity identity = ServerIdentity.read(commandLine);
        try (AwsIotEmulator emulator = AwsIotEmulator.builder()
                .customDomain(ServerAddress.HOST, identity.server())
                .build()) {
            emulator.registerAuthority(identity.authority());
            emulator.start();
            JavaServer.listening(emulator.port(GatewayPort.MQTT_8883));
        }
    }
}
