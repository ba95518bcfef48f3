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
package io.cameliot.testinfra.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A payload for readers: text if it is UTF-8 without control characters, otherwise hexadecimal digits. */
final class PayloadText {
    private PayloadText() {}

    /**
     * Shows the beginning of a payload.
     *
     * @param payload the payload
     * @param most the most characters
     * @return one line
     */
    static String of(byte[] payload, int most) {
        String all = isText(payload)
                ? new String(payload, StandardCharsets.UTF_8).replaceAll("\\s+", " ")
                : "0x" + HexFormat.of().formatHex(payload.length > most ? Arrays.copyOf(payload, most) : payload);
        return all.length() > most ? all.substring(0, most) + "…" : all;
    }

    private static boolean isText(byte[] payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .chars()
                    .noneMatch(character -> Character.isISOControl(character) && !Character.isWhitespace(character));
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
