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
package io.cameliot.common.tls;

import io.cameliot.common.text.ForeignText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/**
 * Reads what the file options name: a plain path, or {@code file:}, {@code classpath:}, {@code base64:}. Every failure
 * is an {@link IllegalArgumentException} that names the option.
 */
final class TlsFiles {

    private static final String BASE64 = "base64:";

    private final CamelContext camelContext;

    TlsFiles(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    byte[] read(String option, String location) {
        try {
            if (location.startsWith(BASE64)) {
                return Base64.getMimeDecoder().decode(location.substring(BASE64.length()));
            }
            if (location.startsWith("file:") || location.startsWith("classpath:")) {
                try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(camelContext, location)) {
                    return in.readAllBytes();
                }
            }
            return Files.readAllBytes(Path.of(location));
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw failure(option, location, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw failure(option, location, "this process may not read it", e);
        } catch (IOException | RuntimeException e) {
            throw failure(option, location, "it cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /** The certificates of what was read. */
    static List<X509Certificate> certificates(String option, String location, byte[] pem) {
        try {
            return PemReader.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw failure(option, location, e.getMessage(), e);
        }
    }

    static IllegalArgumentException failure(String option, String location, String reason, Exception cause) {
        return new IllegalArgumentException(
                ForeignText.escaped("Option " + option + " '" + shown(location) + "': " + reason), cause);
    }

    /** What follows {@code base64:} can be a private key. */
    private static String shown(String location) {
        return location.startsWith(BASE64) ? BASE64 + "…" : location;
    }
}
