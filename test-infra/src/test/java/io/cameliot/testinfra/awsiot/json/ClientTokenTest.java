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
package io.cameliot.testinfra.awsiot.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTokenTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"{'clientToken':'t'}|t", "{'clientToken':'','a':1}|\"\"", "{'clientToken':'ü'}|ü"})
    void readsTheToken(String request, String token) {
        ObjectNode json = StrictJson.read(json(request));

        assertThat(ClientToken.isAllowed(json)).isTrue();
        assertThat(ClientToken.of(json)).contains(token);
        assertThat(ClientToken.of(json(request).getBytes(StandardCharsets.UTF_8)))
                .contains(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{'token':'t'}"})
    void doesNotRequireAToken(String request) {
        assertThat(ClientToken.isAllowed(StrictJson.read(json(request)))).isTrue();
        assertThat(ClientToken.of(StrictJson.read(json(request)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'clientToken':7}", "{'clientToken':null}", "{'clientToken':{}}"})
    void doesNotAllowATokenThatIsNotText(String request) {
        assertThat(ClientToken.isAllowed(StrictJson.read(json(request)))).isFalse();
        assertThat(ClientToken.of(StrictJson.read(json(request)))).isEmpty();
    }

    @Test
    void allows64BytesOfUtf8() {
        String longest = "ü".repeat(32);

        assertThat(ClientToken.of(StrictJson.object().put("clientToken", longest)))
                .contains(longest);
        assertThat(ClientToken.isAllowed(StrictJson.object().put("clientToken", longest + "x")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'clientToken':", "['clientToken']", "t"})
    void readsNoTokenOfTextThatIsNotAnObject(String request) {
        assertThat(ClientToken.of(json(request).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void echoesTheTokenIfThereIsOne() {
        ObjectNode answer = ClientToken.echo(StrictJson.object(), Optional.of("t"));
        assertThat(answer).isEqualTo(StrictJson.read("{\"clientToken\":\"t\"}"));
        assertThat(ClientToken.echo(StrictJson.object(), Optional.empty())).isEmpty();

        ClientToken.remove(answer);

        assertThat(answer).isEmpty();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
