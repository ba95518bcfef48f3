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

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttTextTest {

    static IntStream forbidden() {
        IntStream controls = IntStream.concat(IntStream.rangeClosed(0, 0x1F), IntStream.rangeClosed(0x7F, 0x9F));
        IntStream nonCharacters = IntStream.concat(
                IntStream.rangeClosed(0xFDD0, 0xFDEF),
                IntStream.rangeClosed(0, 16)
                        .flatMap(plane -> IntStream.of((plane << 16) + 0xFFFE, (plane << 16) + 0xFFFF)));
        return IntStream.concat(controls, nonCharacters);
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void namesControlCharactersAndNonCharacters(int character) {
        assertThat(MqttText.forbiddenCharacter("a/" + Character.toString(character) + "b"))
                .endsWith(String.format("character U+%04X", character));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83Db"})
    void namesUnpairedSurrogates(String text) {
        assertThat(MqttText.forbiddenCharacter(text)).startsWith("an unpaired surrogate U+D");
    }

    @Test
    void findsNoForbiddenCharacterInOrdinaryText() {
        assertThat(MqttText.forbiddenCharacter("")).isNull();
        assertThat(MqttText.forbiddenCharacter(" ~ ünï/温度/\uD83D\uDE00/\u00A0\uFDCF\uFDF0\uFFFD\uE000"))
                .isNull();
    }
}
