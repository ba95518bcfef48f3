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
package io.cameliot.testinfra.awsiot.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * RFC 3986 percent encoding. The JDK's {@code URLEncoder} and {@code URLDecoder} are for HTML forms, where {@code +}
 * means a space; in a signature and in a topic it is a plus sign.
 */
public final class UriEncoding {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UriEncoding() {}

    /**
     * Encodes all characters except the unreserved ones.
     *
     * @param text any text
     * @return its UTF-8 bytes, encoded
     */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() * 2);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    /**
     * Decodes percent-encoded octets and leaves the rest unchanged.
     *
     * @param encoded any text
     * @return the decoded text
     * @throws IllegalArgumentException if two hexadecimal digits do not follow a {@code %}
     */
    public static String decode(String encoded) {
        byte[] octets = encoded.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(octets.length);
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] != '%') {
                decoded.write(octets[i]);
            } else if (i + 2 < octets.length) {
                decoded.write(HexFormat.fromHexDigit(octets[i + 1]) << 4 | HexFormat.fromHexDigit(octets[i + 2]));
                i += 2;
            } else {
                throw new IllegalArgumentException("Incomplete percent encoding at the end of the text");
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /**
     * Splits a query string.
     *
     * @param query {@code name=value&…}, encoded; may be empty
     * @return its parameters, decoded, in order
     */
    public static Stream<Parameter> parameters(String query) {
        return Stream.of(query.split("&")).filter(pair -> !pair.isEmpty()).map(pair -> {
            int equals = pair.indexOf('=');
            return equals < 0
                    ? new Parameter(decode(pair), "")
                    : new Parameter(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        });
    }

    /**
     * A parameter of a query string.
     *
     * @param name the name, decoded
     * @param value the value, decoded; empty without {@code =}
     */
    public record Parameter(String name, String value) {}
}
