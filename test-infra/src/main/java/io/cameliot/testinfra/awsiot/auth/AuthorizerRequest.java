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

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a client tells a custom authorizer ("Custom authentication", connecting to AWS IoT Core).
 *
 * @param parameters finds a parameter by its name, wherever the protocol carries it: user name, headers or query
 * @param userName the MQTT user name without parameters, or empty over HTTP
 * @param password the MQTT password
 */
public record AuthorizerRequest(
        Function<String, Optional<String>> parameters, Optional<String> userName, Optional<String> password) {
    private static final String NAME = "x-amz-customauthorizer-name";
    private static final String SIGNATURE = "x-amz-customauthorizer-signature";

    /**
     * What a CONNECT packet tells.
     *
     * @param connectUserName the user name, with parameters behind its last {@code ?}; null if there is none
     * @param password the password; null if there is none
     * @return the request
     * @throws IllegalArgumentException if a parameter is not properly percent-encoded
     */
    public static AuthorizerRequest ofConnect(String connectUserName, String password) {
        String whole = connectUserName == null ? "" : connectUserName;
        int parametersAt = whole.lastIndexOf('?');
        Map<String, String> parameters = new LinkedHashMap<>();
        if (parametersAt >= 0) {
            UriEncoding.parameters(whole.substring(parametersAt + 1))
                    .forEach(parameter -> parameters.putIfAbsent(parameter.name(), parameter.value()));
        }
        String userName = parametersAt < 0 ? whole : whole.substring(0, parametersAt);
        return new AuthorizerRequest(
                name -> Optional.ofNullable(parameters.get(name)),
                Optional.of(userName).filter(name -> !name.isEmpty()),
                Optional.ofNullable(password));
    }

    /**
     * What an HTTP request or WebSocket upgrade tells, in headers or in the query.
     *
     * @param request the request
     * @return the request to an authorizer
     * @throws IllegalArgumentException if the query is not properly percent-encoded
     */
    public static AuthorizerRequest ofHttp(SignedRequest request) {
        Map<String, String> query = new LinkedHashMap<>();
        UriEncoding.parameters(request.query())
                .forEach(parameter -> query.putIfAbsent(parameter.name(), parameter.value()));
        return new AuthorizerRequest(
                name -> request.header(name.toLowerCase(Locale.ROOT)).stream()
                        .findFirst()
                        .or(() -> Optional.ofNullable(query.get(name))),
                Optional.empty(),
                Optional.empty());
    }

    Optional<String> authorizerName() {
        return parameters.apply(NAME);
    }

    Optional<String> tokenSignature() {
        return parameters.apply(SIGNATURE);
    }

    Optional<String> token(String tokenKeyName) {
        return parameters.apply(tokenKeyName);
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "AuthorizerRequest[" + authorizerName().orElse("default authorizer") + "]";
    }
}
