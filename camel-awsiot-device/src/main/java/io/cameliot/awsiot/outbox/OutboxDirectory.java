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
package io.cameliot.awsiot.outbox;

import io.cameliot.common.identity.JdkProviders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Determines the directory of one identity's outbox. */
final class OutboxDirectory {

    private static final String SUFFIX = ".outbox";

    /** File systems allow names of 255 bytes, and encoding can triple a client id of 128 bytes. */
    private static final int MAX_PLAIN_LENGTH = 180;

    private OutboxDirectory() {}

    static Path of(Path directory, String clientId) {
        // The encoder keeps letters, digits and "-_.*". Windows does not allow "*" in file names.
        String encoded = URLEncoder.encode(clientId, StandardCharsets.UTF_8).replace("*", "%2A");
        String shortened = encoded.length() <= MAX_PLAIN_LENGTH
                ? encoded
                : encoded.substring(0, MAX_PLAIN_LENGTH) + "-" + digest(clientId);
        return directory.resolve(shortened + SUFFIX).toAbsolutePath();
    }

    private static String digest(String clientId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256", JdkProviders.of("MessageDigest", "SHA-256"))
                    .digest(clientId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
