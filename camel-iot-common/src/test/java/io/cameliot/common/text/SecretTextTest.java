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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\r", "\n\n"})
    void removesTheLineEndsOfAFile(String lineEnds) {
        assertThat(SecretText.of("token", " s3cr et " + lineEnds)).isEqualTo(" s3cr et ");
    }

    @Test
    void returnsNullForNull() {
        assertThat(SecretText.of("token", null)).isNull();
        assertThat(SecretText.forHeader("token", null)).isNull();
        assertThat(SecretText.withoutSpaces("token", null, text -> true)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr\net", "\ns3cret", "s3c\u0000ret", "s3cret\t", "s3c\u007fret", "s3c\u0085ret"})
    void namesTheOptionWhenItRefusesControlCharacters(String secret) {
        for (BinaryOperator<String> kind : new BinaryOperator[] {
            (BinaryOperator<String>) SecretText::of,
            (BinaryOperator<String>) SecretText::forHeader,
            (BinaryOperator<String>) (option, text) -> SecretText.withoutSpaces(option, text, whole -> true)
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kind.apply("token", secret))
                    .withMessageContaining("Option token holds control characters")
                    .withMessageNotContaining("s3c");
        }
    }

    /** Texts of eight characters count as whole. */
    @ParameterizedTest
    @CsvSource({
        "'ab cdefg', ab+cdefg",
        "'ab  cdef', ab++cdef",
        "'abcdefg ', abcdefg+",
        "' bcdefg ', +bcdefg+",
        "'abcdefgh ', abcdefgh",
        "'  abcd fgh  ', abcd+fgh",
        "'ab c', ab+c",
    })
    void readsUnambiguousSpacesAsPlusSigns(String given, String meant) {
        assertThat(SecretText.withoutSpaces("secretKey", given, text -> text.length() == 8))
                .isEqualTo(meant);
        assertThat(SecretText.withoutSpaces("secretKey", given + "\r\n", text -> text.length() == 8))
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3c ", " s3c", " s3c  "})
    void refusesAnAmbiguousSpaceAtEitherEnd(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretText.withoutSpaces("secretKey", secret, text -> text.length() == 8))
                .withMessageContaining("Option secretKey begins or ends with a space")
                .withMessageContaining("a plus sign is read as a space: write the secret as RAW(...)")
                .withMessageNotContaining("s3c");
    }

    @ParameterizedTest
    @CsvSource({
        "'s3cret ', begins or ends with a space",
        "' s3cret', begins or ends with a space",
        "s3crét, other than ASCII",
    })
    void refusesTextThatAHeaderWouldChange(String secret, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretText.forHeader("token", secret))
                .withMessageContaining("Option token ")
                .withMessageContaining(reason)
                .withMessageNotContaining("s3cr");
        assertThat(SecretText.forHeader("token", "Bearer a+b/c=\n")).isEqualTo("Bearer a+b/c=");
    }
}
