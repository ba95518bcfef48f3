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
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.util.SensitiveUtils;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a component does for the secrets in the URIs of its endpoints, besides what Camel does by the names of options. */
public final class UriSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(UriSecrets.class);

    private static final String MASK = "xxxxxx";

    private static final String PROXY = "proxy";

    /**
     * Of all secret options, {@code proxy} alone has none of Camel's own keywords in it, so that this keyword alone masks its
     * value in URIs. Camel masks the first match in a URI and no other: so this keyword is on its own, and the rest are one
     * that matches nothing in a URI, but is found by name in the summary.
     */
    private static final String KEYWORDS = PROXY + ",";

    /** The value of an option; RAW ends where a bracket is the last character of the option. */
    private static final String VALUE = "=(RAW\\(.*?\\)(?=&|$)|RAW\\{.*?\\}(?=&|$)|[^&]*)";

    private static final Pattern PROXY_IN_URI = Pattern.compile("[?&]" + PROXY + VALUE, Pattern.CASE_INSENSITIVE);

    private static final Pattern LOGIN = Pattern.compile("(.*?(?:://|%3A%2F%2F)).*(@|%40)", Pattern.CASE_INSENSITIVE);

    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Tells Camel which options of a component hold secrets, beyond the names that Camel knows of itself, so that it masks
     * them in URIs and in the summary of properties that camel-main logs. Camel 4.14 cannot be told. Where the user has set
     * keywords, those stay as they are, since Camel would mask ours instead of the user's in the same URI.
     */
    public static void addKeywords(CamelContext camelContext, String scheme) {
        ExtendedCamelContext extension = camelContext.getCamelContextExtension();
        try {
            String present = (String) ExtendedCamelContext.class
                    .getMethod("getAdditionalSensitiveKeywords")
                    .invoke(extension);
            if (present != null && !present.startsWith(KEYWORDS)) {
                return;
            }
            Set<String> names = new TreeSet<>();
            if (present != null) {
                Collections.addAll(names, present.substring(KEYWORDS.length()).split(" "));
            }
            secretOptions(camelContext, scheme).stream()
                    .filter(option -> !option.equals(PROXY) && !SensitiveUtils.containsSensitive(option))
                    .forEach(names::add);
            Method set = ExtendedCamelContext.class.getMethod("setAdditionalSensitiveKeywords", String.class);
            set.invoke(extension, KEYWORDS + String.join(" ", names));
        } catch (ReflectiveOperationException e) {
            // Camel 4.14, on which nothing can be added.
        }
    }

    /**
     * Keeps the value of {@code proxy} from being percent-decoded twice: in a URI Camel has done it, but not in
     * {@code RAW()} and not where the option comes from a property.
     *
     * @param uri the endpoint's URI as Camel gives it to the component
     * @param parameters of the same endpoint, which are changed
     */
    public static void undoDecoding(String uri, Map<String, Object> parameters) {
        Matcher option = PROXY_IN_URI.matcher(uri);
        if (option.find() && !option.group(1).startsWith(URISupport.RAW_TOKEN_PREFIX)) {
            parameters.computeIfPresent(PROXY, (name, value) -> value.toString().replace("%", "%25"));
        }
    }

    /**
     * The URI with the values of its secret options masked, and of {@code proxy} user name and password. Camel masks it
     * again where it shows it, but a password with a bracket in it not to the end, and its developer console shows the URI
     * as it is.
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

    /** The names of a component's options that hold secrets. */
    public static Set<String> secretOptions(CamelContext camelContext, String scheme) {
        return camelContext
                .getCamelContextExtension()
                .getEndpointUriFactory(scheme)
                .secretPropertyNames();
    }

    /** Warns, once, of a password inside {@code proxy}, which Camel and its tools show where they do not expect one. */
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
