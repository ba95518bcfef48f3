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
package io.cameliot.common.text;

import java.util.HexFormat;

/** Shows text that comes from outside (a server, a proxy, a file, a message) in logs and exceptions. */
public final class ForeignText {

    private static final HexFormat HEX = HexFormat.of();

    /** So much of a text is shown, in characters of the original. */
    static final int MAX_LENGTH = 200;

    private ForeignText() {}

    /**
     * The text, so that it cannot pretend to be another line, move the cursor or reorder what stands around it: control
     * and format characters, line and paragraph separators and unpaired surrogates are written as Java escapes, and what
     * is longer than 200 characters ends with an ellipsis.
     *
     * @return null for null
     */
    public static String shown(String text) {
        if (text == null) {
            return null;
        }
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 1);
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int character = text.codePointAt(i);
            next = i + Character.charCount(character);
            if (next > MAX_LENGTH) {
                return shown.append('…').toString();
            }
            append(shown, character);
        }
        return shown.toString();
    }

    private static void append(StringBuilder shown, int character) {
        switch (character) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> {
                if (isHarmless(character)) {
                    shown.appendCodePoint(character);
                } else {
                    for (char unit : Character.toChars(character)) {
                        shown.append("\\u").append(HEX.toHexDigits(unit));
                    }
                }
            }
        }
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
