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
package io.cameliot.awsiot.provisioning.fleet;

import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.FilesFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Opened;
import io.cameliot.awsiot.provisioning.flow.StoredIdentity;
import io.cameliot.awsiot.provisioning.identity.DeviceDirectory;
import io.cameliot.awsiot.provisioning.identity.DirectoryInUseException;
import io.cameliot.awsiot.provisioning.wire.CreatedCertificate;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.common.identity.DeviceKeys;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys and files of one provisioning. Each method starts work that may block, after the work before it, and returns
 * at once. All methods are called on one thread.
 */
final class ProvisioningFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningFiles.class);

    private final ProvisioningRequest request;
    private final ClaimRequests certificates;
    private final DeviceDirectory directory;
    private final ProvisioningConnector connector;
    private final Executor io;
    private CompletableFuture<?> latest = CompletableFuture.completedFuture(null);

    /** Made once: if the answer with the certificate is lost, another certificate is asked for with the same key. */
    private volatile Optional<DeviceKeys> keys = Optional.empty();

    ProvisioningFiles(
            ProvisioningRequest request,
            ClaimRequests certificates,
            DeviceDirectory directory,
            ProvisioningConnector connector) {
        this.request = request;
        this.certificates = certificates;
        this.directory = directory;
        this.connector = connector;
        this.io = connector.io();
    }

    /** Work that may block. */
    @FunctionalInterface
    private interface Work<T> {

        T run() throws IOException;
    }

    DeviceDirectory directory() {
        return directory;
    }

    /**
     * Reads the directory. If it holds an identity that will do, nothing is written.
     *
     * @param reprovision whether the identity will not do
     */
    CompletableFuture<Opened> open(boolean reprovision) {
        return next(() -> {
            Optional<StoredIdentity> identity = reprovision ? Optional.empty() : directory.identity();
            if (identity.isPresent()) {
                return new Opened(identity, Optional.empty());
            }
            directory.open();
            return new Opened(reprovision ? Optional.empty() : directory.identity(), directory.pending());
        });
    }

    /** Returns the key that the device makes; empty if AWS makes it. */
    CompletableFuture<Optional<DeviceKeys>> keys() {
        return next(() -> {
            if (keys.isEmpty()) {
                keys = certificates.newKeys(request.serialNumber());
            }
            return keys;
        });
    }

    /** Stores a certificate and its key, and checks that they can be used. */
    CompletableFuture<Void> store(CreatedCertificate created) {
        return next(() -> {
            String privateKey = keys.map(DeviceKeys::privateKeyPem)
                    .or(created::privateKeyPem)
                    .orElseThrow(() -> new IOException("AWS IoT Core sent a certificate without its key"));
            directory.store(created, privateKey);
            try {
                connector.requireUsable(directory);
            } catch (IllegalArgumentException e) {
                throw new IOException("AWS IoT Core sent a certificate that cannot be used: " + e.getMessage(), e);
            }
            return null;
        });
    }

    CompletableFuture<Void> record(RegisteredThing thing) {
        return next(() -> {
            directory.record(thing);
            return null;
        });
    }

    CompletableFuture<StoredIdentity> commit() {
        return next(directory::commit);
    }

    /**
     * Unlocks the directory.
     *
     * @return never completes exceptionally
     */
    CompletableFuture<Void> close() {
        return latest.handle((done, failure) -> {
            try {
                directory.close();
            } catch (IOException e) {
                LOG.warn("The directory of {} could not be unlocked", request, e);
            }
            return null;
        });
    }

    private <T> CompletableFuture<T> next(Work<T> work) {
        CompletableFuture<T> result;
        try {
            result = latest.handleAsync((done, failure) -> run(work), io);
        } catch (RejectedExecutionException e) {
            result = CompletableFuture.failedFuture(e);
        }
        latest = result;
        return result;
    }

    private static <T> T run(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Returns the event of work that failed. */
    static ProvisioningEvent failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        String reason = cause instanceof IOException && cause.getMessage() != null
                ? cause instanceof FileSystemException
                        ? "The identity directory cannot be used (" + cause + "): check option identityDirectory, and"
                                + " that the disk is not full"
                        : cause.getMessage()
                : cause.toString();
        return new FilesFailed(cause instanceof DirectoryInUseException, reason, cause);
    }
}
