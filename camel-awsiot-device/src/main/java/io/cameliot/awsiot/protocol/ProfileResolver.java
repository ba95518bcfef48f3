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
package io.cameliot.awsiot.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the {@link ConnectionProfile} that matches the options. */
public final class ProfileResolver {

    private ProfileResolver() {}

    /**
     * Returns the profile of a combination of options.
     *
     * @param port null chooses the port that needs no ALPN if there are two
     * @throws IllegalArgumentException if AWS IoT Core has no such combination; the message lists the existing ones
     */
    public static ConnectionProfile resolve(
            DeviceProtocol protocol, DeviceAuthentication authentication, Integer port) {
        ConnectionProfile profile = find(protocol, authentication, port);
        if (profile == null) {
            List<ConnectionProfile> alternatives = candidates(protocol, authentication);
            throw refusal(
                    protocol, authentication, port, alternatives.isEmpty() ? sameProtocol(protocol) : alternatives);
        }
        return profile;
    }

    /** Works as {@link #resolve}, but returns null if there is no such combination. */
    static ConnectionProfile find(DeviceProtocol protocol, DeviceAuthentication authentication, Integer port) {
        List<ConnectionProfile> candidates = candidates(protocol, authentication);
        if (port != null) {
            return candidates.stream()
                    .filter(profile -> profile.port() == port)
                    .findFirst()
                    .orElse(null);
        }
        return candidates.stream()
                .filter(profile -> profile.alpn() == null)
                .findFirst()
                .orElse(candidates.isEmpty() ? null : candidates.get(0));
    }

    private static List<ConnectionProfile> candidates(DeviceProtocol protocol, DeviceAuthentication authentication) {
        return Arrays.stream(ConnectionProfile.values())
                .filter(profile -> profile.protocol() == protocol && profile.authentication() == authentication)
                .toList();
    }

    private static List<ConnectionProfile> sameProtocol(DeviceProtocol protocol) {
        return Arrays.stream(ConnectionProfile.values())
                .filter(profile -> profile.protocol() == protocol)
                .toList();
    }

    private static IllegalArgumentException refusal(
            DeviceProtocol protocol,
            DeviceAuthentication authentication,
            Integer port,
            List<ConnectionProfile> alternatives) {
        return new IllegalArgumentException("AWS IoT Core has no protocol=" + protocol + "&authentication="
                + authentication + (port == null ? "" : "&port=" + port) + "; it has "
                + alternatives.stream().map(ConnectionProfile::toString).collect(Collectors.joining(", ")));
    }
}
