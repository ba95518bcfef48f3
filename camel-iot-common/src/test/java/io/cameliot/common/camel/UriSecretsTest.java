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
package io.cameliot.common.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriSecretsTest {

    private static final Set<String> SECRETS = Set.of("proxy", "password", "proxyPassword");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x:a?proxy=http://user:s3cr3t@proxy.test:3128&qos=1",
                "x:a?qos=1&proxy=socks5://user:s3cr3t@proxy.test:1080",
                "x:a?proxy=http%3A%2F%2Fuser%3As3cr3t%40proxy.test%3A3128&qos=1",
                "x:a?proxy=RAW(http://user:s3cr3t@proxy.test:3128)&qos=1",
                "x:a?proxy=RAW(http://user:a)s3cr3t&@proxy.test:3128)&qos=1",
                "x:a?proxy=RAW{http://user:a}s3cr3t&@proxy.test:3128}&qos=1",
                "x:a?proxy=http://s3cr3t:a:s3cr3t@b@proxy.test:3128",
            })
    void masksOnlyTheLoginOfTheProxyInAUri(String uri) {
        String masked = UriSecrets.mask(uri, SECRETS);

        assertThat(masked).doesNotContain("s3cr3t").contains("xxxxxx", "proxy.test");
        assertThat(masked.contains("qos=1")).isEqualTo(uri.contains("qos=1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x:a?proxy=http://proxy.test:3128&username=me@home:1",
                "x:a?proxy=http%3A%2F%2Fproxy.test%3A3128&clientId=a%40b",
                "x:a?proxy=RAW(http://proxy.test:3128)&clientId=RAW(a@b)",
                "x:a@b?qos=1",
            })
    void leavesAUriWithoutALoginUnchanged(String uri) {
        assertThat(UriSecrets.mask(uri, SECRETS)).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "x:a?password=s3cr3t&qos=1, x:a?password=xxxxxx&qos=1",
        "x:a?password=RAW(a)s3cr3t)&qos=1, x:a?password=xxxxxx&qos=1",
        "x:a?password=RAW{a}b&s3cr3t}&qos=1, x:a?password=xxxxxx&qos=1",
        "x:a?passwords=1&proxyPassword=s3cr3t&password=s3cr3t, x:a?passwords=1&proxyPassword=xxxxxx&password=xxxxxx",
    })
    void masksTheWholeValueOfOtherSecrets(String uri, String masked) {
        assertThat(UriSecrets.mask(uri, SECRETS)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "x:a?proxy=http%3A%2F%2Fu%3A1%2525%40h%3A1, http://u:1%2525@h:1",
        "x:a?proxy=RAW(http://u:1%25@h:1), http://u:1%25@h:1",
        "x:a?proxy=RAW{http://u:1%25@h:1}&qos=1, http://u:1%25@h:1",
        "x:a?qos=1, http://u:1%25@h:1",
    })
    void decodesTheProxyOfAUriOnce(String uri, String expected) {
        Map<String, Object> parameters = new HashMap<>(Map.of("proxy", "http://u:1%25@h:1"));

        UriSecrets.undoDecoding(uri, parameters);

        assertThat(parameters).containsEntry("proxy", expected);
    }
}
