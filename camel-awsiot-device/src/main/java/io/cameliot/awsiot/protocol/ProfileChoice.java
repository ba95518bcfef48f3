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

/**
 * The protocol, port and ALPN name of a connection.
 *
 * @param protocol protocol to the device gateway
 * @param port TCP port
 * @param alpn ALPN protocol name, null to send none
 */
public record ProfileChoice(DeviceProtocol protocol, int port, String alpn) {

    private static final String AUTO = "auto";
    private static final String NONE = "none";

    /**
     * Chooses port and ALPN name by the options.
     *
     * @param port null chooses the default
     * @param alpn {@code auto} for the profile's name, {@code none}, or a name
     * @param strict whether only the documented profiles are allowed
     * @throws IllegalArgumentException if AWS IoT Core has no such combination and {@code strict} is set
     */
    public static ProfileChoice of(
            DeviceProtocol protocol, DeviceAuthentication authentication, Integer port, String alpn, boolean strict) {
        ConnectionProfile profile = strict
                ? ProfileResolver.resolve(protocol, authentication, port)
                : ProfileResolver.find(protocol, authentication, port);
        int chosenPort = profile != null ? profile.port() : port != null ? port : 443;
        String profileAlpn = profile == null ? null : profile.alpn();
        return new ProfileChoice(
                protocol,
                chosenPort,
                switch (alpn) {
                    case AUTO -> profileAlpn;
                    case NONE -> null;
                    default -> alpn;
                });
    }
}
