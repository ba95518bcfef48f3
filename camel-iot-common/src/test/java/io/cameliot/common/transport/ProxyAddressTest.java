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

import io.cameliot.common.identity.TlsConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "socks5://us%3Aer:p@ss:w/ord@proxy.test:1080, SOCKS5, proxy.test, 1080, us:er, p@ss:w/ord",
        "http://user:100%@proxy.test:3128, HTTP, proxy.test, 3128, user, 100%",
        "http://user:50%zz%@proxy.test:3128, HTTP, proxy.test, 3128, user, 50%zz%",
        "http://us%er:100%25@proxy.test:3128, HTTP, proxy.test, 3128, us%er, 100%",
        "http://me@corp.test:p#a?b&c=d@proxy.test:3128/, HTTP, proxy.test, 3128, me@corp.test, p#a?b&c=d",
        "http://user:@@:@proxy.test:3128, HTTP, proxy.test, 3128, user, @@:",
        "http://user:日本@proxy.test:3128, HTTP, proxy.test, 3128, user, 日本"
    })
    void parsesEveryFormOfTheUrl(
            String text, ProxyAddress.Scheme scheme, String host, int port, String user, String password) {
        assertThat(parse(text)).isEqualTo(new ProxyAddress(scheme, new HostAndPort(host, port), user, password));
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
                "http://user:secret",
                "http://user:secret@",
                "http://user:pass@secret",
                "http://user:pass@secret:word",
                "http://user:secret/1:2:3",
            })
    void namesTheAllowedFormsWhenItRefusesAUrl(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageContaining(
                        "give http://host:port or socks5://host:port, and user name and password as options"
                                + " proxyUsername and proxyPassword")
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.test, 'proxy.test' is not host:port",
        "http://user:secret@proxy.test, What follows the scheme is not host:port",
        "http://user:secret@proxy.test:0, is not host:port",
        "http://user:secret@proxy.test:3128/path, is not host:port",
        "http://user:secret@:3128, is not host:port",
        "http://:secret@proxy.test:3128, The proxy's user name is empty",
        "http://us%3Aer:secret@proxy.test:3128, The proxy's user name has a colon",
        "http://user:secret%0D%0Ax@proxy.test:3128, The proxy's password has control characters"
    })
    void namesTheReasonWhenItRefusesAUrl(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageContaining(reason)
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:secret a@proxy.test:3128, The proxy's password holds a space",
        "socks5://us er:secret@proxy.test:3128, The proxy's user name holds a space",
        "http://user:secret%41%@proxy.test:3128, The proxy's password has percent signs that begin an escape",
        "http://user:%zzsecret%20@proxy.test:3128, The proxy's password has percent signs that begin an escape",
        "http://user:secret%FC@proxy.test:3128, The proxy's password is not percent-encoded in UTF-8",
    })
    void namesTheOptionsWhenALoginIsAmbiguous(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageContaining(reason)
                .withMessageContaining("give it as options proxyUsername and proxyPassword")
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://u:%s@h:1", "socks5://%s:p@h:1"})
    void refusesALoginThatIsTooLongForSocks(String url) {
        assertThat(parse(url.formatted("x".repeat(255))).hasUser()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(url.formatted("x".repeat(254) + "ü")))
                .withMessageContaining("has 256 bytes, and SOCKS 5 takes 255 at most");
        assertThat(parse(url.replace("socks5", "http").formatted("x".repeat(1000)))
                        .hasUser())
                .isTrue();
    }

    @Test
    void hidesUserAndPasswordInItsText() {
        assertThat(parse("http://admin:secret@proxy.test:3128")).hasToString("http://proxy.test:3128");
    }

    @Test
    void namesTheOptionProxyWhenItsUrlIsInvalid() {
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
    @ValueSource(strings = {"plain", "100%", "100%25", "p%40ss", "a+b c", "@:/?#&", "日本 ü", ""})
    void usesTheLoginOptionsWithoutDecoding(String password) {
        TlsConfiguration configuration = proxied("http://proxy.test:3128", "corp\\us%41er", password);

        assertThat(configuration.copy().proxyAddress())
                .isEqualTo(new ProxyAddress(
                        ProxyAddress.Scheme.HTTP, new HostAndPort("proxy.test", 3128), "corp\\us%41er", password));
    }

    @Test
    void acceptsAUserWithoutPassword() {
        assertThat(proxied("socks5://proxy.test:1080", "user", null).proxyAddress())
                .returns("user", ProxyAddress::user)
                .returns("", ProxyAddress::password);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, user, secret, Option proxyUsername needs option proxy",
                "-, -, secret, Option proxyPassword needs option proxy",
                "http://proxy.test:1, -, secret, Option proxyPassword needs option proxyUsername",
                "http://a:secret@proxy.test:1, user, secret, 'Option proxy holds a user name, and option proxyUsername is set too'",
                "http://a@proxy.test:1, -, secret, 'Option proxy holds a user name, and option proxyPassword is set too'",
                "http://proxy.test:1, '', secret, Option proxyUsername is empty",
                "http://proxy.test:1, a:b, secret, Option proxyUsername has a colon",
            })
    void namesTheOptionsWhenItRefusesALogin(String proxy, String user, String password, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxied(proxy, user, password).proxyAddress())
                .withMessageContaining(reason)
                .satisfies(ProxyAddressTest::hidesThePassword);
    }

    @ParameterizedTest
    @CsvSource({"user, %s, proxyPassword", "%s, secret, proxyUsername"})
    void refusesALoginThatTheProxysProtocolCannotCarry(String user, String password, String option) {
        String tooLong = "secret".repeat(43);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxied("socks5://p:1", user.formatted(tooLong), password.formatted(tooLong))
                        .proxyAddress())
                .withMessageContaining("Option " + option + " has 258 bytes, and SOCKS 5 takes 255 at most")
                .satisfies(ProxyAddressTest::hidesThePassword);
        for (String scheme : new String[] {"socks5", "http"}) {
            String twoLines = "secret\u0001more";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> proxied(scheme + "://p:1", user.formatted(twoLines), password.formatted(twoLines))
                            .proxyAddress())
                    .withMessageContaining("Option " + option + " has control characters")
                    .satisfies(ProxyAddressTest::hidesThePassword);
        }
    }

    private static TlsConfiguration proxied(String proxy, String user, String password) {
        TlsConfiguration configuration = new TlsConfiguration();
        configuration.setProxy(proxy);
        configuration.setProxyUsername(user);
        configuration.setProxyPassword(password);
        return configuration;
    }

    private static ProxyAddress parse(String text) {
        return ProxyAddress.parse(text, "options proxyUsername and proxyPassword");
    }
}
