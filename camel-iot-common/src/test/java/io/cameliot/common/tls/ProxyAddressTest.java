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
package io.cameliot.common.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("anyLocale")
class ProxyAddressTest {

    @ParameterizedTest
    @CsvSource({
        "http://proxy.test:3128, HTTP, proxy.test, 3128, ,",
        "HTTP://proxy.test:3128/, HTTP, proxy.test, 3128, ,",
        "socks5://127.0.0.1:1080, SOCKS5, 127.0.0.1, 1080, ,",
        "socks5://[::1]:1080, SOCKS5, ::1, 1080, ,",
        "http://user:secret@proxy.test:3128, HTTP, proxy.test, 3128, user, secret",
        "http://user@proxy.test:3128, HTTP, proxy.test, 3128, user, ''",
        "http://user:@proxy.test:3128, HTTP, proxy.test, 3128, user, ''",
        "http://corp%5Cuser:p%40ss%3Aw+r%25d%20%C3%BC@proxy.test:3128, HTTP, proxy.test, 3128, corp\\user, 'p@ss:w+r%d ü'",
        "socks5://us%3Aer:p@ss:w/ord@proxy.test:1080, SOCKS5, proxy.test, 1080, us:er, p@ss:w/ord"
    })
    void parses(String text, ProxyAddress.Scheme scheme, String host, int port, String user, String password) {
        assertThat(ProxyAddress.parse(text))
                .isEqualTo(new ProxyAddress(scheme, new HostAndPort(host, port), user, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy.test:3128",
                "user:secret@proxy.test:3128",
                "user:secret://x@proxy.test:3128",
                "https://user:secret@proxy.test:3128",
                "socks4://user:secret@proxy.test:1080",
                "socks://user:secret@proxy.test:1080",
                "http://:secret@proxy.test:3128",
                "http://us%3Aer:secret@proxy.test:3128"
            })
    void refusesWithWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyAddress.parse(text))
                .withMessageContaining("http://[user:password@]host:port or socks5://[user:password@]host:port")
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:secret@proxy.test, 'proxy.test' is not host:port",
        "http://user:secret@proxy.test:0, is not host:port",
        "http://user:secret@proxy.test:3128/path, is not host:port",
        "http://user:secret@:3128, is not host:port",
        "http://user:secret%@proxy.test:3128, password is not percent-encoded",
        "http://user:secret%zz@proxy.test:3128, password is not percent-encoded",
        "http://us%er:secret@proxy.test:3128, user name is not percent-encoded",
        "http://user:secret%0D%0Ax@proxy.test:3128, password has control characters"
    })
    void refusesWithTheReason(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyAddress.parse(text))
                .withMessageContaining(reason)
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    @Test
    void refusesAPasswordThatDoesNotFitIntoSocks() {
        assertThat(ProxyAddress.parse("socks5://u:" + "x".repeat(255) + "@h:1").password())
                .hasSize(255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyAddress.parse("socks5://u:" + "x".repeat(256) + "@h:1"))
                .withMessageContaining("255 bytes");
    }

    @Test
    void showsNeitherUserNorPassword() {
        assertThat(ProxyAddress.parse("http://admin:secret@proxy.test:3128")).hasToString("http://proxy.test:3128");
    }

    @Test
    void theOptionIsCheckedWhereItStands() {
        TlsConfiguration configuration = new TlsConfiguration();
        assertThat(configuration.proxyAddress()).isNull();

        configuration.setProxy("socks5://proxy.test:1080");
        assertThat(configuration.copy().proxyAddress()).hasToString("socks5://proxy.test:1080");

        configuration.setProxy("ftp://user:secret@proxy.test:21");
        assertThatIllegalArgumentException()
                .isThrownBy(configuration::proxyAddress)
                .withMessageStartingWith("Option proxy: 'ftp' is no supported proxy scheme")
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    private static void hidesThePassword(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x:a?proxy=http://user:s3cr3t@proxy.test:3128&qos=1",
                "x:a?qos=1&proxy=socks5://user:s3cr3t@proxy.test:1080",
                "x:a?proxy=http%3A%2F%2Fuser%3As3cr3t%40proxy.test%3A3128&qos=1",
                "x:a?proxy=RAW(http://user:s3cr3t@proxy.test:3128)&qos=1",
                "x:a?proxy=http://user:a:s3cr3t@b@proxy.test:3128",
            })
    void masksThePasswordInAnEndpointUriAndNothingElse(String uri) {
        String masked = ProxyAddress.maskPassword(uri);

        assertThat(masked).doesNotContain("s3cr3t").contains("user", "xxxxxx", "proxy.test");
        assertThat(masked.contains("qos=1")).isEqualTo(uri.contains("qos=1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x:a?proxy=http://proxy.test:3128&username=me@home:1",
                "x:a?proxy=http%3A%2F%2Fproxy.test%3A3128&clientId=a%40b",
                "x:a@b?qos=1",
            })
    void leavesAUriWithoutAProxyPasswordAsItIs(String uri) {
        assertThat(ProxyAddress.maskPassword(uri)).isEqualTo(uri);
    }
}
