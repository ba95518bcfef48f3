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
 * Decodes base64 from option values. Accepts the URL alphabet, folded lines, and spaces in place of {@code +}, which is
 * how a URI parser changes a value that is not written as {@code RAW(…)}.
 */
final class Base64Text {

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\r\\n\\t]+");
    private static final int SHORTEST_FOLD = 16;

    private Base64Text() {}

    /**
     * Decodes a text.
     *
     * @return null if the text is not base64 or is truncated
     */
    static byte[] decode(String text) {
        String stripped = text.strip();
        String joined = WHITE_SPACE.matcher(stripped).replaceAll("");
        if (text.indexOf(' ') < 0 || joined.length() % 4 == 0 && isFolded(stripped)) {
            return decodeExactly(joined);
        }
        // A space at either end can also have been a plus sign.
        byte[] bytes = decodeWithPlus(text);
        if (bytes == null) {
            bytes = decodeWithPlus(stripped);
        }
        return bytes != null ? bytes : decodeExactly(joined);
    }

    /** Whether white space divides the text into lines of equal length. Lost plus signs do not. */
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
            // The exception is not kept as a cause: its message quotes the text, which can be a private key.
            return null;
        }
    }
}
