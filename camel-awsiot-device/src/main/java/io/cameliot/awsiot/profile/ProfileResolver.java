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
package io.cameliot.awsiot.profile;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the {@link ConnectionProfile} that the options ask for. */
public final class ProfileResolver {

    private ProfileResolver() {}

    /**
     * @param port null chooses the port that needs no ALPN where there are two
     * @throws IllegalArgumentException if AWS IoT Core has no such combination; the message names those that it has
     */
    public static ConnectionProfile resolve(
            DeviceProtocol protocol, DeviceAuthentication authentication, Integer port) {
        List<ConnectionProfile> candidates = Arrays.stream(ConnectionProfile.values())
                .filter(profile -> profile.protocol() == protocol && profile.authentication() == authentication)
                .toList();
        if (candidates.isEmpty()) {
            throw refusal(protocol, authentication, port, sameProtocol(protocol));
        }
        if (port == null) {
            return candidates.stream()
                    .filter(profile -> profile.alpn() == null)
                    .findFirst()
                    .orElse(candidates.get(0));
        }
        return candidates.stream()
                .filter(profile -> profile.port() == port)
                .findFirst()
                .orElseThrow(() -> refusal(protocol, authentication, port, candidates));
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
