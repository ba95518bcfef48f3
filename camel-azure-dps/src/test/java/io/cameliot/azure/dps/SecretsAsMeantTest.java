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
package io.cameliot.azure.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.azure.dps.attestation.SasToken;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets arrive as they were meant, or are refused by the names of their options. */
class SecretsAsMeantTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String DEVICE = "azure-dps:0ne00000001/dev?sharedAccessKey=RAW(" + KEY + ")";

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void closeContext() throws Exception {
        camel.close();
    }

    @ParameterizedTest
    @CsvSource({"100%25, 100%", "p%40ss, p@ss", "a%3Ab, a:b", "a%2Fb, a/b", "%C3%BC, ü"})
    void decodesAProxysPasswordOnce(String encoded, String password) {
        for (String written : new String[] {"http://me:%s@h:3128", "RAW(http://me:%s@h:3128)"}) {
            assertThat(endpoint(DEVICE + "&proxy=" + written.replace("%s", encoded))
                            .getConfiguration()
                            .proxyAddress())
                    .returns("me", proxy -> proxy.user())
                    .returns(password, proxy -> proxy.password());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "p%40ss", "a+b c", "@:/?#&=", "日本"})
    void takesThePasswordOfTheProxysOptionAsItIs(String password) {
        assertThat(endpoint(DEVICE + "&proxy=socks5://h:1080&proxyUsername=me&proxyPassword=RAW(" + password + ")")
                        .getConfiguration()
                        .proxyAddress()
                        .password())
                .isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void takesTheLineEndOfAFileAway(String end) {
        component().getConfiguration().setSharedAccessKey(KEY + end);

        assertThat(endpoint("azure-dps:0ne00000001/dev").getConfiguration().getSharedAccessKey())
                .isEqualTo(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAEC\nAwQF", "AAEC\u0000AwQF", "AAEC\u001bAwQF"})
    void refusesControlCharactersByTheOptionsName(String key) {
        component().getConfiguration().setSharedAccessKey(key);

        assertThatThrownBy(() -> endpoint("azure-dps:0ne00000001/dev"))
                .hasStackTraceContaining("Option sharedAccessKey")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("AAEC", "AwQF"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab+cd=", "+abcd+", "a++b%3D"})
    void putsThePlusSignsOfASasTokenBack(String signature) {
        String token = "SharedAccessSignature sr=0ne00000001%2Fregistrations%2Fdev&sig=" + signature + "&se=4000000000";

        assertThat(SasToken.parse("sasToken", token.replace("+", " ")).text()).isEqualTo(token.replace("+", "%2B"));
    }

    @Test
    void refusesAProxyPasswordWithoutUserName() {
        assertThatThrownBy(() -> endpoint(DEVICE + "&proxy=http://h:3128&proxyPassword=s3cret"))
                .hasStackTraceContaining("proxyUsername")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("s3cret"));
    }

    private DpsComponent component() {
        return camel.getComponent("azure-dps", DpsComponent.class);
    }

    private DpsEndpoint endpoint(String uri) {
        camel.start();
        return camel.getEndpoint(uri, DpsEndpoint.class);
    }
}
