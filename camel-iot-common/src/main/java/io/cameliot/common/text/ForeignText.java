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
 * Shows text that comes from outside, from a server, a proxy, a message or a file, in messages and logs: it can neither
 * begin a line of its own, nor steer a terminal, nor turn the direction of what is written around it, nor fill the log.
 */
public final class ForeignText {

    private static final int MAX_LENGTH = 200;

    private ForeignText() {}

    /**
     * The text as {@link #escaped}, cut off after 200 characters with an ellipsis.
     *
     * @param text null is shown as {@code null}
     */
    public static String shown(String text) {
        return escaped(String.valueOf(text), MAX_LENGTH);
    }

    /**
     * The text whole, with control and format characters (among them those for the direction of text), line and paragraph
     * separators, lone surrogates and what is no character as the escapes of Java: {@code \n}, {@code \u001b}. What is escaped already stays as
     * it is.
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
