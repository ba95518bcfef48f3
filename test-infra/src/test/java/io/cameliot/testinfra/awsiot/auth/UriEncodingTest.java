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
package io.cameliot.testinfra.awsiot.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.awsiot.auth.UriEncoding.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriEncodingTest {
    @ParameterizedTest
    @CsvSource({
        "a/b c, a%2Fb%20c",
        "-._~aZ09, -._~aZ09",
        "1+1=2, 1%2B1%3D2",
        "ü€, %C3%BC%E2%82%AC",
        "100%, 100%25",
        "a*b, a%2Ab"
    })
    void encodesAllExceptUnreservedCharacters(String text, String encoded) {
        assertThat(UriEncoding.encode(text)).isEqualTo(encoded);
        assertThat(UriEncoding.decode(encoded)).isEqualTo(text);
    }

    @Test
    void keepsAPlusSignWhenDecoding() {
        assertThat(UriEncoding.decode("a+b")).isEqualTo("a+b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%1", "a%zz"})
    void refusesIncompleteEncoding(String encoded) {
        assertThatThrownBy(() -> UriEncoding.decode(encoded)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void splitsAQuery() {
        assertThat(UriEncoding.parameters("a=1&b&c=x%3Dy=z&&d="))
                .containsExactly(
                        new Parameter("a", "1"),
                        new Parameter("b", ""),
                        new Parameter("c", "x=y=z"),
                        new Parameter("d", ""));
        assertThat(UriEncoding.parameters("")).isEmpty();
    }
}
