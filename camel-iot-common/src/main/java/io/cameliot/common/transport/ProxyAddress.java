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

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A forward proxy and its login.
 *
 * @param scheme the proxy's protocol
 * @param address the proxy's address
 * @param user user name; null for none
 * @param password never shown by {@link #toString()}; null if there is no user, otherwise possibly empty
 */
public record ProxyAddress(Scheme scheme, HostAndPort address, String user, String password) {

    private static final String ALLOWED = "http://host:port or socks5://host:port, and user name and password as ";

    /** Bytes. RFC 1929 has one byte for the length of each. */
    private static final int MAX_SOCKS_BYTES = 255;

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

    /** The protocols of forward proxies. */
    public enum Scheme {
        /** HTTP CONNECT (RFC 9110, section 9.3.6). */
        HTTP,
        /** SOCKS 5 (RFC 1928); the proxy resolves host names. */
        SOCKS5;

        private static Scheme parse(String text, String loginOptions) {
            return Arrays.stream(values())
                    .filter(scheme -> scheme.toString().equalsIgnoreCase(text))
                    .findFirst()
                    // Any other text before :// can be part of a password.
                    .orElseThrow(() -> new IllegalArgumentException((text.matches("\\w+") ? "'" + text + "'" : "This")
                            + " is no supported proxy scheme: give " + ALLOWED + loginOptions));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Parses {@code http://[user:password@]host:port} or {@code socks5://[user:password@]host:port}. The last {@code @}
     * ends the password and the first colon ends the user name. Each is percent-decoded only if it contains an escape.
     *
     * @param loginOptions the options that can set user name and password instead, for messages, such as
     *     {@code options a and b}
     * @throws IllegalArgumentException if the text does not have that form, or if the user name or password is
     *     ambiguous; the message contains neither
     */
    public static ProxyAddress parse(String text, String loginOptions) {
        int schemeEnd = text.indexOf("://");
        if (schemeEnd < 0) {
            throw new IllegalArgumentException("The proxy has no scheme: give " + ALLOWED + loginOptions);
        }
        Scheme scheme = Scheme.parse(text.substring(0, schemeEnd), loginOptions);
        String authority = text.substring(schemeEnd + 3);
        if (authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        int userInfoEnd = authority.lastIndexOf('@');
        HostAndPort address = address(authority, userInfoEnd, loginOptions);
        if (userInfoEnd < 0) {
            return new ProxyAddress(scheme, address, null, null);
        }
        String userInfo = authority.substring(0, userInfoEnd);
        int colon = userInfo.indexOf(':');
        String user = decode("user name", colon < 0 ? userInfo : userInfo.substring(0, colon), loginOptions);
        String password = decode("password", colon < 0 ? "" : userInfo.substring(colon + 1), loginOptions);
        return new ProxyAddress(scheme, address, null, null)
                .withLogin("The proxy's user name", user, "The proxy's password", password);
    }

    private static HostAndPort address(String authority, int userInfoEnd, String loginOptions) {
        try {
            return HostAndPort.parse(authority.substring(userInfoEnd + 1));
        } catch (IllegalArgumentException e) {
            // Neither the message nor the exception is kept: a text that is not host and port can be part of a
            // password.
            boolean isHost = userInfoEnd < 0 && authority.matches("[A-Za-z0-9.-]+");
            throw new IllegalArgumentException((isHost ? "'" + authority + "'" : "What follows the scheme")
                    + " is not host:port with a port from 1 to 65535 (an IPv6 address stands in brackets): give "
                    + ALLOWED + loginOptions);
        }
    }

    /**
     * Returns the same proxy with a user name and a password, which are not decoded.
     *
     * @param userOption name of the user name in messages
     * @param passwordOption name of the password in messages
     * @throws IllegalArgumentException if the proxy's protocol cannot carry one of them
     */
    public ProxyAddress withLogin(String userOption, String user, String passwordOption, String password) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException(userOption + " is empty");
        }
        if (scheme == Scheme.HTTP && user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(userOption + " has a colon, which HTTP does not allow (RFC 7617)");
        }
        requireSendable(userOption, user);
        requireSendable(passwordOption, password);
        return new ProxyAddress(scheme, address, user, password);
    }

    private void requireSendable(String option, String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(option + " has control characters (value not shown)");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (scheme == Scheme.SOCKS5 && bytes > MAX_SOCKS_BYTES) {
            throw new IllegalArgumentException(
                    option + " has " + bytes + " bytes, and SOCKS 5 takes " + MAX_SOCKS_BYTES + " at most (RFC 1929)");
        }
    }

    private static String decode(String what, String text, String loginOptions) {
        if (text.indexOf(' ') >= 0) {
            throw ambiguous(what, "holds a space, which may have been a plus sign", loginOptions);
        }
        if (!ESCAPE.matcher(text).find()) {
            return text;
        }
        if (ESCAPE.matcher(text).replaceAll("").indexOf('%') >= 0) {
            throw ambiguous(what, "has percent signs that begin an escape and others that do not", loginOptions);
        }
        // Unlike in a form, a plus sign does not mean a space.
        String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (decoded.indexOf('\uFFFD') >= 0) {
            throw ambiguous(what, "is not percent-encoded in UTF-8", loginOptions);
        }
        return decoded;
    }

    private static IllegalArgumentException ambiguous(String what, String why, String loginOptions) {
        return new IllegalArgumentException("The proxy's " + what + " " + why + " (value not shown): give it as "
                + loginOptions + ", which are taken as they are, in a URI as RAW(...)");
    }

    /** Whether the proxy requires a login. */
    public boolean hasUser() {
        return user != null;
    }

    /** Omits user name and password. */
    @Override
    public String toString() {
        return scheme + "://" + address;
    }
}
