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

import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Base64 as it stands in options: also the alphabet for URLs, folded into lines, and with each {@code +} turned into a
 * space, which is what a URI does to it unless it is written {@code RAW(…)}.
 */
final class Base64Text {

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\r\\n\\t]+");
    private static final int SHORTEST_FOLD = 16;

    private Base64Text() {}

    /** @return null if the text is no base64, or is cut */
    static byte[] decode(String text) {
        String stripped = text.strip();
        String joined = WHITE_SPACE.matcher(stripped).replaceAll("");
        if (text.indexOf(' ') < 0 || joined.length() % 4 == 0 && isFolded(stripped)) {
            return decodeExactly(joined);
        }
        // Spaces at either end can have been plus signs as well.
        byte[] bytes = decodeWithPlus(text);
        if (bytes == null) {
            bytes = decodeWithPlus(stripped);
        }
        return bytes != null ? bytes : decodeExactly(joined);
    }

    /** Lost plus signs do not divide a text into lines of one length. */
    private static boolean isFolded(String text) {
        String[] lines = WHITE_SPACE.split(text);
        int length = lines[0].length();
        return lines.length > 1
                && length >= SHORTEST_FOLD
                && length % 4 == 0
                && lines[lines.length - 1].length() <= length
                && Arrays.stream(lines, 0, lines.length - 1).allMatch(line -> line.length() == length);
    }

    private static byte[] decodeWithPlus(String text) {
        String whole = LINE_BREAKS.matcher(text).replaceAll("").replace(' ', '+');
        return whole.length() % 4 == 0 ? decodeExactly(whole) : null;
    }

    private static byte[] decodeExactly(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
            return bytes.length == 0 ? null : bytes;
        } catch (IllegalArgumentException e) {
            // Not kept as a cause: its message quotes the text, which can be a private key.
            return null;
        }
    }
}
