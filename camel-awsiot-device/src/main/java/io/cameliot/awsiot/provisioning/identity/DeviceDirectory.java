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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.awsiot.provisioning.flow.PendingCertificate;
import io.cameliot.awsiot.provisioning.flow.StoredIdentity;
import io.cameliot.awsiot.provisioning.wire.CreatedCertificate;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.common.file.ExclusiveLock;
import io.cameliot.common.file.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one device. It holds the identity in use ({@code certificate.pem}, {@code private-key.pem}, {@code
 * identity.json}) and, during a provisioning, the next one in files that begin with {@code pending-}. Only the owner can
 * read the files, and each is replaced whole.
 *
 * <p>What is written in which order decides what a crash leaves behind. A pending certificate counts when its description
 * is there, which is written last. To take it into use, the description is marked first; {@link #open} finishes what a
 * crash has interrupted after that.
 *
 * <p>All methods block. They are called one after the other.
 */
public final class DeviceDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceDirectory.class);

    private static final String LOCK = ".lock";
    private static final String TOKEN = "certificateOwnershipToken";
    private static final String CREATED = "created";
    private static final String PROVEN = "proven";

    /** More than the bytes of all files of an identity. */
    private static final int ROOM = 32 * 1024;

    private final Path directory;
    private final IdentityFiles current;
    private final IdentityFiles pending;
    private final InstantSource clock;
    private final boolean namesDevice;
    private ExclusiveLock lock; // null until this directory is locked

    /**
     * Creates an object that has not touched the directory.
     *
     * @param directory the directory, which need not exist
     * @param clock tells the age of pending certificates
     */
    public DeviceDirectory(Path directory, InstantSource clock) {
        this(directory, clock, false);
    }

    /**
     * Creates an object that has not touched the directory.
     *
     * @param namesDevice whether the name of the directory is the serial number of the device
     */
    DeviceDirectory(Path directory, InstantSource clock, boolean namesDevice) {
        this.directory = directory;
        this.current = IdentityFiles.in(directory, "");
        this.pending = IdentityFiles.in(directory, IdentityFiles.PENDING);
        this.clock = clock;
        this.namesDevice = namesDevice;
    }

    /** Returns the certificate that is not in use yet. */
    public Path pendingCertificateFile() {
        return pending.certificate();
    }

    /** Returns the key of the certificate that is not in use yet. */
    public Path pendingPrivateKeyFile() {
        return pending.privateKey();
    }

    /**
     * Returns the identity in use. It writes nothing, so that a directory that cannot be written to will do.
     *
     * @throws IOException if the files cannot be read, hold no certificate with its key, or are those of another device
     */
    public Optional<StoredIdentity> identity() throws IOException {
        requireOwnName();
        if (!current.hasKeyAndCertificate() || isInterrupted()) {
            return Optional.empty();
        }
        if (current.problem().isPresent()) {
            // Another process may have taken other files into use between the two that were read.
            if (isInterrupted()) {
                return Optional.empty();
            }
            Optional<String> problem = current.problem();
            if (problem.isPresent()) {
                throw new IOException(
                        problem.get() + ": put the right files there, or provision with reprovision=true");
            }
        }
        // Someone may have put another certificate there, so its id is computed.
        return Optional.of(new StoredIdentity(
                CertificateId.of(current.certificate()),
                current.certificate(),
                current.privateKey(),
                current.describe().flatMap(IdentityFiles::thing)));
    }

    /** Returns whether a crash has interrupted {@link #commit}, between which the files do not belong together. */
    private boolean isInterrupted() throws IOException {
        return pending.describe().map(json -> json.path(PROVEN).asBoolean()).orElse(false);
    }

    /**
     * Creates the directory if there is none, locks it, deletes or finishes what a crash has interrupted, and checks that
     * there is room for another identity.
     *
     * @throws DirectoryInUseException if it is locked already
     */
    public void open() throws IOException {
        OwnerOnlyFiles.createDirectories(directory);
        requireOwnName();
        lock();
        OwnerOnlyFiles.deleteTemporaryFiles(directory);
        Optional<ObjectNode> description = pending.describe();
        if (description.isPresent() && isInterrupted()) {
            finishCommit(description.get());
        } else if (description.isEmpty()) {
            OwnerOnlyFiles.requireRoom(directory, ROOM);
        }
    }

    /** On a file system that ignores case, serial numbers that differ by case only name the same directory. */
    private void requireOwnName() throws IOException {
        if (namesDevice && Files.exists(directory)) {
            String given = directory.getFileName().toString();
            String real = directory.toRealPath().getFileName().toString();
            if (!real.equals(given) && real.equalsIgnoreCase(given)) {
                throw new IOException("The directory " + directory + " is that of the device " + real
                        + ", because the file system ignores case: give serial numbers that differ by more than case,"
                        + " or another identityDirectory");
            }
        }
    }

    private void lock() throws IOException {
        if (lock == null) {
            lock = ExclusiveLock.tryLock(directory.resolve(LOCK))
                    .orElseThrow(() -> new DirectoryInUseException(directory));
        }
    }

    /**
     * Returns the certificate that an earlier run has stored and not taken into use. One that does not belong to its key
     * is of no use and counts as missing.
     */
    public Optional<PendingCertificate> pending() throws IOException {
        Optional<ObjectNode> description = pending.describe();
        if (description.isEmpty() || !pending.hasKeyAndCertificate()) {
            return Optional.empty();
        }
        Optional<String> problem = pending.problem();
        if (problem.isPresent()) {
            LOG.warn("{}. They will be replaced", problem.get());
            return Optional.empty();
        }
        ObjectNode json = description.get();
        return Optional.of(new PendingCertificate(
                IdentityFiles.certificateId(json), json.path(TOKEN).asText(), age(json), IdentityFiles.thing(json)));
    }

    private Duration age(ObjectNode description) {
        try {
            return Duration.between(Instant.parse(description.path(CREATED).asText()), clock.instant());
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    /**
     * Stores a certificate that is not registered yet. When this method returns, certificate and key are on the disk.
     *
     * @param privateKeyPem the key of the certificate
     */
    public void store(CreatedCertificate created, String privateKeyPem) throws IOException {
        pending.delete();
        pending.writeKey(privateKeyPem);
        pending.writeCertificate(created.certificatePem());
        pending.describe(IdentityFiles.description(created.certificateId(), Optional.empty())
                .put(TOKEN, created.ownershipToken())
                .put(CREATED, clock.instant().toString()));
    }

    /** Stores the thing that the pending certificate was registered for. */
    public void record(RegisteredThing thing) throws IOException {
        ObjectNode description = description();
        description.setAll(IdentityFiles.description(IdentityFiles.certificateId(description), Optional.of(thing)));
        pending.describe(description);
    }

    /** Takes the pending certificate into use. */
    public StoredIdentity commit() throws IOException {
        ObjectNode description = description().put(PROVEN, true);
        description.remove(TOKEN);
        pending.describe(description);
        finishCommit(description);
        return identity().orElseThrow(() -> new IOException("The directory " + directory + " lost its files"));
    }

    private void finishCommit(ObjectNode description) throws IOException {
        pending.moveTo(current);
        current.describe(
                IdentityFiles.description(IdentityFiles.certificateId(description), IdentityFiles.thing(description)));
        Files.deleteIfExists(pending.description());
    }

    private ObjectNode description() throws IOException {
        return pending.describe()
                .orElseThrow(() -> new IOException("Someone has deleted the file " + pending.description()));
    }

    /** Unlocks the directory. */
    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
