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
package io.cameliot.awsiot.provisioning.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.provisioning.flow.PendingCertificate;
import io.cameliot.awsiot.provisioning.flow.StoredIdentity;
import io.cameliot.awsiot.provisioning.wire.CreatedCertificate;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceDirectoryTest {

    private static final RegisteredThing SENSOR = new RegisteredThing("sensor-17", Map.of("interval", "10s"));
    private static final TestCertificateAuthority CA = TestCertificateAuthority.create("CA");

    @TempDir
    Path folder;

    private final IssuedCertificate issued = CA.issueDevice("device");
    private final IssuedCertificate next = CA.issueDevice("next");
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private Path directory;

    @BeforeEach
    void name() {
        directory = folder.resolve("device");
    }

    @Test
    void keepsWhatIsStoredUntilItIsInUse() throws IOException {
        try (DeviceDirectory files = opened()) {
            assertThat(files.identity()).isEmpty();
            assertThat(files.pending()).isEmpty();
            store(files, issued, "one");
        }
        now = now.plusSeconds(60);
        try (DeviceDirectory files = opened()) {
            assertThat(files.pending())
                    .contains(new PendingCertificate("one", "t0ken", Duration.ofMinutes(1), Optional.empty()));
            assertThat(files.identity()).isEmpty();
            files.record(SENSOR);
        }
        try (DeviceDirectory files = opened()) {
            assertThat(files.pending().orElseThrow().thing()).contains(SENSOR);
            files.commit();
        }
        try (DeviceDirectory files = opened()) {
            StoredIdentity identity = files.identity().orElseThrow();
            assertThat(identity.thing()).contains(SENSOR);
            assertThat(identity.certificateId()).hasSize(64);
            assertThat(identity.certificateFile()).hasContent(issued.chainPem());
            assertThat(identity.privateKeyFile()).hasContent(issued.privateKeyPem(KeyFormat.PKCS8));
            assertThat(files.pending()).isEmpty();
        }
        assertThat(names()).containsExactly(".lock", "certificate.pem", "identity.json", "private-key.pem");
        assertThat(directory.resolve("identity.json")).content().doesNotContain("t0ken");
    }

    @Test
    void letsNobodyElseReadTheFiles() throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
            files.commit();
            store(files, next, "two");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all.filter(file -> !file.endsWith(".lock"))).hasSize(6).allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void keepsTheIdentityWhileTheNextOneIsPending() throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
            files.commit();
            store(files, next, "two");

            assertThat(files.identity().orElseThrow().certificateFile()).hasContent(issued.chainPem());
            assertThat(files.commit().certificateFile()).hasContent(next.chainPem());
        }
    }

    /** What a crash leaves behind between any two changes of files. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void finishesWhatACrashHasInterrupted(int renamed) throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
            files.commit();
            store(files, next, "two");
            files.record(SENSOR);
        }
        Path description = directory.resolve("pending-identity.json");
        Files.writeString(description, Files.readString(description).replaceFirst("\\{", "{\"proven\":true,"));
        String[] names = {"private-key.pem", "certificate.pem"};
        for (int i = 0; i < Math.min(renamed, 2); i++) {
            Files.move(
                    directory.resolve("pending-" + names[i]),
                    directory.resolve(names[i]),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (renamed == 3) {
            Files.writeString(directory.resolve("identity.json"), "{\"thingName\":\"sensor-17\"}");
        }

        try (DeviceDirectory files = new DeviceDirectory(directory, () -> now)) {
            assertThat(files.identity())
                    .as("key and certificate may not belong together")
                    .isEmpty();
            files.open();

            StoredIdentity identity = files.identity().orElseThrow();
            assertThat(identity.certificateFile()).hasContent(next.chainPem());
            assertThat(identity.privateKeyFile()).hasContent(next.privateKeyPem(KeyFormat.PKCS8));
            assertThat(identity.thing()).contains(SENSOR);
            assertThat(files.pending()).isEmpty();
        }
    }

    /** A crash before the description was written. */
    @Test
    void doesNotTakeHalfOfWhatWasStored() throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
            Files.delete(directory.resolve("pending-identity.json"));

            assertThat(files.pending()).isEmpty();
        }
    }

    @Test
    void takesFilesThatSomeoneElsePutThere() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("certificate.pem"), issued.chainPem());
        Files.writeString(directory.resolve("private-key.pem"), issued.privateKeyPem(KeyFormat.SEC1));

        StoredIdentity identity =
                new DeviceDirectory(directory, () -> now).identity().orElseThrow();

        assertThat(identity.thing()).isEmpty();
        assertThat(names()).as("nothing is written").containsExactly("certificate.pem", "private-key.pem");
    }

    @Test
    void refusesFilesThatAreNone() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("certificate.pem"), "none");
        Files.writeString(directory.resolve("private-key.pem"), "none");

        assertThatThrownBy(() -> new DeviceDirectory(directory, () -> now).identity())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("certificate.pem")
                .hasMessageContaining("reprovision=true");
    }

    @Test
    void refusesAKeyThatIsNotThatOfTheCertificate() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("certificate.pem"), issued.chainPem());
        Files.writeString(directory.resolve("private-key.pem"), next.privateKeyPem(KeyFormat.PKCS8));

        assertThatThrownBy(() -> new DeviceDirectory(directory, () -> now).identity())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("certificate.pem") + " and private-key.pem")
                .hasMessageContaining("reprovision=true");
    }

    /** A broken disk, or the answer to the request of another device. */
    @Test
    void doesNotRegisterACertificateWhoseKeyIsAnother() throws IOException {
        try (DeviceDirectory files = opened()) {
            files.store(
                    new CreatedCertificate("one", issued.chainPem(), Optional.empty(), "t0ken"),
                    next.privateKeyPem(KeyFormat.PKCS8));

            assertThat(files.pending()).isEmpty();

            store(files, issued, "one");
            assertThat(files.pending()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"thingName\":"})
    void takesAnIdentityWhoseDescriptionIsDamaged(String damaged) throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
            files.record(SENSOR);
            files.commit();
        }
        Files.writeString(directory.resolve("identity.json"), damaged);

        StoredIdentity identity =
                new DeviceDirectory(directory, () -> now).identity().orElseThrow();

        assertThat(identity.thing()).isEmpty();
        assertThat(identity.certificateFile()).hasContent(issued.chainPem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"certificateOwnershipToken\":"})
    void beginsAgainWhereTheDescriptionOfWhatIsPendingIsDamaged(String damaged) throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
            Files.writeString(directory.resolve("pending-identity.json"), damaged);

            assertThat(files.pending()).isEmpty();

            store(files, next, "two");
            assertThat(files.commit().certificateFile()).hasContent(next.chainPem());
        }
    }

    /** A device without a clock of its own starts in 1970, and is told the time later. */
    @ParameterizedTest
    @ValueSource(longs = {-56L * 365, -1, 56L * 365})
    void keepsWhatIsPendingWhateverTheClockSays(long days) throws IOException {
        try (DeviceDirectory files = opened()) {
            store(files, issued, "one");
        }
        now = now.plus(Duration.ofDays(days));

        try (DeviceDirectory files = opened()) {
            assertThat(files.pending().orElseThrow().age()).isEqualTo(Duration.ofDays(days));
        }
    }

    @Test
    void isUsedByOneAtATime() throws IOException {
        try (DeviceDirectory files = opened();
                DeviceDirectory other = new DeviceDirectory(directory, () -> now)) {
            assertThatThrownBy(other::open).isInstanceOf(DirectoryInUseException.class);
            files.close();
            other.open();
        }
    }

    /** The process was killed while it wrote a file, perhaps the one with the key. */
    @Test
    void deletesTheTemporaryFilesOfACrashAndNoOthers() throws IOException {
        Files.createDirectories(directory);
        Path left = Files.createTempFile(directory, ".", ".tmp");
        Files.createDirectory(directory.resolve(".17.tmp"));
        List<String> others = List.of(".tmp", ".17.tmp", ".backup.tmp", "17.tmp", ".17.tmp.pem");
        for (String other : others) {
            if (!Files.exists(directory.resolve(other))) {
                Files.createFile(directory.resolve(other));
            }
        }

        try (DeviceDirectory files = opened()) {
            assertThat(left).doesNotExist();
            assertThat(files.identity()).isEmpty();
        }
        assertThat(names()).contains(others.toArray(String[]::new));
    }

    /** Another process may be writing them. */
    @Test
    void leavesTheTemporaryFilesOfADirectoryInUse() throws IOException {
        try (DeviceDirectory files = opened();
                DeviceDirectory other = new DeviceDirectory(directory, () -> now)) {
            Path writing = Files.createTempFile(directory, ".", ".tmp");

            assertThatThrownBy(other::open).isInstanceOf(DirectoryInUseException.class);

            assertThat(writing).exists();
            assertThat(files.identity()).isEmpty();
        }
    }

    /** A symbolic link stands for a file system that ignores case: both serial numbers name one directory. */
    @Test
    void refusesTheDirectoryOfASerialNumberThatDiffersByCaseOnly() throws IOException {
        IdentityDirectory fleet = IdentityDirectory.of(folder.toString(), () -> now);
        try (DeviceDirectory files = fleet.of(Optional.of("A1"))) {
            files.open();
            store(files, issued, "one");
            files.commit();
        }
        Files.createSymbolicLink(folder.resolve("a1"), folder.resolve("A1"));
        Files.createSymbolicLink(folder.resolve("A2"), folder.resolve("A1"));

        try (DeviceDirectory other = fleet.of(Optional.of("a1"))) {
            assertThatThrownBy(other::identity)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is that of the device A1");
            assertThatThrownBy(other::open).hasMessageContaining("is that of the device A1");
        }
        assertThat(fleet.of(Optional.of("A1")).identity()).isPresent();
        assertThat(fleet.of(Optional.of("A2")).identity())
                .as("a link that someone has made on purpose")
                .isPresent();
        assertThat(new DeviceDirectory(folder.resolve("a1"), () -> now).identity())
                .as("a path that the user gives")
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "",
                "../x",
                "a/b",
                "a\\b",
                "/etc",
                ".hidden",
                ":x",
                "a\u0000b",
                "a b",
                "ü",
                "a\nb",
                "a1.",
                "a..",
                "certificate.pem",
                "private-key.pem",
                "identity.json",
                "Identity.JSON",
                "pending-certificate.pem",
                "pending-private-key.pem",
                "pending-identity.json",
                "PENDING-IDENTITY.json"
            })
    void takesNoSerialNumberThatIsAnotherPath(String serialNumber) {
        assertThatThrownBy(() -> IdentityDirectory.checkSerialNumber("Header", serialNumber))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Header=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "A-1_b.c", "00:11:22:33", "1", "pending-1", "identity.json.1", "a:"})
    void givesEachSerialNumberADirectory(String serialNumber) throws IOException {
        IdentityDirectory.checkSerialNumber("Header", serialNumber);
        try (DeviceDirectory files =
                IdentityDirectory.of("file:" + folder, () -> now).of(Optional.of(serialNumber))) {
            files.open();
        }
        assertThat(folder.resolve(serialNumber.replace(':', '='))).isDirectory();
    }

    private DeviceDirectory opened() throws IOException {
        DeviceDirectory files = new DeviceDirectory(directory, () -> now);
        files.open();
        return files;
    }

    private static void store(DeviceDirectory files, IssuedCertificate certificate, String id) throws IOException {
        files.store(
                new CreatedCertificate(id, certificate.chainPem(), Optional.empty(), "t0ken"),
                certificate.privateKeyPem(KeyFormat.PKCS8));
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
