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
 * The data that a client sends to a custom authorizer ("Custom authentication", connecting to AWS IoT Core).
 *
 * @param parameters finds a parameter by its name in the place where the protocol carries it: user name, headers or
 *     query
 * @param userName the MQTT user name without parameters; empty over HTTP
 * @param password the MQTT password
 */
public record AuthorizerRequest(
        Function<String, Optional<String>> parameters, Optional<String> userName, Optional<String> password) {
    private static final String NAME = "x-amz-customauthorizer-name";
    private static final String SIGNATURE = "x-amz-customauthorizer-signature";

    /**
     * Reads a CONNECT packet.
     *
     * @param connectUserName the user name with parameters behind its last {@code ?}; null if there is none
     * @param password the password; null if there is none
     * @return the request
     * @throws IllegalArgumentException if a parameter has an invalid percent-encoding
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
     * Reads the headers and the query of an HTTP request or WebSocket upgrade.
     *
     * @param request the request
     * @return the request to an authorizer
     * @throws IllegalArgumentException if the query has an invalid percent-encoding
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

    /** Omits the secrets. */
    @Override
    public String toString() {
        return "AuthorizerRequest[" + authorizerName().orElse("default authorizer") + "]";
    }
}
