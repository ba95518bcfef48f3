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

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A custom authorizer. It verifies the token signature as AWS IoT Core does, and has lists of accepted values in place
 * of the Lambda function.
 *
 * @param name its name
 * @param tokenKeyName the name of the parameter that carries the token
 * @param signingKey the RSA key that verifies token signatures; empty if signing is disabled
 * @param acceptedTokens the accepted tokens; if there are none, every correctly signed token is accepted
 * @param acceptedPasswords passwords by MQTT user name; if there are any, a client must send one of them
 * @param principalId the principal id that the Lambda function returns: 1 to 128 letters and digits
 */
public record CustomAuthorizer(
        String name,
        String tokenKeyName,
        Optional<PublicKey> signingKey,
        Set<String> acceptedTokens,
        Map<String, String> acceptedPasswords,
        String principalId) {
    public CustomAuthorizer {
        acceptedTokens = Set.copyOf(acceptedTokens);
        acceptedPasswords = Map.copyOf(acceptedPasswords);
    }

    /**
     * Creates an authorizer that verifies token signatures (RSASSA-PKCS1-v1_5 with SHA-256).
     *
     * @param name its name
     * @param tokenKeyName the name of the parameter that carries the token
     * @param signingKey the RSA public key
     * @return an authorizer that accepts every correctly signed token
     */
    public static CustomAuthorizer signed(String name, String tokenKeyName, PublicKey signingKey) {
        return new CustomAuthorizer(
                name, tokenKeyName, Optional.of(signingKey), Set.of(), Map.of(), "emulatedPrincipal");
    }

    /**
     * Creates an authorizer with signing disabled.
     *
     * @param name its name
     * @param tokenKeyName the name of the parameter that carries the token, if clients send one
     * @return an authorizer that accepts nobody until {@link #acceptToken} or {@link #acceptPassword} is called
     */
    public static CustomAuthorizer unsigned(String name, String tokenKeyName) {
        return new CustomAuthorizer(name, tokenKeyName, Optional.empty(), Set.of(), Map.of(), "emulatedPrincipal");
    }

    /**
     * Adds an accepted token.
     *
     * @param token its value
     * @return a new authorizer
     */
    public CustomAuthorizer acceptToken(String token) {
        Set<String> tokens = new HashSet<>(acceptedTokens);
        tokens.add(token);
        return new CustomAuthorizer(name, tokenKeyName, signingKey, tokens, acceptedPasswords, principalId);
    }

    /**
     * Adds an accepted password. From then on, users without an accepted password are refused.
     *
     * @param userName the user name, without parameters
     * @param password the password
     * @return a new authorizer
     */
    public CustomAuthorizer acceptPassword(String userName, String password) {
        Map<String, String> passwords = new HashMap<>(acceptedPasswords);
        passwords.put(userName, password);
        return new CustomAuthorizer(name, tokenKeyName, signingKey, acceptedTokens, passwords, principalId);
    }

    Optional<Principal> authenticate(AuthorizerRequest request) {
        Optional<String> token = request.token(tokenKeyName);
        boolean accepted = isSignatureRight(request, token) && isAccepted(request, token);
        return accepted ? Optional.of(new Principal(Principal.Authentication.CUSTOM, principalId)) : Optional.empty();
    }

    private boolean isAccepted(AuthorizerRequest request, Optional<String> token) {
        if (!acceptedPasswords.isEmpty()) {
            return request.userName()
                    .map(acceptedPasswords::get)
                    .filter(password ->
                            request.password().filter(password::equals).isPresent())
                    .isPresent();
        }
        return acceptedTokens.isEmpty()
                ? signingKey.isPresent()
                : token.filter(acceptedTokens::contains).isPresent();
    }

    private boolean isSignatureRight(AuthorizerRequest request, Optional<String> token) {
        if (signingKey.isEmpty()) {
            return true;
        }
        if (token.isEmpty() || request.tokenSignature().isEmpty()) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(signingKey.get());
            signature.update(token.get().getBytes(StandardCharsets.UTF_8));
            return signature.verify(
                    Base64.getDecoder().decode(request.tokenSignature().get()));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false; // not base64, or not a signature
        }
    }

    /** Omits the secrets. */
    @Override
    public String toString() {
        return "CustomAuthorizer[" + name + "]";
    }
}
