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
package io.cameliot.common.identity;

import io.cameliot.common.text.ForeignText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/**
 * Reads the content that the file options name: a plain path, {@code file:}, {@code classpath:} or {@code base64:}.
 * Every failure is an {@link IllegalArgumentException} that names the option.
 */
final class TlsFiles {

    private static final String BASE64 = "base64:";
    private static final String PEM = "-----BEGIN ";
    private static final Set<String> RESOURCES = Set.of("file:", "classpath:");

    /** Base64 of the shortest private key has about 90 characters. Paths of only these are rare. */
    private static final Pattern CONTENT = Pattern.compile("[A-Za-z0-9+/=\\s]{80,}");

    /** At least two letters: one letter is a Windows drive. */
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+:).*", Pattern.DOTALL);

    private final CamelContext camelContext;

    TlsFiles(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** Whether the option contains the content itself, which therefore never changes. */
    static boolean isInline(String location) {
        return BASE64.equals(scheme(location));
    }

    /**
     * Checks an option without reading a file.
     *
     * @param location null if the option is not set
     * @throws IllegalArgumentException if the location is invalid
     */
    static void check(String option, String location) {
        if (location == null) {
            return;
        }
        if (location.isBlank()) {
            throw new IllegalArgumentException("Option " + option + " is missing: it is empty");
        }
        if (location.contains(PEM)) {
            throw new IllegalArgumentException(
                    "Option " + option + " holds PEM text (value not shown): give the path of"
                            + " a file that holds it, or base64: and the text in base64");
        }
        String scheme = scheme(location);
        if (BASE64.equals(scheme)) {
            decode(option, location);
        } else if (scheme != null && !RESOURCES.contains(scheme)) {
            throw failure(
                    option, location, scheme + " is not supported: give a path, or file:, classpath: or base64:", null);
        }
    }

    byte[] read(String option, String location) {
        check(option, location);
        String scheme = scheme(location);
        if (BASE64.equals(scheme)) {
            return decode(option, location);
        }
        try {
            if (scheme != null) {
                String resource = scheme + location.substring(scheme.length());
                try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(camelContext, resource)) {
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

    /**
     * Identifies contents, so that changes can be detected without keeping, for example, a private key in memory.
     *
     * @return SHA-256 of the contents with their lengths, as hexadecimal digits
     */
    static String fingerprint(byte[]... contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256", JdkProviders.of("MessageDigest", "SHA-256"));
            for (byte[] content : contents) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
                digest.update(content);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static byte[] decode(String option, String location) {
        byte[] content = Base64Text.decode(location.substring(BASE64.length()));
        if (content == null) {
            throw failure(
                    option,
                    location,
                    "what follows base64: is no base64 text (not shown): copy the whole of it, and write it RAW(base64:…)"
                            + " in a URI",
                    null);
        }
        return content;
    }

    /** Returns the scheme in lower case with its colon; null for a path. */
    private static String scheme(String location) {
        Matcher matcher = SCHEME.matcher(location);
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
    }

    /** Parses the content of an option. */
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

    /** Hides content, which can be a private key: that after {@code base64:}, and that which lacks it. */
    private static String shown(String location) {
        if (isInline(location)) {
            return BASE64 + "…";
        }
        return CONTENT.matcher(location).matches() ? "… (value not shown: it may be a key without base64:)" : location;
    }
}
