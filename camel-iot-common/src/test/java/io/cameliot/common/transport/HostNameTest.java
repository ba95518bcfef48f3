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

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "A1B2-ATS.IOT.EU-WEST-1.AMAZONAWS.COM, a1b2-ats.iot.eu-west-1.amazonaws.com",
        "example.com., example.com",
        "'  example.com\t', example.com",
        "localhost, localhost",
        "XN--BCHER-KVA.example, xn--bcher-kva.example",
        "3com.example, 3com.example",
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "[2001:DB8::1], 2001:db8::1",
        "IOT.INTERNAL, iot.internal",
    })
    void normalizesANameInEveryLocale(String text, String host) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(HostName.normalize("endpoint", text)).isEqualTo(host);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ".",
                "a b",
                "a..b",
                ".a",
                "a.b..",
                "my_host.example",
                "-a.example",
                "a-.example",
                "b\u00fccher.example",
                "{{endpoint}}",
                "${endpoint}",
                "arn:aws:iot:eu-west-1:123456789012:thing/x",
                "ssl://host",
                "host:8883",
                "host/path",
                "user@host",
                "host?x",
                "256.1.1.1",
                "1.2.3",
                "host.123",
                "[host]",
                "[::1",
                ":::",
                "12345::",
                "fe80::1%eth0",
                "a\u0000b",
            })
    void refusesTextThatIsNotAHostName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostName.normalize("serviceHost", text))
                .withMessageStartingWith("Option serviceHost '" + text + "' is not a host name: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 254})
    void refusesALabelOrNameThatIsTooLong(int length) {
        String text = length > 63 * 2 ? "a.".repeat(length / 2 - 1) + "aa" : "a".repeat(length);
        assertThat(text).hasSize(length);

        assertThatIllegalArgumentException().isThrownBy(() -> HostName.normalize("endpoint", text));
        assertThat(HostName.normalize("endpoint", text.substring(1).replaceFirst("^\\.", "b")))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b:1", "a/b:1", "user@h:1", "{{x}}:1", "tcp://h:1", "[zz]:1", "h..h:1", "999.1.1.1:1"})
    void refusesAnAddressThatCannotBeDialled(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostAndPort.parse(text))
                .withMessageContaining("is not host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_service:8883", "HOST.:1", "[fe80::1%eth0]:1", " h:1 "})
    void acceptsNamesThatOnlyNetworksResolve(String text) {
        assertThat(HostAndPort.parse(text).port()).isPositive();
    }
}
