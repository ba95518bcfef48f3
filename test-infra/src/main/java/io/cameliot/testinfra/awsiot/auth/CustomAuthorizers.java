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

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The custom authorizers of the emulated account. One of them can be the default. */
public final class CustomAuthorizers {
    private final Map<String, CustomAuthorizer> byName = new ConcurrentHashMap<>();
    private volatile Optional<String> defaultName = Optional.empty();

    /**
     * Registers an authorizer.
     *
     * @param authorizer replaces the one with the same name
     */
    public void register(CustomAuthorizer authorizer) {
        byName.put(authorizer.name(), authorizer);
    }

    /**
     * Sets the authorizer for clients that name none.
     *
     * @param name its name
     */
    public void setDefault(String name) {
        defaultName = Optional.of(name);
    }

    /**
     * Returns the authorizers.
     *
     * @return by name
     */
    public SortedMap<String, CustomAuthorizer> all() {
        return new TreeMap<>(byName);
    }

    /**
     * Returns the authorizer for clients that name none.
     *
     * @return its name, or empty if there is none
     */
    public Optional<String> defaultName() {
        return defaultName;
    }

    /**
     * Whether there is no authorizer.
     *
     * @return true if custom authentication cannot succeed
     */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /**
     * Whether a request is for an authorizer: it names one or carries the token parameter of the default one.
     *
     * @param request the request
     * @return true if {@link #authenticate} must decide on it
     */
    public boolean isAddressedBy(AuthorizerRequest request) {
        return request.authorizerName().isPresent()
                || defaultName
                        .map(byName::get)
                        .flatMap(authorizer -> request.token(authorizer.tokenKeyName()))
                        .isPresent();
    }

    /**
     * Authenticates a request with the authorizer that it names or with the default one.
     *
     * @param request the request
     * @return the client, or empty if it is refused
     */
    public Optional<Principal> authenticate(AuthorizerRequest request) {
        return request.authorizerName()
                .or(() -> defaultName)
                .map(byName::get)
                .flatMap(authorizer -> authorizer.authenticate(request));
    }
}
