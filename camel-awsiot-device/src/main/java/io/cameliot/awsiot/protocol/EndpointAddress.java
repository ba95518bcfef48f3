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

import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.HostName;
import java.util.Locale;
import java.util.Set;

/**
 * The address of a server of AWS IoT, as an option gives it.
 *
 * @param host lower-case host name, or IP address
 * @param port port of the URL, null if it has none
 */
public record EndpointAddress(String host, Integer port) {

    private static final Set<String> SECURE_SCHEMES = Set.of("https", "wss", "mqtts", "ssl", "tls");

    /**
     * Parses option {@code endpoint}, the device data endpoint.
     *
     * @throws IllegalArgumentException as the other {@code parse}
     */
    public static EndpointAddress parse(String text) {
        return parse(
                "endpoint",
                text,
                "give the host name of your device data endpoint (aws iot describe-endpoint --endpoint-type"
                        + " iot:Data-ATS)");
    }

    /**
     * Parses a host name, or extracts it from a URL.
     *
     * @param option the option that contains the text
     * @param advice says what to give if the option is missing
     * @throws IllegalArgumentException if the text contains no host name, or if the URL's protocol is not encrypted
     */
    public static EndpointAddress parse(String option, String text, String advice) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("Option " + option + " is missing: " + advice);
        }
        String rest = text.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            requireSecure(option, text, rest.substring(0, scheme).toLowerCase(Locale.ROOT));
            rest = rest.substring(scheme + 3);
        }
        int path = rest.indexOf('/');
        if (path >= 0) {
            rest = rest.substring(0, path);
        }
        int colon = rest.lastIndexOf(':');
        if (colon < 0 || rest.indexOf(':') < colon && !rest.startsWith("[") || rest.endsWith("]")) {
            return new EndpointAddress(HostName.normalize(option, rest), null);
        }
        String host = HostName.normalize(option, rest.substring(0, colon));
        try {
            return new EndpointAddress(host, HostAndPort.parse(rest).port());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option " + option + ": " + e.getMessage(), e);
        }
    }

    private static void requireSecure(String option, String text, String scheme) {
        if (!SECURE_SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException("Option " + option + " '" + text + "': " + scheme
                    + ":// is not encrypted or not known; give the host name only, the connection is always TLS");
        }
    }
}
