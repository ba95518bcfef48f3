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
package io.cameliot.testinfra.awsiot.credentials;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A role alias of the account. A device may assume its role unless the policy of its certificate forbids it.
 *
 * @param name 1 to 128 letters, digits and {@code = , @ - _}
 * @param lifetime the lifetime of credentials in whole seconds, at least one; AWS has 900 to 43,200
 * @param sessionTokenLength the length of session tokens in characters; the provider of the AWS CRT fails if the whole answer
 *     has more than 2,048 bytes
 */
public record RoleAlias(String name, Duration lifetime, int sessionTokenLength) {
    /** The lifetime if nothing else is configured. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

    private static final int DEFAULT_SESSION_TOKEN_LENGTH = 900;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9=,@_-]{1,128}");

    public RoleAlias {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of a role alias must match " + NAME + ", unlike " + name);
        }
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("The lifetime must be at least one second, unlike " + lifetime);
        }
    }

    /**
     * Creates a role alias with {@link #DEFAULT_LIFETIME}.
     *
     * @param name its name
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static RoleAlias named(String name) {
        return new RoleAlias(name, DEFAULT_LIFETIME, DEFAULT_SESSION_TOKEN_LENGTH);
    }

    /** Returns this role alias with another lifetime. */
    public RoleAlias withLifetime(Duration duration) {
        return new RoleAlias(name, duration, sessionTokenLength);
    }

    /** Returns this role alias with session tokens of another length. */
    public RoleAlias withSessionTokenLength(int characters) {
        return new RoleAlias(name, lifetime, characters);
    }
}
