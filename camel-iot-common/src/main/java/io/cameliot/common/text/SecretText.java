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
 * Takes secrets as they were meant from options: without the line end of the file that they come from, and with the plus
 * signs that Camel reads as spaces in a URI. What cannot be meant is refused by the option's name. No message holds a
 * secret.
 */
public final class SecretText {

    private static final String ADVICE =
            " (value not shown). In a URI a plus sign is read as a space: write the secret as RAW(...)";

    private SecretText() {}

    /**
     * The secret without line ends behind it.
     *
     * @param value null stays null
     * @throws IllegalArgumentException if there is a control character in it
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
     * The secret, in which no space can be meant: one between other characters was a plus sign, and one at an end was
     * that, or came with the secret from a file.
     *
     * @param value null stays null
     * @param whole whether a text can be the whole secret, which tells the two apart
     * @throws IllegalArgumentException if there is a control character in it, or it begins or ends with a space of which
     *     nobody can say what it was
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

    /** Whether a text can be the whole of what is encoded in base64 with padding, by its length. */
    public static boolean isPaddedBase64(String text) {
        return text.length() % 4 == 0;
    }

    /**
     * The secret, which an HTTP header can carry as it is.
     *
     * @param value null stays null
     * @throws IllegalArgumentException if there is a control character in it or one that is not ASCII, or it begins or
     *     ends with a space, which a header loses
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
