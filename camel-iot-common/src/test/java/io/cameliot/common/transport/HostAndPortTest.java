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
package io.cameliot.common.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

    @ParameterizedTest
    @CsvSource({
        "localhost:8883, localhost, 8883",
        "127.0.0.1:1, 127.0.0.1, 1",
        "[::1]:65535, ::1, 65535",
        "a.b-c.example:443, a.b-c.example, 443"
    })
    void parsesAndPrintsTheSame(String text, String host, int port) {
        HostAndPort parsed = HostAndPort.parse(text);

        assertThat(parsed).isEqualTo(new HostAndPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "host",
                "host:",
                ":8883",
                "host:0",
                "host:65536",
                "host:x",
                "::1:8883",
                "[]:1",
                "host:-1",
                "host:+443",
                "host:\u0664\u0664\u0663",
                "host:\uff14\uff14\uff13"
            })
    void refusesTextThatIsNotHostAndPort(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostAndPort.parse(text))
                .withMessageContaining("host:port");
    }
}
