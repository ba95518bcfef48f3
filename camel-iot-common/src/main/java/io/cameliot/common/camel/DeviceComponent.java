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

import io.cameliot.common.identity.SharedTrust;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.meters.SharedMeters;
import io.cameliot.common.text.ForeignText;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.TypeConversionException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;

/**
 * The base of the components. A component owns the threads of its connections, masks the secrets in its URIs, and
 * rejects bad options where the URI is created. The global SSL context parameters apply to an endpoint that sets no TLS
 * option itself.
 */
public abstract class DeviceComponent extends HealthCheckComponent implements SSLContextParametersAware {

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to use the global SSLContextParameters of the Camel context, where neither"
                    + " sslContextParameters nor the options of certificates and keys are set.")
    private boolean useGlobalSslContextParameters;

    private final String scheme;
    private final String threadName;
    private final UriSecrets secrets = new UriSecrets();
    private final SharedTrust trust = new SharedTrust();
    private MqttThreads threads;
    private SharedMeters meters;

    /**
     * Creates a component that is not built yet.
     *
     * @param scheme the scheme of its URIs
     * @param threadName the prefix of its threads' names
     */
    protected DeviceComponent(CamelContext camelContext, String scheme, String threadName) {
        super(camelContext);
        this.scheme = scheme;
        this.threadName = threadName;
    }

    /** Returns the options that endpoints start from. */
    public abstract TlsConfiguration getConfiguration();

    /**
     * Creates an endpoint with the component's options.
     *
     * @param uri the URI with its secrets; never shown
     * @param shownUri the same URI with its secrets masked
     * @param remaining the part between the scheme and the query
     */
    protected abstract DeviceEndpoint newEndpoint(String uri, String shownUri, String remaining);

    /** Closes all connections. The threads that they run on still exist at that point. */
    protected abstract void closeConnections() throws Exception;

    @Override
    protected void doBuild() throws Exception {
        super.doBuild();
        OptionConfigurer.register(getCamelContext(), getConfiguration().getClass());
        UriSecrets.addKeywords(getCamelContext(), scheme);
    }

    /** Says where a URI cannot be parsed without the URI, which the JDK's message shows with all its secrets. */
    @Override
    public Endpoint createEndpoint(String uri, Map<String, Object> properties) throws Exception {
        try {
            return super.createEndpoint(uri, properties);
        } catch (URISyntaxException e) {
            throw UriSecrets.withoutUri(
                    e,
                    getCamelContext()
                            .getCamelContextExtension()
                            .getEndpointUriFactory(scheme)
                            .propertyNames());
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DeviceEndpoint endpoint =
                newEndpoint(uri, UriSecrets.mask(uri, UriSecrets.secretOptions(getCamelContext(), scheme)), remaining);
        UriSecrets.undoDecoding(uri, parameters);
        try {
            setProperties(endpoint, parameters);
        } catch (PropertyBindingException e) {
            throw explained(e);
        }
        if (!parameters.isEmpty()) {
            throw unknownOptions(uri, endpoint, parameters.keySet());
        }
        endpoint.getConfiguration().useGlobalSslContextParameters(retrieveGlobalSslContextParameters());
        endpoint.checkOptions();
        secrets.adviseAgainstPasswordInProxy(endpoint.getConfiguration());
        return endpoint;
    }

    /**
     * Makes one option, a map, of all options that begin with a prefix. Their names are the user's, so Camel would not know
     * them.
     *
     * @param options changed
     * @param option the name of the map
     * @param ofTheComponent entries that apply where the options do not have them
     */
    protected static void gather(
            Map<String, Object> options, String prefix, String option, Map<String, Object> ofTheComponent) {
        Map<String, Object> gathered = PropertiesHelper.extractProperties(options, prefix);
        if (!gathered.isEmpty()) {
            Map<String, Object> all = new LinkedHashMap<>(ofTheComponent);
            all.putAll(gathered);
            options.put(option, all);
        }
    }

    /** Says what the options can have that Camel takes out of the URI before it sets the others. */
    @Override
    public <T> T getAndRemoveParameter(Map<String, Object> parameters, String key, Class<T> type) {
        Object value = parameters.get(key);
        try {
            return super.getAndRemoveParameter(parameters, key, type);
        } catch (TypeConversionException | IllegalArgumentException e) {
            throw OptionValues.refusal(key, value, type, getConfiguration().getClass(), e);
        }
    }

    /** Camel's own message shows the option and the value in the midst of the URI, and not what is allowed. */
    private RuntimeException explained(PropertyBindingException e) {
        if (e.getCause() instanceof IllegalArgumentException refusal) {
            return refusal;
        }
        Class<?> type = e.getPropertyName() == null
                ? null
                : ((PropertyConfigurerGetter) getEndpointPropertyConfigurer()).getOptionType(e.getPropertyName(), true);
        return type == null
                ? e
                : OptionValues.refusal(
                        e.getPropertyName(),
                        e.getValue(),
                        type,
                        getConfiguration().getClass(),
                        (Exception) e.getCause());
    }

    /**
     * Camel would find unknown options too, but only after our checks, which may miss the very option that was meant.
     * Its message shows their values, which may be secrets.
     */
    private RuntimeException unknownOptions(String uri, DeviceEndpoint endpoint, Set<String> names) {
        List<String> options = options(getEndpointPropertyConfigurer(), endpoint.getClass());
        Set<String> secretOptions = UriSecrets.secretOptions(getCamelContext(), scheme);
        StringJoiner unknown = new StringJoiner(", ");
        for (String name : names) {
            Optional<String> meant = OptionNames.nearest(name, options);
            if (meant.filter(secretOptions::contains).isPresent()) {
                UriSecrets.maskMisspelt(getCamelContext(), uri, name, options);
            }
            unknown.add(withAdvice(name, meant));
        }
        return new IllegalArgumentException("The component " + scheme + " has no option " + unknown
                + ". Values are not shown, because they may be secrets; write one with an & as RAW(...).");
    }

    private RuntimeException unknownProperty(String name) {
        List<String> options = options(super.getComponentPropertyConfigurer(), getClass());
        return new IllegalArgumentException(
                "The component " + scheme + " has no option " + withAdvice(name, OptionNames.nearest(name, options)));
    }

    private static String withAdvice(String name, Optional<String> meant) {
        return ForeignText.shown(name)
                + meant.map(option -> " (did you mean " + option + "?)").orElse("");
    }

    /** Returns the names of the options of a component or an endpoint, which both have setters for them. */
    private List<String> options(PropertyConfigurer configurer, Class<?> target) {
        PropertyConfigurerGetter options = (PropertyConfigurerGetter) configurer;
        return Stream.of(target, getConfiguration().getClass())
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .map(Method::getName)
                .filter(method -> method.length() > 3 && method.startsWith("set"))
                .map(method -> method.substring(3, 4).toLowerCase(Locale.ROOT) + method.substring(4))
                .filter(option -> options.getOptionType(option, false) != null)
                .toList();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        threads = MqttThreads.create(getCamelContext(), this, threadName);
        meters = SharedMeters.acquire(getCamelContext(), scheme);
    }

    @Override
    protected void doStop() throws Exception {
        if (threads != null) {
            try {
                closeConnections();
            } finally {
                threads.shutdown();
                threads = null;
                meters.release();
            }
        }
        super.doStop();
    }

    /** Returns the scheme of the URIs. */
    public String scheme() {
        return scheme;
    }

    /** Returns the threads of the connections of all endpoints; null while the component is stopped. */
    public MqttThreads threads() {
        return threads;
    }

    /** Returns the meters of all instances of the component, which are removed when the last one stops. */
    protected SharedMeters meters() {
        return meters;
    }

    /** Returns the CA certificates that endpoints share. */
    public SharedTrust trust() {
        return trust;
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return OptionConfigurer.of(
                super.getComponentPropertyConfigurer(), getConfiguration().getClass(), this::unknownProperty);
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return OptionConfigurer.of(
                super.getEndpointPropertyConfigurer(), getConfiguration().getClass());
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
