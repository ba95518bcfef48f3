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

import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The folder with what a client needs. A kept folder also has the keys of the authorities, and the next start uses them and
 * the device's certificate and key again. Files are written for their owner only, where the file system knows owners. A file
 * that is not of the emulators is never replaced or deleted: it may be somebody's only key.
 */
final class ClientFolder {
    private static final String PROPERTIES = "application.properties";
    private static final String MARK = "# Written by the emulators of camel-test-infra-iot at each start.";

    private final Path folder;
    private final boolean keep;
    private final boolean created;
    /** Whether an earlier start of the emulators has written the files that are in the folder. */
    private final boolean ours;

    private final Set<Path> written = new LinkedHashSet<>();

    /**
     * Creates the folder if it does not exist.
     *
     * @param folder an absolute path
     * @param keep whether what is in it is used again, and stays at the end
     * @throws UncheckedIOException if it cannot be created or read
     * @throws IllegalArgumentException if it has an {@code application.properties} of somebody else
     */
    ClientFolder(Path folder, boolean keep) {
        this.folder = folder;
        this.keep = keep;
        this.created = !Files.exists(folder);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder " + folder + " cannot be created: --folder names another one", e);
        }
        Path properties = folder.resolve(PROPERTIES);
        this.ours = Files.exists(properties);
        if (ours && !isMarked(properties)) {
            throw foreign(properties);
        }
        // A start that is killed leaves a folder that the next start knows.
        writeProperties("");
    }

    private static boolean isMarked(Path properties) {
        try {
            return Files.readString(properties).startsWith(MARK);
        } catch (IOException e) {
            throw new UncheckedIOException(properties + " cannot be read", e);
        }
    }

    private static IllegalArgumentException foreign(Path file) {
        return new IllegalArgumentException(file + " is not of these emulators: name another folder by --folder");
    }

    /** Returns the authority of the latest start if the folder is kept, or else a new one. */
    TestCertificateAuthority authority(String name, String commonName) {
        String baseName = name + "-authority";
        TestCertificateAuthority authority = isKept(certificateOf(baseName))
                ? TestCertificateAuthority.of(IssuedCertificate.read(folder, baseName))
                : TestCertificateAuthority.create(commonName);
        if (keep) {
            write(authority.identity(), baseName);
        }
        return authority;
    }

    /** Returns the certificate of the latest start if the folder is kept, or else a new one. */
    IssuedCertificate certificate(String name, Supplier<IssuedCertificate> issue) {
        IssuedCertificate certificate =
                isKept(certificateOf(name)) ? IssuedCertificate.read(folder, name) : issue.get();
        write(certificate, name);
        return certificate;
    }

    /** Returns the symmetric key of the latest start if the folder is kept, or else a new one. */
    EnrollmentKey symmetricKey(String name) {
        Path file = folder.resolve(name + ".key");
        try {
            EnrollmentKey key =
                    isKept(file) ? EnrollmentKey.of(Files.readString(file).trim()) : EnrollmentKey.random();
            write(file.getFileName().toString(), key.base64() + "\n");
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a chain and its key. */
    void write(IssuedCertificate certificate, String baseName) {
        write(baseName + ".cert.pem", certificate.chainPem());
        write(baseName + ".key.pem", certificate.privateKeyPem(KeyFormat.PKCS8));
    }

    /**
     * Writes a file.
     *
     * @throws IllegalArgumentException if there is such a file of somebody else
     */
    Path write(String name, String text) {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            } else if (!ours && !written.contains(file)) {
                throw foreign(file);
            }
            protect(file);
            written.add(file);
            return Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    /** Writes the properties, by which the next start knows the folder. */
    void writeProperties(String text) {
        write(PROPERTIES, MARK + "\n" + text);
    }

    private static void protect(Path file) throws IOException {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (UnsupportedOperationException e) {
            // The file system has no such permissions; its own defaults apply.
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Deletes what was written, and the folder if it was created and is empty then. A kept folder stays. */
    void close() {
        if (keep) {
            return;
        }
        try {
            for (Path file : written) {
                Files.deleteIfExists(file);
            }
            if (created) {
                Files.deleteIfExists(folder);
            }
        } catch (DirectoryNotEmptyException e) {
            // The user has put something into it.
        } catch (IOException e) {
            System.err.println(folder + " is not deleted: " + e.getMessage());
        }
    }

    private boolean isKept(Path file) {
        return keep && ours && Files.exists(file);
    }

    private Path certificateOf(String baseName) {
        return folder.resolve(baseName + ".cert.pem");
    }
}
