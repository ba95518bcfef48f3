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
package io.cameliot.common.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64TextTest {

    private static final Random RANDOM = new Random(12);

    @Test
    void decodesTextOfAnyLengthInEveryFormOfAnOption() {
        for (int length = 1; length < 600; length++) {
            byte[] bytes = new byte[length];
            RANDOM.nextBytes(bytes);
            String text = Base64.getEncoder().encodeToString(bytes);

            assertThat(Base64Text.decode(text)).isEqualTo(bytes);
            assertThat(Base64Text.decode(text.replace('+', ' '))).as(text).isEqualTo(bytes);
            assertThat(Base64Text.decode(text + "\n")).isEqualTo(bytes);
            assertThat(Base64Text.decode(Base64.getUrlEncoder().encodeToString(bytes)))
                    .isEqualTo(bytes);
            assertThat(Base64Text.decode(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)))
                    .isEqualTo(bytes);
            String folded = Base64.getMimeEncoder().encodeToString(bytes);
            assertThat(Base64Text.decode(folded)).isEqualTo(bytes);
            assertThat(Base64Text.decode(folded.replace("\r\n", " "))).isEqualTo(bytes);
            assertThat(Base64Text.decode(folded.replace("\r\n", "\n        "))).isEqualTo(bytes);
            assertThat(Base64Text.decode(folded.replace('+', ' '))).as(folded).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"++++", "AA+A", "+AAA", "AAA+", "+A+=", "ab++", "++8="})
    void decodesTextWithAPlusSignAtAnyPosition(String text) {
        assertThat(Base64Text.decode(text.replace('+', ' ')))
                .isEqualTo(Base64.getDecoder().decode(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  ", "A", "AAAAA", "AA=A", "pass:word", "AAAA*AAA", "{{key}}", "AAA\u00e9", "AAAA AAA AA"})
    void returnsNullForTextThatIsNotBase64(String text) {
        assertThat(Base64Text.decode(text)).isNull();
    }
}
