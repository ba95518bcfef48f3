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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.awsiot.auth.SigV4Identity;
import io.cameliot.awsiot.testing.Contexts;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets arrive as they were meant, or are refused by the names of their options, on every protocol alike. */
class SecretsAsMeantTest {

    private static final String ENDPOINT = "awsiot-device:a?endpoint=a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";
    private static final String SIGV4 = ENDPOINT + "&protocol=wss&authentication=sigv4&accessKey=AKIDEXAMPLE";
    private static final String CUSTOM = ENDPOINT + "&authentication=custom&tokenKeyName=key";
    private static final String PROXIED = SIGV4 + "&secretKey=b";

    private final CamelContext camel = Contexts.withoutJmx();

    @BeforeEach
    void startCamel() {
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "+JalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE+",
        "wJalr++tnFEMI/K7M+ENG/bPxRfiCYEXAMPLEK++",
    })
    void putsThePlusSignsOfASecretKeyBack(String key) {
        for (String written : new String[] {key, key.replace("+", "%2B"), "RAW(" + key + ")"}) {
            assertThat(signing(SIGV4 + "&secretKey=" + written).credentials().secretKey())
                    .isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IQoJ+b3Jp/Z2=", "+QoJb3JpZ2k=", "IQoJb3JpZ2+="})
    void putsThePlusSignsOfASessionTokenBack(String token) {
        for (String written : new String[] {token, token.replace("+", "%2B"), "RAW(" + token + ")"}) {
            assertThat(signing(SIGV4 + "&secretKey=b&sessionToken=" + written)
                            .credentials()
                            .sessionToken())
                    .isEqualTo(token);
        }
    }

    static Stream<Arguments> secretsWithLineEnds() {
        BiConsumer<AwsIotDeviceConfiguration, String> token = AwsIotDeviceConfiguration::setToken;
        BiConsumer<AwsIotDeviceConfiguration, String> signature = AwsIotDeviceConfiguration::setTokenSignature;
        return Stream.of("mqtt&port=443", "wss", "https").flatMap(protocol -> Stream.of("\n", "\r\n", "\r")
                .flatMap(end -> Stream.of(
                        Arguments.of(protocol, "token", token, end),
                        Arguments.of(protocol, "tokenSignature", signature, end))));
    }

    @ParameterizedTest
    @MethodSource("secretsWithLineEnds")
    void takesTheLineEndOfAFileAwayOnEveryProtocol(
            String protocol, String option, BiConsumer<AwsIotDeviceConfiguration, String> setter, String end) {
        AwsIotDeviceComponent component = camel.getComponent("awsiot-device", AwsIotDeviceComponent.class);
        component.getConfiguration().setToken("abcd");
        setter.accept(component.getConfiguration(), "wxyz" + end);

        CustomIdentity identity = (CustomIdentity)
                endpoint(CUSTOM + "&protocol=" + protocol).connectionSettings().identity();

        assertThat(option.equals("token") ? identity.token() : identity.tokenSignature())
                .isEqualTo("wxyz");
    }

    static Stream<Arguments> refusedOptions() {
        return Stream.of("mqtt&port=443", "wss", "https")
                .flatMap(protocol -> Stream.of(
                        Arguments.of(protocol, "token", "s3cr\net"),
                        Arguments.of(protocol, "token", "s3cret "),
                        Arguments.of(protocol, "token", "s3crét"),
                        Arguments.of(protocol, "tokenSignature", "s3c\u0000ret"),
                        Arguments.of(protocol, "tokenKeyName", "s3c:ret"),
                        Arguments.of(protocol, "tokenKeyName", "s3cret\n"),
                        Arguments.of(protocol, "authorizerName", "s3cr\ret")));
    }

    @ParameterizedTest
    @MethodSource("refusedOptions")
    void refusesWhatWouldNotArriveAlikeByTheOptionsName(String protocol, String option, String value) {
        AwsIotDeviceConfiguration options =
                camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
        options.setToken("abcd");
        options.setTokenKeyName("key");
        switch (option) {
            case "token" -> options.setToken(value);
            case "tokenSignature" -> options.setTokenSignature(value);
            case "tokenKeyName" -> options.setTokenKeyName(value);
            default -> options.setAuthorizerName(value);
        }

        assertThatThrownBy(() -> endpoint(ENDPOINT + "&authentication=custom&protocol=" + protocol))
                .hasStackTraceContaining("Option " + option)
                // The names of a key and of an authorizer are no secrets.
                .satisfies(failure ->
                        assertThat(failure.getMessage().contains("s3c")).isEqualTo(option.endsWith("Name")));
    }

    @ParameterizedTest
    @CsvSource({
        "100%25, 100%",
        "a%25zz, a%zz",
        "p%40ss, p@ss",
        "a%3Ab, a:b",
        "a%2Fb, a/b",
        "a%3Fb, a?b",
        "a%23b, a#b",
        "%C3%BC, ü",
    })
    void decodesAProxysPasswordOnce(String encoded, String password) {
        for (String written : new String[] {"http://me:%s@h:3128", "RAW(http://me:%s@h:3128)"}) {
            assertThat(endpoint(PROXIED + "&proxy=" + written.replace("%s", encoded))
                            .connectionSettings()
                            .address()
                            .proxy())
                    .returns("me", proxy -> proxy.user())
                    .returns(password, proxy -> proxy.password());
        }
    }

    /** Camel decodes such an escape once in a plain value, where it is one of the password then. */
    @ParameterizedTest
    @CsvSource({"a%2540b, a%40b", "x%2525, x%25", "%2541%2542, %41%42"})
    void decodesNoEscapeOfAPlainProxyTwice(String encoded, String password) {
        assertThat(endpoint(PROXIED + "&proxy=http://me:" + encoded + "@h:3128")
                        .connectionSettings()
                        .address()
                        .proxy()
                        .password())
                .isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3c+r3t", "s3c%2Br3t", "s3c%20r3t"})
    void advisesTheOptionsWhereAPasswordInAProxyCannotBeKnown(String encoded) {
        assertThatThrownBy(() -> endpoint(PROXIED + "&proxy=http://me:" + encoded + "@h:3128"))
                .hasStackTraceContaining("proxyUsername and proxyPassword")
                .satisfies(failure -> assertThat(told(failure)).doesNotContain("s3c", "r3t"));
    }

    /** What is said of a failure; on Camel 4.14, which can be told no names of secrets, without Camel's own words. */
    private static String told(Throwable failure) {
        boolean camelTakesNames = Arrays.stream(ExtendedCamelContext.class.getMethods())
                .anyMatch(method -> method.getName().equals("setAdditionalSensitiveKeywords"));
        return camelTakesNames ? failure.getMessage() : failure.getCause().getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "p%40ss", "a+b c", "@:/?#&=", "日本"})
    void takesThePasswordOfTheProxysOptionAsItIs(String password) {
        assertThat(endpoint(PROXIED + "&proxy=http://h:3128&proxyUsername=me&proxyPassword=RAW(" + password + ")")
                        .connectionSettings()
                        .address()
                        .proxy()
                        .password())
                .isEqualTo(password);
    }

    private SigV4Identity signing(String uri) {
        return (SigV4Identity) endpoint(uri).connectionSettings().identity();
    }

    private AwsIotDeviceEndpoint endpoint(String uri) {
        return camel.getEndpoint(uri, AwsIotDeviceEndpoint.class);
    }
}
