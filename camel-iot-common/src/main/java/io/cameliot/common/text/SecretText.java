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

import java.util.function.Predicate;

/**
 * Restores secrets from option values: removes the line end of the file that a secret came from, and turns spaces back
 * into the plus signs from which Camel's URI parser made them. A value that no secret can have is refused with the
 * option's name. No message contains a secret.
 */
public final class SecretText {

    private static final String ADVICE =
            " (value not shown). In a URI a plus sign is read as a space: write the secret as RAW(...)";

    private SecretText() {}

    /**
     * Returns the secret without trailing line ends.
     *
     * @param value null stays null
     * @throws IllegalArgumentException if the secret contains a control character
     */
    public static String of(String option, String value) {
        if (value == null) {
            return null;
        }
        int end = value.length();
        while (end > 0 && (value.charAt(end - 1) == '\n' || value.charAt(end - 1) == '\r')) {
            end--;
        }
        String text = value.substring(0, end);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("Option " + option
                    + " holds control characters (value not shown): copy the secret again, as one line");
        }
        return text;
    }

    /**
     * Returns a secret that can contain no space. A space between other characters was a plus sign; one at either end
     * was a plus sign or came with the secret from a file.
     *
     * @param value null stays null
     * @param whole whether a text can be the whole secret; tells the two cases apart
     * @throws IllegalArgumentException if the secret contains a control character, or begins or ends with a space whose
     *     origin is ambiguous
     */
    public static String withoutSpaces(String option, String value, Predicate<String> whole) {
        String text = of(option, value);
        if (text == null || text.indexOf(' ') < 0) {
            return text;
        }
        String stripped = text.strip();
        if (stripped.length() < text.length() && whole.test(stripped) == whole.test(text)) {
            throw new IllegalArgumentException("Option " + option + " begins or ends with a space" + ADVICE);
        }
        return (whole.test(text) ? text : stripped).replace(' ', '+');
    }

    /** Whether the length of a text is that of complete base64 with padding. */
    public static boolean isPaddedBase64(String text) {
        return text.length() % 4 == 0;
    }

    /**
     * Returns a secret that an HTTP header can carry unchanged.
     *
     * @param value null stays null
     * @throws IllegalArgumentException if the secret contains a control character or a character that is not ASCII, or
     *     begins or ends with a space, which a header would lose
     */
    public static String forHeader(String option, String value) {
        String text = of(option, value);
        if (text == null) {
            return null;
        }
        if (!text.equals(text.strip())) {
            throw new IllegalArgumentException("Option " + option + " begins or ends with a space" + ADVICE);
        }
        if (text.chars().anyMatch(character -> character > '~')) {
            throw new IllegalArgumentException("Option " + option
                    + " holds characters other than ASCII (value not shown), which an HTTP header cannot carry");
        }
        return text;
    }
}
