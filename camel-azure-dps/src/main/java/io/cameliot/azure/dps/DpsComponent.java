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
package io.cameliot.azure.dps;

import io.cameliot.azure.dps.camel.GracefulStop;
import io.cameliot.azure.dps.fleet.DeviceFleet;
import io.cameliot.common.camel.AnyLocaleConfigurer;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.UriSecrets;
import io.cameliot.common.identity.SharedTrust;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** The azure-dps component: {@code azure-dps:idScope/registrationId}. */
@Component(DpsComponent.SCHEME)
public class DpsComponent extends HealthCheckComponent implements SSLContextParametersAware {

    static final String SCHEME = "azure-dps";

    @Metadata(description = "Options for all endpoints, where an endpoint does not set its own.")
    private DpsConfiguration configuration = new DpsConfiguration();

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to use the global SSLContextParameters of the Camel context, where neither"
                    + " sslContextParameters nor the options of certificates and keys are set.")
    private boolean useGlobalSslContextParameters;

    private final UriSecrets secrets = new UriSecrets();
    private final SharedTrust trust = new SharedTrust();
    private final GracefulStop gracefulStop = new GracefulStop();
    private final Set<DeviceFleet> fleets = ConcurrentHashMap.newKeySet();
    private MqttThreads threads;

    public DpsComponent() {}

    public DpsComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected void doBuild() throws Exception {
        super.doBuild();
        AnyLocaleConfigurer.register(getCamelContext(), DpsConfiguration.class);
        UriSecrets.addKeywords(getCamelContext(), SCHEME);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DpsEndpoint endpoint = new DpsEndpoint(
                uri,
                UriSecrets.mask(uri, UriSecrets.secretOptions(getCamelContext(), SCHEME)),
                this,
                configuration.copy());
        int slash = remaining.indexOf('/');
        endpoint.setIdScope(slash < 0 ? remaining : remaining.substring(0, slash));
        endpoint.setRegistrationId(
                slash < 0 || slash == remaining.length() - 1 ? null : remaining.substring(slash + 1));
        UriSecrets.undoDecoding(uri, parameters);
        setProperties(endpoint, parameters);
        endpoint.getConfiguration().useGlobalSslContextParameters(retrieveGlobalSslContextParameters());
        endpoint.checkOptions();
        secrets.adviseAgainstPasswordInProxy(endpoint.getConfiguration());
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext().addLifecycleStrategy(gracefulStop);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        threads = MqttThreads.create(getCamelContext(), this, "AzureDps");
    }

    @Override
    protected void doStop() throws Exception {
        if (threads != null) {
            // Those of a ProducerTemplate that is still open: its producers stop after their component.
            fleets.forEach(DeviceFleet::close);
            threads.shutdown();
            threads = null;
        }
        super.doStop();
    }

    /** To be closed with the component, if not before. */
    Set<DeviceFleet> fleets() {
        return fleets;
    }

    /** Of the connections of all endpoints. */
    MqttThreads threads() {
        return threads;
    }

    SharedTrust trust() {
        return trust;
    }

    GracefulStop gracefulStop() {
        return gracefulStop;
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return AnyLocaleConfigurer.of(super.getComponentPropertyConfigurer());
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return AnyLocaleConfigurer.of(super.getEndpointPropertyConfigurer());
    }

    public DpsConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DpsConfiguration configuration) {
        this.configuration = configuration;
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
