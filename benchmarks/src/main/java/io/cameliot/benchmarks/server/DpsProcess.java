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

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.quota.DpsQuotas;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The emulator of Azure DPS with one enrollment group for all devices. It answers the registration with a wait and the
 * next poll with the assignment. Its arguments: the directory for the authority's certificate and the group's key, and
 * the seconds of the wait.
 */
final class DpsProcess {

    private DpsProcess() {}

    public static void main(String[] commandLine) throws Exception {
        Path directory = Path.of(commandLine[0]);
        EnrollmentKey key = EnrollmentKey.random();
        try (DpsEmulator emulator = DpsEmulator.builder()
                .serverName(ServerAddress.HOST)
                .retryAfter(Duration.ofSeconds(Long.parseLong(commandLine[1])))
                .quotas(DpsQuotas.unlimited())
                .enroll(Enrollment.group("fleet")
                        .symmetricKey(key)
                        .assigningPolls(0)
                        .build())
                .build()) {
            emulator.start();
            ServerAddress files = new ServerAddress(emulator.mqttPort(), directory);
            emulator.serverAuthority().writeCertificate(files.authority());
            Files.writeString(files.groupKey(), key.base64());
            JavaServer.listening(emulator.mqttPort());
        }
    }
}
