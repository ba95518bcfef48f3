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
import io.cameliot.common.meters.Meters;
import java.util.Arrays;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.HealthCheckComponent;

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
    private Meters meters;

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
        AnyLocaleConfigurer.register(getCamelContext(), getConfiguration().getClass());
        UriSecrets.addKeywords(getCamelContext(), scheme);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DeviceEndpoint endpoint =
                newEndpoint(uri, UriSecrets.mask(uri, UriSecrets.secretOptions(getCamelContext(), scheme)), remaining);
        UriSecrets.undoDecoding(uri, parameters);
        try {
            setProperties(endpoint, parameters);
        } catch (PropertyBindingException e) {
            throw withAllowedValues(e);
        }
        endpoint.getConfiguration().useGlobalSslContextParameters(retrieveGlobalSslContextParameters());
        endpoint.checkOptions();
        secrets.adviseAgainstPasswordInProxy(endpoint.getConfiguration());
        return endpoint;
    }

    /** Camel's own message names the option and the value, but not the allowed values. */
    private Exception withAllowedValues(PropertyBindingException e) {
        Class<?> type = e.getPropertyName() == null
                ? null
                : ((PropertyConfigurerGetter) getEndpointPropertyConfigurer()).getOptionType(e.getPropertyName(), true);
        return type == null || !type.isEnum()
                ? e
                : new IllegalArgumentException(
                        "Option " + e.getPropertyName() + "=" + e.getValue() + " is not one of "
                                + Arrays.toString(type.getEnumConstants()),
                        e);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        meters = Meters.of(getCamelContext());
        threads = MqttThreads.create(getCamelContext(), this, threadName);
    }

    @Override
    protected void doStop() throws Exception {
        if (threads != null) {
            try {
                closeConnections();
            } finally {
                threads.shutdown();
                threads = null;
                meters.removeAll();
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

    /** Returns where the component registers its meters, which are removed when it stops. */
    protected Meters meters() {
        return meters;
    }

    /** Returns the CA certificates that endpoints share. */
    public SharedTrust trust() {
        return trust;
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return AnyLocaleConfigurer.of(super.getComponentPropertyConfigurer());
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return AnyLocaleConfigurer.of(super.getEndpointPropertyConfigurer());
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
