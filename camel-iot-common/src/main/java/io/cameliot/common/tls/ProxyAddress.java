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
package io.cameliot.common.tls;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A forward proxy and how to log in to it.
 *
 * @param scheme the proxy's protocol
 * @param address where it listens
 * @param user user name, null for none
 * @param password never shown by {@link #toString()}; null if there is no user, and else perhaps empty
 */
public record ProxyAddress(Scheme scheme, HostAndPort address, String user, String password) {

    private static final String ALLOWED = "http://[user:password@]host:port or socks5://[user:password@]host:port";
    private static final int MAX_CREDENTIAL_BYTES = 255;

    /** Option {@code proxy} in an endpoint URI, encoded or not, from its scheme to its host. */
    private static final Pattern PASSWORD_IN_URI = Pattern.compile(
            "([?&]proxy=(?:RAW[({])?\\w+(?:://|%3A%2F%2F)(?:(?!%3A)[^&:])*(?::|%3A))[^&]*(@|%40)",
            Pattern.CASE_INSENSITIVE);

    /** The protocols that a proxy is asked by. */
    public enum Scheme {
        /** HTTP CONNECT (RFC 9110, section 9.3.6). */
        HTTP,
        /** SOCKS 5 (RFC 1928), whose proxy resolves the names. */
        SOCKS5;

        private static Scheme parse(String text) {
            return Arrays.stream(values())
                    .filter(scheme -> scheme.toString().equalsIgnoreCase(text))
                    .findFirst()
                    // Anything else before :// can be a piece of a password.
                    .orElseThrow(() -> new IllegalArgumentException((text.matches("\\w+") ? "'" + text + "'" : "This")
                            + " is no supported proxy scheme: give " + ALLOWED));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Parses {@code http://[user:password@]host:port} or {@code socks5://[user:password@]host:port}. User name and
     * password are percent-decoded.
     *
     * @throws IllegalArgumentException if the text is not of that form; the message does not hold the password
     */
    public static ProxyAddress parse(String text) {
        int schemeEnd = text.indexOf("://");
        if (schemeEnd < 0) {
            throw new IllegalArgumentException("The proxy has no scheme: give " + ALLOWED);
        }
        Scheme scheme = Scheme.parse(text.substring(0, schemeEnd));
        // The last one: an @ that was not encoded then belongs to the password.
        int userInfoEnd = text.lastIndexOf('@');
        String hostAndPort = text.substring(Math.max(userInfoEnd + 1, schemeEnd + 3));
        if (hostAndPort.endsWith("/")) {
            hostAndPort = hostAndPort.substring(0, hostAndPort.length() - 1);
        }
        HostAndPort address = HostAndPort.parse(hostAndPort);
        if (userInfoEnd < 0) {
            return new ProxyAddress(scheme, address, null, null);
        }
        String userInfo = text.substring(schemeEnd + 3, userInfoEnd);
        int colon = userInfo.indexOf(':');
        String user = credential("user name", colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = credential("password", colon < 0 ? "" : userInfo.substring(colon + 1));
        if (user.isEmpty() || scheme == Scheme.HTTP && user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "The proxy's user name is empty or has a colon, which HTTP does not allow: give " + ALLOWED);
        }
        return new ProxyAddress(scheme, address, user, password);
    }

    /**
     * The URI of an endpoint with the password of its option {@code proxy} masked. Camel itself masks by the names of
     * options, and does not expect a password here.
     */
    public static String maskPassword(String endpointUri) {
        return PASSWORD_IN_URI.matcher(endpointUri).replaceAll("$1xxxxxx$2");
    }

    private static String credential(String what, String encoded) {
        String text;
        try {
            // Other than in a form, a plus sign is a plus sign.
            text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The proxy's " + what + " is not percent-encoded: a % sign in it is written %25");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_CREDENTIAL_BYTES
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "The proxy's " + what + " has control characters or more than " + MAX_CREDENTIAL_BYTES + " bytes");
        }
        return text;
    }

    /** Whether the proxy is to be told a user name and a password. */
    public boolean hasUser() {
        return user != null;
    }

    /** Without user name and password. */
    @Override
    public String toString() {
        return scheme + "://" + address;
    }
}
