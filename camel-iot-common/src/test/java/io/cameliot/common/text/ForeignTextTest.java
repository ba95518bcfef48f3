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

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Forbidden",
                "größer, 温度, \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
                "C:\\new\\table",
                "\uD83D\uDE00 of two units"
            })
    void leavesReadableTextUnchanged(String text) {
        assertThat(ForeignText.shown(text)).isEqualTo(text);
        assertThat(ForeignText.escaped(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028,
                0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xD800, 0xDFFF, 0xFEFF
            })
    void escapesCharactersThatControlATerminalOrLines(int character) {
        String escape = String.format(Locale.ROOT, "\\u%04x", character);

        assertThat(ForeignText.shown("a" + (char) character + "b")).isEqualTo("a" + escape + "b");
    }

    @Test
    void escapesLineEndsAndTabsByTheirLetters() {
        assertThat(ForeignText.shown("a\r\n\t\u001b[31mb")).isEqualTo("a\\r\\n\\t\\u001b[31mb");
    }

    @Test
    void escapesACharacterOfTwoUnits() {
        assertThat(ForeignText.shown("\uDB40\uDC01")).isEqualTo("\\udb40\\udc01");
    }

    @Test
    void leavesEscapesUnchanged() {
        String once = ForeignText.escaped("a\n\u001bb");

        assertThat(ForeignText.escaped(once)).isEqualTo(once);
    }

    @Test
    void cutsOffAfter200CharactersAndNeverWithinOne() {
        assertThat(ForeignText.shown("x".repeat(200))).isEqualTo("x".repeat(200));
        assertThat(ForeignText.shown("x".repeat(201))).isEqualTo("x".repeat(200) + "…");
        assertThat(ForeignText.shown("x".repeat(199) + "\uD83D\uDE00")).isEqualTo("x".repeat(199) + "…");
        assertThat(ForeignText.shown("x".repeat(197) + "\u001b")).isEqualTo("x".repeat(197) + "…");
        assertThat(ForeignText.shown("\u0000".repeat(100_000))).hasSize(33 * 6 + 1);
        assertThat(ForeignText.escaped("x".repeat(201))).hasSize(201);
    }

    @Test
    void showsNullAsText() {
        assertThat(ForeignText.shown(null)).isEqualTo("null");
        assertThat(ForeignText.escaped(null)).isNull();
    }
}
