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
package io.cameliot.common.camel;

import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.transport.ProxyAddress;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.util.SensitiveUtils;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Protects the secrets in endpoint URIs that Camel's own keywords do not protect. */
public final class UriSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(UriSecrets.class);

    private static final String MASK = "xxxxxx";

    private static final String PROXY = "proxy";

    /**
     * Camel masks only the first match of the additional keywords in a URI. Of all secret options only {@code proxy}
     * contains none of Camel's own keywords, so {@code proxy} is a keyword of its own. The other names form one
     * keyword, which matches nothing in a URI, but by which the summary finds them. Misspelt names follow as keywords
     * of their own.
     */
    private static final String KEYWORDS = PROXY + ",";

    /** Stands for the names where there are none. */
    private static final String NO_NAME = "(none)";

    /** Of the characters that can be printed, those that are excluded from URIs (RFC 2396 section 2.4.3). */
    private static final String ILLEGAL_IN_URI = "\"<>\\^`{|}";

    /** In characters. */
    private static final int MAX_KEYWORDS = 2_000;

    /** The value of an option. RAW ends at a bracket that is the last character of the option. */
    private static final String VALUE = "=(RAW\\(.*?\\)(?=&|$)|RAW\\{.*?\\}(?=&|$)|[^&]*)";

    private static final Pattern PROXY_IN_URI = Pattern.compile("[?&]" + PROXY + VALUE, Pattern.CASE_INSENSITIVE);

    private static final Pattern LOGIN = Pattern.compile("(.*?(?:://|%3A%2F%2F)).*(@|%40)", Pattern.CASE_INSENSITIVE);

    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Adds the names of a component's secret options to Camel's keywords, so that Camel masks them in URIs and in the
     * summary of properties that camel-main logs. Camel 4.14 does not support additional keywords. Keywords that the
     * user has set stay unchanged, because Camel would mask ours instead of the user's in the same URI.
     */
    public static void addKeywords(CamelContext camelContext, String scheme) {
        ExtendedCamelContext extension = camelContext.getCamelContextExtension();
        try {
            String present = keywords(extension);
            if (present != null && !present.startsWith(KEYWORDS)) {
                return;
            }
            Set<String> names = new TreeSet<>();
            String misspelt = "";
            if (present != null) {
                String[] keywords = present.split(",", 3);
                Collections.addAll(names, keywords[1].split(" "));
                names.remove(NO_NAME);
                misspelt = keywords.length == 3 ? "," + keywords[2] : "";
            }
            secretOptions(camelContext, scheme).stream()
                    .filter(option -> !option.equals(PROXY) && !SensitiveUtils.containsSensitive(option))
                    .forEach(names::add);
            // An empty keyword would match the first option of every URI.
            setKeywords(extension, KEYWORDS + (names.isEmpty() ? NO_NAME : String.join(" ", names)) + misspelt);
        } catch (ReflectiveOperationException e) {
            // Camel 4.14, which does not support additional keywords.
        }
    }

    /**
     * Has Camel mask the value of a misspelt secret in the exceptions that it makes of ours. Keywords that the user has
     * set stay unchanged. Because Camel masks only the first match in a URI, a name is no keyword where it would be
     * masked instead of {@code proxy}.
     *
     * @param uri the URI with the name
     * @param name the misspelt name
     * @param options the names of all options
     */
    static void maskMisspelt(CamelContext camelContext, String uri, String name, Collection<String> options) {
        String keyword = name.toLowerCase(Locale.ROOT);
        if (keyword.contains(",")
                || PROXY_IN_URI.matcher(uri).find()
                || options.stream()
                        .anyMatch(option -> option.toLowerCase(Locale.ROOT).contains(keyword))) {
            return;
        }
        ExtendedCamelContext extension = camelContext.getCamelContextExtension();
        try {
            String present = keywords(extension);
            if (present != null
                    && present.startsWith(KEYWORDS)
                    && present.length() < MAX_KEYWORDS
                    && !List.of(present.split(",")).contains(keyword)) {
                setKeywords(extension, present + "," + keyword);
            }
        } catch (ReflectiveOperationException e) {
            // Camel 4.14, which does not support additional keywords.
        }
    }

    private static String keywords(ExtendedCamelContext extension) throws ReflectiveOperationException {
        return (String) ExtendedCamelContext.class
                .getMethod("getAdditionalSensitiveKeywords")
                .invoke(extension);
    }

    private static void setKeywords(ExtendedCamelContext extension, String keywords)
            throws ReflectiveOperationException {
        Method set = ExtendedCamelContext.class.getMethod("setAdditionalSensitiveKeywords", String.class);
        set.invoke(extension, keywords);
    }

    /**
     * Prevents a second percent-decoding of {@code proxy}. Camel has already decoded the value in a URI, but not in
     * {@code RAW()} and not in a property.
     *
     * @param uri the endpoint's URI as Camel passes it to the component
     * @param parameters the parameters of the same endpoint, which are changed
     */
    public static void undoDecoding(String uri, Map<String, Object> parameters) {
        Matcher option = PROXY_IN_URI.matcher(uri);
        if (option.find() && !option.group(1).startsWith(URISupport.RAW_TOKEN_PREFIX)) {
            parameters.computeIfPresent(PROXY, (name, value) -> value.toString().replace("%", "%25"));
        }
    }

    /**
     * Masks the values of the secret options in a URI; in {@code proxy} only user name and password. Camel masks the
     * URI again in its messages, but a password with a bracket only up to the bracket, and its developer console shows
     * the URI unchanged.
     *
     * @param secretOptions their names
     */
    public static String mask(String uri, Set<String> secretOptions) {
        return Pattern.compile("([?&](" + String.join("|", secretOptions) + "))" + VALUE, Pattern.CASE_INSENSITIVE)
                .matcher(uri)
                .replaceAll(option -> Matcher.quoteReplacement(option.group(1) + "="
                        + (option.group(2).equalsIgnoreCase(PROXY)
                                ? LOGIN.matcher(option.group(3)).replaceFirst("$1" + MASK + "$2")
                                : MASK)));
    }

    /**
     * Says which option makes a URI no URI. The JDK's message shows the URI with all its secrets.
     *
     * @param options the names of the options
     */
    static IllegalArgumentException withoutUri(URISyntaxException failure, Set<String> options) {
        int index = illegal(failure.getInput(), Math.max(0, failure.getIndex()));
        String before = failure.getInput().substring(0, index);
        String place = options.stream()
                .filter(option -> position(option, before) >= 0)
                .max(Comparator.comparingInt(option -> position(option, before)))
                .map(option -> "Option " + option)
                .orElse("The URI");
        return new IllegalArgumentException(place + " holds a character that a URI cannot have, "
                + Character.getName(failure.getInput().codePointAt(index))
                + " (value not shown): remove it, such as the"
                + " line end of the file that the value came from, or write it percent-encoded");
    }

    /** The failure's index can be the beginning of the part of the URI that holds the character. */
    private static int illegal(String uri, int from) {
        return IntStream.range(from, uri.length())
                .filter(i -> Character.isISOControl(uri.charAt(i))
                        || Character.isWhitespace(uri.charAt(i))
                        || Character.isSpaceChar(uri.charAt(i))
                        || ILLEGAL_IN_URI.indexOf(uri.charAt(i)) >= 0)
                .findFirst()
                .orElse(from);
    }

    private static int position(String option, String uri) {
        return Math.max(uri.lastIndexOf("?" + option + "="), uri.lastIndexOf("&" + option + "="));
    }

    /** The names of a component's secret options. */
    public static Set<String> secretOptions(CamelContext camelContext, String scheme) {
        return camelContext
                .getCamelContextExtension()
                .getEndpointUriFactory(scheme)
                .secretPropertyNames();
    }

    /** Warns once about a password in {@code proxy}, which Camel and its tools may show. */
    public void adviseAgainstPasswordInProxy(TlsConfiguration options) {
        ProxyAddress proxy = options.proxyAddress();
        boolean inside = proxy != null && proxy.hasUser() && options.getProxyUsername() == null;
        if (inside && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "Option proxy ({}) holds a user name and a password, which Camel can show in logs and errors: give"
                            + " them as options proxyUsername and proxyPassword",
                    proxy);
        }
    }
}
