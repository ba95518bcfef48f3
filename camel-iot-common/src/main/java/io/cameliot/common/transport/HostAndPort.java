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
package io.cameliot.common.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host name or IP literal with a port.
 *
 * @param host host name, IPv4 literal or IPv6 literal without brackets
 * @param port TCP port, 1 to 65535
 */
public record HostAndPort(String host, int port) {

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[([^\\[\\]]*:[^\\[\\]]*)]|([^:]+)):([0-9]{1,5})");

    public HostAndPort {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("The host is empty");
        }
        if (!isPort(port)) {
            throw new IllegalArgumentException("The port " + port + " is not between 1 and 65535");
        }
    }

    /**
     * Parses {@code host:port}. An IPv6 literal has brackets: {@code [::1]:8883}.
     *
     * @throws IllegalArgumentException if the text does not have that form
     */
    public static HostAndPort parse(String option) {
        String text = option.strip();
        Matcher parts = HOST_AND_PORT.matcher(text);
        if (parts.matches()) {
            String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
            int port = Integer.parseInt(parts.group(3));
            if (HostName.isDiallable(host) && isPort(port)) {
                return new HostAndPort(host, port);
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not host:port with a port from 1 to 65535 (an IPv6 address stands in brackets)");
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65535;
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
