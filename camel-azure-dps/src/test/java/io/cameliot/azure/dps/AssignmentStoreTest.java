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
package io.cameliot.azure.dps;

import static io.cameliot.azure.dps.DpsRoutes.failure;
import static io.cameliot.azure.dps.DpsRoutes.groupKey;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A device that the store knows is not registered, unless that is forced. */
class AssignmentStoreTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final EnrollmentKey STRANGE_KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.group("group")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .build()));

    private final DpsEmulator dps = DPS.emulator();

    @TempDir
    Path directory;

    @Test
    void answersWithoutTheServiceForADeviceThatItKnows() throws Exception {
        DeviceRegistrationResult first = registerAfterAStart(Map.of());
        DeviceRegistrationResult second = registerAfterAStart(Map.of());

        assertThat(second.toJson()).isEqualTo(first.toJson());
        assertThat(second.getOperationId()).isEqualTo(first.getOperationId()).isNotEmpty();
        assertThat(second.createHubSasToken()).startsWith("SharedAccessSignature");
        assertThat(registrations()).isOne();
    }

    @Test
    void registersWhenTheHeaderForcesIt() throws Exception {
        registerAfterAStart(Map.of());
        registerAfterAStart(Map.of(DpsConstants.FORCE_REGISTRATION, true));

        assertThat(registrations()).isEqualTo(2);
    }

    @Test
    void doesNotRegisterWhenTheHeaderForbidsWhatTheOptionForces() throws Exception {
        registerAfterAStart(Map.of());
        registerAfterAStart(Map.of(DpsConstants.FORCE_REGISTRATION, "false"), "forceRegistration=true");
        assertThat(registrations()).isOne();

        registerAfterAStart(Map.of(), "forceRegistration=true");
        assertThat(registrations()).isEqualTo(2);
    }

    @Test
    void refusesAHeaderThatIsNeitherTrueNorFalse() throws Exception {
        try (DpsRoutes routes = storing()) {
            Exchange refused = routes.register(null, Map.of(DpsConstants.FORCE_REGISTRATION, "yes"));

            assertThat(refused.getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "Header CamelAzureDpsForceRegistration=yes of type java.lang.String is not true or false");
        }
        assertThat(registrations()).isZero();
    }

    @Test
    void signsWithTheKeyThatWasAccepted() throws Exception {
        String keys = "secondaryGroupSharedAccessKey=RAW(" + KEY.base64() + ")";
        DeviceRegistrationResult first = registerAfterAStart(Map.of(), STRANGE_KEY, keys);
        DeviceRegistrationResult second = registerAfterAStart(Map.of(), STRANGE_KEY, keys);

        assertThat(signature(second, first)).isEqualTo(signature(first, first));
        assertThat(registrations()).isEqualTo(2);
    }

    /** Tokens of the same second are the same if they are signed with the same key. */
    private static boolean signature(DeviceRegistrationResult one, DeviceRegistrationResult other) {
        for (int i = 0; i < 5; i++) {
            if (one.createHubSasToken().equals(other.createHubSasToken())) {
                return true;
            }
        }
        return false;
    }

    @Test
    void keepsTheAssignmentOfBeforeWhenAForcedRegistrationFails() throws Exception {
        DeviceRegistrationResult first = registerAfterAStart(Map.of());
        dps.inject("dev-1", DpsFault.Answer.error(DpsStep.REGISTER, 404), 1);
        try (DpsRoutes routes = storing()) {
            assertThat(failure(routes.register(null, Map.of(DpsConstants.FORCE_REGISTRATION, true))))
                    .isNotNull();

            assertThat(result(routes.register()).toJson()).isEqualTo(first.toJson());
        }
    }

    @Test
    void registersADeviceWhoseFileIsBroken() throws Exception {
        registerAfterAStart(Map.of());
        try (Stream<Path> files = Files.list(directory)) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"half");
        }

        assertThat(registerAfterAStart(Map.of()).getStatus()).isEqualTo("assigned");
        assertThat(registerAfterAStart(Map.of()).getStatus()).isEqualTo("assigned");
        assertThat(registrations()).isEqualTo(2);
    }

    @Test
    void isAssignedAlthoughTheAssignmentCannotBeWritten() throws Exception {
        try (DpsRoutes routes = storing()) {
            result(routes.register("other"));
            try (Stream<Path> files = Files.list(directory)) {
                Files.delete(files.findFirst().orElseThrow());
            }
            Files.delete(directory);

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
        }
        Files.createDirectory(directory);
    }

    @Test
    void holdsNoKeyAndNoToken() throws Exception {
        DeviceRegistrationResult assigned = registerAfterAStart(Map.of());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(Files.readString(files.findFirst().orElseThrow()))
                    .contains(assigned.getAssignedHub())
                    .doesNotContain(KEY.base64(), KEY.deriveDeviceKey("dev-1").base64(), "SharedAccessSignature");
        }
    }

    private DeviceRegistrationResult registerAfterAStart(Map<String, Object> headers, String... options)
            throws Exception {
        return registerAfterAStart(headers, KEY, options);
    }

    private DeviceRegistrationResult registerAfterAStart(
            Map<String, Object> headers, EnrollmentKey key, String... options) throws Exception {
        try (DpsRoutes routes = storing(key, options)) {
            Exchange exchange = routes.register(null, headers);
            return result(exchange);
        }
    }

    private DpsRoutes storing() throws Exception {
        return storing(KEY);
    }

    private DpsRoutes storing(EnrollmentKey key, String... options) throws Exception {
        DpsRoutes routes = new DpsRoutes(dps);
        String[] all = Stream.concat(Stream.of(groupKey(key), "assignmentStore=file:" + directory), Stream.of(options))
                .toArray(String[]::new);
        return routes.registering(routes.uri("dev-1", all));
    }

    private long registrations() {
        return dps.requests().stream().filter(DpsRequest::isRegister).count();
    }
}
