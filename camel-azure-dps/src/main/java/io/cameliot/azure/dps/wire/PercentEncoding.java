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
package io.cameliot.azure.dps.wire;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Percent-encoding as RFC 3986 defines it: all characters except letters, digits, {@code -}, {@code .}, {@code _} and
 * {@code ~} are encoded, a space as {@code %20}; a {@code +} in encoded text is a plus sign.
 */
public final class PercentEncoding {

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}");

    private PercentEncoding() {}

    /** Encodes with upper-case hexadecimal digits, as RFC 3986 section 2.1 recommends. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Encodes with lower-case hexadecimal digits, as the DPS documentation asks for resource URIs. */
    public static String encodeLowerCase(String text) {
        return ESCAPE.matcher(encode(text)).replaceAll(match -> match.group().toLowerCase(Locale.ROOT));
    }

    /**
     * Decodes percent-encoded text.
     *
     * @throws IllegalArgumentException if an escape is incomplete or contains characters that are not hexadecimal
     *     digits
     */
    public static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
