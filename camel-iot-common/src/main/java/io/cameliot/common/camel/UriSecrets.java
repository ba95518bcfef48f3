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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a component does for the secrets in the URIs of its endpoints, besides what Camel does by the names of options. */
public final class UriSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(UriSecrets.class);

    private static final String MASK = "xxxxxx";

    private static final String PROXY = "proxy";

    /** The value of an option; RAW ends where a bracket is the last character of the option. */
    private static final String VALUE = "=(RAW\\(.*?\\)(?=&|$)|RAW\\{.*?\\}(?=&|$)|[^&]*)";

    private static final Pattern PROXY_IN_URI = Pattern.compile("[?&]" + PROXY + VALUE, Pattern.CASE_INSENSITIVE);

    private static final Pattern LOGIN = Pattern.compile("(.*?(?:://|%3A%2F%2F)).*(@|%40)", Pattern.CASE_INSENSITIVE);

    private final AtomicBoolean warned = new AtomicBoolean();

    /** Has Camel mask the secret options of a component, as far as it can be told to. */
    public static void addKeywords(CamelContext camelContext, String scheme) {
        SensitiveKeywords.add(camelContext, secretOptions(camelContext, scheme));
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
