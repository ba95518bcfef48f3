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

import io.cameliot.testinfra.pki.KeyType;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomAuthorizersTest {
    private static final KeyPair KEYS = KeyType.RSA.generate();
    private static final KeyPair OTHER_KEYS = KeyType.RSA.generate();

    private final CustomAuthorizers authorizers = new CustomAuthorizers();

    @Test
    void acceptsASignedTokenInTheUserName() throws Exception {
        authorizers.register(CustomAuthorizer.signed("fleet auth", "TokenKey", KEYS.getPublic()));

        assertThat(authorizers.authenticate(AuthorizerRequest.ofConnect(
                        "sensor?x-amz-customauthorizer-name=fleet%20auth&x-amz-customauthorizer-signature="
                                + UriEncoding.encode(sign("value/1", KEYS)) + "&TokenKey=value%2F1",
                        null)))
                .hasValueSatisfying(
                        principal -> assertThat(principal.authentication()).isEqualTo(Principal.Authentication.CUSTOM));
    }

    @Test
    void acceptsASignatureWithUnencodedPlusSigns() throws Exception {
        authorizers.register(CustomAuthorizer.signed("fleet", "t", KEYS.getPublic()));
        String signature = sign("value", KEYS);

        assertThat(authorizers.authenticate(AuthorizerRequest.ofConnect(
                        "?x-amz-customauthorizer-name=fleet&x-amz-customauthorizer-signature=" + signature + "&t=value",
                        null)))
                .isPresent();
    }

    @Test
    void refusesATokenWithAWrongOrMissingSignature() throws Exception {
        authorizers.register(CustomAuthorizer.signed("fleet", "t", KEYS.getPublic()));
        String named = "x-amz-customauthorizer-name=fleet";
        String signedBy = "&x-amz-customauthorizer-signature=";

        assertRefused(named + "&t=value");
        assertRefused(named + signedBy + UriEncoding.encode(sign("value", OTHER_KEYS)) + "&t=value");
        assertRefused(named + signedBy + UriEncoding.encode(sign("value", KEYS)) + "&t=other");
        assertRefused(named + signedBy + UriEncoding.encode(sign("value", KEYS)));
        assertRefused(named + signedBy + "!!!&t=value");
    }

    @Test
    void refusesASignedTokenThatIsNotAccepted() throws Exception {
        authorizers.register(
                CustomAuthorizer.signed("fleet", "t", KEYS.getPublic()).acceptToken("good"));
        String prefix = "x-amz-customauthorizer-name=fleet&x-amz-customauthorizer-signature=";

        assertThat(authenticate(prefix + UriEncoding.encode(sign("good", KEYS)) + "&t=good"))
                .isPresent();
        assertRefused(prefix + UriEncoding.encode(sign("bad", KEYS)) + "&t=bad");
    }

    @ParameterizedTest
    @CsvSource({"user, secret, true", "user, wrong, false", "user,, false", "other, secret, false", ", secret, false"})
    void checksUserNameAndPasswordWithoutSigning(String user, String password, boolean accepted) {
        authorizers.register(CustomAuthorizer.unsigned("plain", "t").acceptPassword("user", "secret"));
        authorizers.setDefault("plain");

        assertThat(authorizers
                        .authenticate(AuthorizerRequest.ofConnect(user, password))
                        .isPresent())
                .isEqualTo(accepted);
    }

    @Test
    void acceptsNothingWithoutAcceptedValues() {
        authorizers.register(CustomAuthorizer.unsigned("plain", "t"));
        authorizers.setDefault("plain");

        assertRefused("t=anything");
    }

    @Test
    void requiresANameUnlessThereIsADefault() {
        authorizers.register(CustomAuthorizer.unsigned("plain", "t").acceptToken("good"));
        AuthorizerRequest unnamed = AuthorizerRequest.ofConnect("?t=good", null);

        assertThat(authorizers.authenticate(unnamed)).isEmpty();
        assertThat(authorizers.isAddressedBy(unnamed)).isFalse();
        authorizers.setDefault("plain");
        assertThat(authorizers.authenticate(unnamed)).isPresent();
        assertThat(authorizers.isAddressedBy(unnamed)).isTrue();
        assertRefused("x-amz-customauthorizer-name=unknown&t=good");
    }

    @Test
    void readsParametersAfterTheLastQuestionMark() {
        authorizers.register(CustomAuthorizer.unsigned("plain", "t").acceptToken("good"));

        assertThat(authorizers.authenticate(
                        AuthorizerRequest.ofConnect("user?x-amz-customauthorizer-name=plain&t=good?SDK=Any", null)))
                .isEmpty();
        assertThat(authorizers.authenticate(
                        AuthorizerRequest.ofConnect("user?x-amz-customauthorizer-name=plain&t=good&SDK=Any", null)))
                .isPresent();
    }

    @Test
    void readsHeadersOrTheQueryOfARequest() {
        authorizers.register(CustomAuthorizer.unsigned("plain", "TokenKey").acceptToken("good+1"));
        SignedRequest byHeaders = new SignedRequest(
                "GET",
                "/mqtt",
                Map.of("X-Amz-CustomAuthorizer-Name", List.of("plain"), "tokenkey", List.of("good+1")),
                new byte[0]);
        SignedRequest byQuery = new SignedRequest(
                "GET", "/mqtt?x-amz-customauthorizer-name=plain&TokenKey=good%2B1", Map.of(), new byte[0]);

        assertThat(authorizers.authenticate(AuthorizerRequest.ofHttp(byHeaders)))
                .isPresent();
        assertThat(authorizers.authenticate(AuthorizerRequest.ofHttp(byQuery))).isPresent();
    }

    @Test
    void hidesSecretsInItsText() {
        AuthorizerRequest request = AuthorizerRequest.ofConnect("user?x-amz-customauthorizer-name=plain&t=good", "pw");

        assertThat(request).hasToString("AuthorizerRequest[plain]");
        assertThat(CustomAuthorizer.unsigned("plain", "t").acceptToken("good").acceptPassword("u", "pw"))
                .hasToString("CustomAuthorizer[plain]");
        assertThat(IamCredentials.permanent("AKIDEXAMPLE", "secret")).hasToString("IamCredentials[AKIDEXAMPLE]");
    }

    private void assertRefused(String parameters) {
        assertThat(authenticate(parameters)).isEmpty();
    }

    private Optional<Principal> authenticate(String parameters) {
        return authorizers.authenticate(AuthorizerRequest.ofConnect("user?" + parameters, null));
    }

    private static String sign(String token, KeyPair keys) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(token.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signature.sign());
    }
}
