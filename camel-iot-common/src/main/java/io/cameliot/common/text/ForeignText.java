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

/**
 * Escapes text from outside (from a server, a proxy, a message or a file) for messages and logs. The result cannot
 * start a new line, control a terminal, change the direction of the surrounding text, or flood the log.
 */
public final class ForeignText {

    private static final int MAX_LENGTH = 200;

    private ForeignText() {}

    /**
     * Returns the text as {@link #escaped} does, cut off with an ellipsis after 200 characters.
     *
     * @param text null is shown as {@code null}
     */
    public static String shown(String text) {
        return escaped(String.valueOf(text), MAX_LENGTH);
    }

    /**
     * Returns the whole text with Java escapes ({@code \n}, {@code \u001b}) for control and format characters (among
     * them those that set the text direction), line and paragraph separators, lone surrogates and unassigned code
     * points. Escapes that the text already contains stay unchanged.
     *
     * @param text may be null
     * @return null for null
     */
    public static String escaped(String text) {
        return text == null ? null : escaped(text, Integer.MAX_VALUE);
    }

    private static String escaped(String text, int limit) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), limit) + 1);
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            int before = shown.length();
            if (isHarmless(codePoint)) {
                shown.appendCodePoint(codePoint);
            } else {
                escape(codePoint, shown);
            }
            if (shown.length() > limit) {
                shown.setLength(before);
                return shown.append('…').toString();
            }
        }
        return shown.toString();
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static void escape(int codePoint, StringBuilder shown) {
        switch (codePoint) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> {
                for (char unit : Character.toChars(codePoint)) {
                    shown.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        shown.append(Character.forDigit(unit >> shift & 0xF, 16));
                    }
                }
            }
        }
    }
}
