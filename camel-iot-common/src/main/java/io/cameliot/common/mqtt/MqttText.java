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
package io.cameliot.common.mqtt;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * UTF-8 encoded strings (MQTT 3.1.1 section 1.5.3): well-formed, without U+0000, at most 65,535 bytes, because two
 * bytes hold the length. Servers may refuse more characters; {@link #forbiddenCharacter} finds them.
 */
public final class MqttText {

    private static final int MAX_BYTES = 65_535;

    private MqttText() {}

    /**
     * Finds a character for which a server must or may close the connection: U+0000, unpaired surrogates, the other
     * control characters and the non-characters of Unicode. Brokers do close it, and a message that is sent again would
     * then end every new connection.
     *
     * @return describes the first such character, as the object of "holds"; null if there is none
     */
    public static String forbiddenCharacter(String text) {
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int character = text.codePointAt(i);
            next = i + Character.charCount(character);
            if (Character.isISOControl(character)) {
                return "the control character " + codePoint(character);
            }
            if (isNonCharacter(character)) {
                return "the non-character " + codePoint(character);
            }
            if (next == i + 1 && Character.isSurrogate(text.charAt(i))) {
                return "an unpaired surrogate " + codePoint(character);
            }
        }
        return null;
    }

    private static boolean isNonCharacter(int character) {
        return (character & 0xFFFE) == 0xFFFE || character >= 0xFDD0 && character <= 0xFDEF;
    }

    private static String codePoint(int character) {
        return String.format(Locale.ROOT, "U+%04X", character);
    }

    /**
     * Encodes a string.
     *
     * @param what names the text in the exception
     * @throws IllegalArgumentException if MQTT cannot carry the text
     */
    public static byte[] encode(String text, String what) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            if (text.indexOf(0) >= 0) {
                throw new IllegalArgumentException("The " + what + " contains U+0000, which MQTT forbids");
            }
            return requireLength(bytes, what);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "The " + what + " contains an unpaired surrogate, which MQTT forbids", e);
        }
    }

    /**
     * Checks the length of binary data (MQTT 5 section 1.5.6), which is limited as that of a string is.
     *
     * @param what names the data in the exception
     * @return the data
     * @throws IllegalArgumentException if it is too long
     */
    public static byte[] requireLength(byte[] data, String what) {
        if (data.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "The " + what + " has " + data.length + " bytes: MQTT allows " + MAX_BYTES);
        }
        return data;
    }
}
