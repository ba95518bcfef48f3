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
package io.cameliot.awsiot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointAddressTest {

    private static final String HOST = "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";

    @ParameterizedTest
    @CsvSource({
        HOST + ",",
        "https://" + HOST + "/topics,",
        "HTTPS://" + HOST + ",",
        "wss://" + HOST + "/mqtt,",
        "mqtts://" + HOST + ":8883, 8883",
        "ssl://" + HOST + ":8883/, 8883",
        HOST + ":443, 443",
        "'  " + HOST + " ',"
    })
    void trimsAUrlToItsHostName(String text, Integer port) {
        assertThat(EndpointAddress.parse(text)).isEqualTo(new EndpointAddress(HOST, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]:8883"})
    void takesIpv6Literals(String text) {
        assertThat(EndpointAddress.parse(text).host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void saysWhereToFindAMissingEndpoint(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointAddress.parse(text))
                .withMessageContaining("Option endpoint is missing")
                .withMessageContaining("aws iot describe-endpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://h:1883", "http://h", "ws://h/mqtt", "mqtt://h", "://h"})
    void refusesPlainTextProtocols(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointAddress.parse(text))
                .withMessageContaining("Option endpoint")
                .withMessageContaining("always TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://", "a b", "user@host", "/mqtt", "host:port", "host:99999", "h?x"})
    void refusesWhatIsNoHostName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointAddress.parse(text))
                .withMessageContaining("Option endpoint");
    }
}
