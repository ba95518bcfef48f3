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

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.regex.Pattern;

/** Checks the names of servers in options: an ASCII host name of RFC 1123, or an IP address. */
public final class HostName {

    private static final int MAX_LENGTH = 253;

    private static final Pattern NAME = names("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /** Container networks resolve names with underscores, which TLS does not allow. */
    private static final Pattern DIALLED_NAME = names("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");

    private static final Pattern LIKE_IPV4 = Pattern.compile("(?:.*\\.)?[0-9]+");
    private static final Pattern IPV4 = names("(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f.]*:[0-9a-f:.]*");
    private static final Pattern ZONE = Pattern.compile("%[a-z0-9_.-]+$");

    private HostName() {}

    private static Pattern names(String label) {
        return Pattern.compile(label + "(?:\\." + label + ")*");
    }

    /**
     * Normalizes a server's name for TLS, the Host header and signatures: without surrounding blanks, in lower case,
     * without the final dot of a fully qualified name; an IPv6 address without brackets.
     *
     * @param option the option that names the server, for error messages
     * @throws IllegalArgumentException if it is neither a host name nor an IP address; a name with other than ASCII
     *     letters must have its ASCII form
     */
    public static String normalize(String option, String text) {
        String host = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (isIpv6(host)) {
                return host;
            }
        } else if (isIpv6(host) || isName(withoutRootDot(host), NAME)) {
            return withoutRootDot(host);
        }
        throw new IllegalArgumentException("Option " + option + " '" + text + "' is not a host name: it consists of"
                + " letters, digits and hyphens in parts of 1 to 63, with dots between them, " + MAX_LENGTH
                + " characters at most; other letters are written in their ASCII form (xn--…)");
    }

    /** Whether a name or address without brackets can be dialled. */
    static boolean isDiallable(String host) {
        String small = host.toLowerCase(Locale.ROOT);
        return isIpv6(ZONE.matcher(small).replaceFirst("")) || isName(withoutRootDot(small), DIALLED_NAME);
    }

    private static boolean isName(String host, Pattern pattern) {
        return host.length() <= MAX_LENGTH
                && (LIKE_IPV4.matcher(host).matches()
                        ? IPV4.matcher(host).matches()
                                && host.chars().filter(c -> c == '.').count() == 3
                        : pattern.matcher(host).matches());
    }

    private static boolean isIpv6(String host) {
        return IPV6.matcher(host).matches() && NetUtil.isValidIpV6Address(host);
    }

    private static String withoutRootDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
