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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.file.OwnerOnlyFiles;
import io.cameliot.common.identity.PemIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate, its key and what is known about them, as three files of a directory.
 *
 * @param certificate the certificate as PEM
 * @param privateKey its key as PEM
 * @param description a JSON object
 */
record IdentityFiles(Path certificate, Path privateKey, Path description) {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityFiles.class);

    /** What the names of the files begin with while the certificate is not in use yet. */
    static final String PENDING = "pending-";

    private static final String CERTIFICATE_FILE = "certificate.pem";
    private static final String PRIVATE_KEY_FILE = "private-key.pem";
    private static final String DESCRIPTION_FILE = "identity.json";

    private static final String CERTIFICATE_ID = "certificateId";
    private static final String THING_NAME = "thingName";
    private static final String CONFIGURATION = "deviceConfiguration";

    /**
     * Returns the files of a directory.
     *
     * @param prefix what their names begin with
     */
    static IdentityFiles in(Path directory, String prefix) {
        return new IdentityFiles(
                directory.resolve(prefix + CERTIFICATE_FILE),
                directory.resolve(prefix + PRIVATE_KEY_FILE),
                directory.resolve(prefix + DESCRIPTION_FILE));
    }

    /** Returns whether a file of a device has this name, where the file system ignores case too. */
    static boolean isName(String name) {
        return Stream.of(CERTIFICATE_FILE, PRIVATE_KEY_FILE, DESCRIPTION_FILE)
                .anyMatch(file -> name.equalsIgnoreCase(file) || name.equalsIgnoreCase(PENDING + file));
    }

    boolean hasKeyAndCertificate() {
        return Files.isRegularFile(certificate) && Files.isRegularFile(privateKey);
    }

    /**
     * Checks that key and certificate belong together.
     *
     * @return what is wrong with them; empty if nothing is
     */
    Optional<String> problem() throws IOException {
        return PemIdentity.problem(certificate, privateKey)
                .map(problem -> "The files " + certificate + " and " + privateKey.getFileName()
                        + " are no certificate with its key: " + problem);
    }

    /**
     * Reads the description.
     *
     * @return empty if there is none, or if it is no JSON object
     */
    Optional<ObjectNode> describe() throws IOException {
        try {
            JsonNode json = ServiceJson.readOrNull(Files.readAllBytes(description));
            if (json instanceof ObjectNode object) {
                return Optional.of(object);
            }
            LOG.warn("The file {} is damaged and counts as missing, because it holds no JSON object", description);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void describe(ObjectNode content) throws IOException {
        OwnerOnlyFiles.replace(description, ServiceJson.write(content));
    }

    void writeKey(String pem) throws IOException {
        OwnerOnlyFiles.replace(privateKey, pem.getBytes(StandardCharsets.US_ASCII));
    }

    void writeCertificate(String pem) throws IOException {
        OwnerOnlyFiles.replace(certificate, pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Gives key and certificate the names of other files. A file that has its new name already is left out. */
    void moveTo(IdentityFiles other) throws IOException {
        if (Files.exists(privateKey)) {
            OwnerOnlyFiles.rename(privateKey, other.privateKey);
        }
        if (Files.exists(certificate)) {
            OwnerOnlyFiles.rename(certificate, other.certificate);
        }
    }

    /** Deletes the files; first the description, without which the others do not count. */
    void delete() throws IOException {
        Files.deleteIfExists(description);
        Files.deleteIfExists(certificate);
        Files.deleteIfExists(privateKey);
    }

    static ObjectNode description(String certificateId, Optional<RegisteredThing> thing) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put(CERTIFICATE_ID, certificateId);
        thing.ifPresent(registered -> {
            json.put(THING_NAME, registered.name());
            ObjectNode configuration = json.putObject(CONFIGURATION);
            registered.configuration().forEach(configuration::put);
        });
        return json;
    }

    static String certificateId(ObjectNode description) {
        return description.path(CERTIFICATE_ID).asText();
    }

    static Optional<RegisteredThing> thing(ObjectNode description) {
        Map<String, String> configuration = new LinkedHashMap<>();
        description
                .path(CONFIGURATION)
                .properties()
                .forEach(entry ->
                        configuration.put(entry.getKey(), entry.getValue().asText()));
        return Optional.ofNullable(description.path(THING_NAME).textValue())
                .map(name -> new RegisteredThing(name, configuration));
    }
}
