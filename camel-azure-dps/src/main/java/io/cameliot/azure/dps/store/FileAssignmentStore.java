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
package io.cameliot.azure.dps.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.azure.dps.wire.DpsJson;
import io.cameliot.common.file.OwnerOnlyFiles;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores assignments in a directory, one JSON file per device. Only the owner can read the files if the file system
 * supports POSIX permissions. A file is replaced by an atomic move where the file system supports it, so that neither a
 * crash leaves a partial file nor another process reads one. An unreadable file is logged and ignored: the device
 * registers again, which replaces the file.
 */
public final class FileAssignmentStore implements AssignmentStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileAssignmentStore.class);

    private final String location;
    private final Path directory;

    private FileAssignmentStore(String location, Path directory) {
        this.location = location;
        this.directory = directory;
    }

    /**
     * Checks the text of the option. It does not access the directory.
     *
     * @param location {@code file:} and the path of a directory, or {@code null}
     * @throws IllegalArgumentException if the text has another form
     */
    public static void check(String location) {
        if (location != null) {
            directory(location);
        }
    }

    /**
     * Opens a directory and creates it if it does not exist.
     *
     * @param location {@code file:} and the path of a directory
     * @throws IllegalArgumentException if the text has another form, or the directory can't be created or written to
     */
    public static FileAssignmentStore open(String location) {
        Path directory = directory(location);
        try {
            OwnerOnlyFiles.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw invalid(location, "it is a file; name a directory", e);
        } catch (IOException e) {
            throw invalid(location, "the directory can't be made (" + e + ")", e);
        }
        if (!Files.isWritable(directory)) {
            throw invalid(location, "the directory can't be written to", null);
        }
        return new FileAssignmentStore(location, directory);
    }

    private static Path directory(String location) {
        if (!location.startsWith("file:") || location.length() == "file:".length()) {
            throw invalid(location, "allowed is file: and the path of a directory", null);
        }
        try {
            return location.startsWith("file:///")
                    ? Path.of(URI.create(location))
                    : Path.of(location.substring("file:".length()));
        } catch (InvalidPathException e) {
            throw invalid(location, "it is no path", e);
        } catch (IllegalArgumentException e) {
            throw invalid(location, "it is no file: URI", e);
        }
    }

    private static IllegalArgumentException invalid(String location, String reason, Exception cause) {
        return new IllegalArgumentException("Option assignmentStore=" + location + ": " + reason + ".", cause);
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public Optional<StoredAssignment> load(String idScope, String registrationId) {
        Path file = file(idScope, registrationId);
        try {
            JsonNode json = DpsJson.read(Files.readAllBytes(file));
            if (!isAssignment(json, idScope, registrationId)) {
                throw new IOException("it does not hold the assignment of " + registrationId);
            }
            return Optional.of(new StoredAssignment(
                    json.path("operationId").asText(),
                    json.path("credentialOption").asText(),
                    (ObjectNode) json.get("registrationState")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn(
                    "The assignment in {} can't be read ({}): the device {} will be registered again",
                    file,
                    ForeignText.shown(e.toString()),
                    registrationId);
            return Optional.empty();
        }
    }

    @Override
    public Optional<Instant> savedAt(String idScope, String registrationId) {
        try {
            return Optional.of(
                    Files.getLastModifiedTime(file(idScope, registrationId)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isAssignment(JsonNode json, String idScope, String registrationId) {
        JsonNode state = json.path("registrationState");
        return json.path("idScope").asText().equals(idScope)
                && json.path("registrationId").asText().equalsIgnoreCase(registrationId)
                && state.path("assignedHub").isTextual()
                && state.path("deviceId").isTextual();
    }

    @Override
    public void save(String idScope, String registrationId, StoredAssignment assignment) throws IOException {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("idScope", idScope)
                .put("registrationId", registrationId)
                .put("operationId", assignment.operationId())
                .put("credentialOption", assignment.credentialOption())
                .set("registrationState", assignment.registrationState());
        OwnerOnlyFiles.replace(
                file(idScope, registrationId), DpsJson.write(json).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the file of a device. Registration ids are case-insensitive; of their characters only the colon is not
     * allowed in the file names of every operating system.
     */
    private Path file(String idScope, String registrationId) {
        return directory.resolve(
                idScope + "_" + registrationId.toLowerCase(Locale.ROOT).replace(':', '=') + ".json");
    }
}
