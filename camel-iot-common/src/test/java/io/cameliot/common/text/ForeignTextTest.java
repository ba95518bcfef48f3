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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "ünï 温度 \uD83D\uDE00", "C:\\path", "a\u00A0b"})
    void showsHarmlessTextAsItIs(String text) {
        assertThat(ForeignText.shown(text)).isEqualTo(text);
    }

    static String[][] escapes() {
        return new String[][] {
            {"a\nb\r\tc", "a\\nb\\r\\tc"},
            {"\u001B[31mFAKE LOG", "\\u001b[31mFAKE LOG"},
            {"\0", "\\u0000"},
            {"\u009B31m", "\\u009b31m"},
            {"\u2028x\u2029", "\\u2028x\\u2029"},
            {"\u202Etxt.exe", "\\u202etxt.exe"},
            {"a\uD83Db", "a\\ud83db"},
            {"\uFFFF", "\\uffff"}
        };
    }

    @ParameterizedTest
    @MethodSource("escapes")
    void escapesWhatActsOnAScreenOrALog(String text, String shown) {
        assertThat(ForeignText.shown(text)).isEqualTo(shown);
    }

    @Test
    void endsLongTextWithAnEllipsis() {
        assertThat(ForeignText.shown("x".repeat(200))).isEqualTo("x".repeat(200));
        assertThat(ForeignText.shown("x".repeat(201))).isEqualTo("x".repeat(200) + "…");
        // No half of a pair is left.
        assertThat(ForeignText.shown("x".repeat(199) + "\uD83D\uDE00")).isEqualTo("x".repeat(199) + "…");
    }

    @Test
    void showsNullAsNull() {
        assertThat(ForeignText.shown(null)).isNull();
    }
}
