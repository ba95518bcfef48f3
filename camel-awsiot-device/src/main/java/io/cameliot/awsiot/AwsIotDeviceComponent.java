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
package io.cameliot.awsiot;

import io.cameliot.awsiot.https.HttpsLink;
import io.cameliot.awsiot.job.JobOwners;
import io.cameliot.awsiot.link.AwaitConnection;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.awsiot.link.DeviceLinkManager;
import io.cameliot.awsiot.link.MqttConnector;
import io.cameliot.awsiot.link.SessionConnector;
import io.cameliot.awsiot.outbox.OutboxManager;
import io.cameliot.awsiot.outbox.OutboxMode;
import io.cameliot.awsiot.outbox.OutboxOverflow;
import io.cameliot.awsiot.protocol.DeviceAuthentication;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.report.ReportMode;
import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.awsiot.request.RequestMode;
import io.cameliot.awsiot.request.Requests;
import io.cameliot.awsiot.service.ServiceRequests;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.AnyLocaleConfigurer;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.UriSecrets;
import io.cameliot.common.identity.SharedTrust;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Endpoint;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The component {@code awsiot-device}; all its endpoints share their connections. */
@Component(AwsIotDeviceComponent.SCHEME)
public class AwsIotDeviceComponent extends HealthCheckComponent implements SSLContextParametersAware {

    static final String SCHEME = "awsiot-device";

    private static final Map<String, Class<? extends Enum<?>>> ENUM_OPTIONS = Map.of(
            "protocol", DeviceProtocol.class,
            "authentication", DeviceAuthentication.class,
            "acknowledgement", AcknowledgementMode.class,
            "awaitConnection", AwaitConnection.class,
            "outbox", OutboxMode.class,
            "outboxOverflow", OutboxOverflow.class,
            "report", ReportMode.class,
            "request", RequestMode.class);

    private static final Logger LOG = LoggerFactory.getLogger(AwsIotDeviceComponent.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    @Metadata(description = "The options that endpoints start from.")
    private AwsIotDeviceConfiguration configuration = new AwsIotDeviceConfiguration();

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to use the global SSLContextParameters of the Camel context, where neither"
                    + " sslContextParameters nor the options of certificates and keys are set.")
    private boolean useGlobalSslContextParameters;

    private final UriSecrets secrets = new UriSecrets();
    private final SharedTrust trust = new SharedTrust();
    private final JobOwners jobOwners = new JobOwners();
    private MqttThreads threads;
    private DeviceLinkManager links;
    private OutboxManager outboxes;
    private final Map<DeviceLink, AwsIotDeviceConnectionView> managed = new ConcurrentHashMap<>();
    private RequestManager<Requests> requests;
    private RequestManager<ServiceRequests> serviceRequests;
    private final Queue<CompletableFuture<Void>> closings = new ConcurrentLinkedQueue<>();

    @Override
    protected void doBuild() throws Exception {
        super.doBuild();
        AnyLocaleConfigurer.register(getCamelContext(), AwsIotDeviceConfiguration.class);
        UriSecrets.addKeywords(getCamelContext(), SCHEME);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        AwsIotDeviceConfiguration options = configuration.copy();
        AwsIotDeviceEndpoint endpoint = new AwsIotDeviceEndpoint(
                uri,
                UriSecrets.mask(uri, UriSecrets.secretOptions(getCamelContext(), SCHEME)),
                this,
                remaining,
                options);
        UriSecrets.undoDecoding(uri, parameters);
        try {
            setProperties(endpoint, parameters);
        } catch (PropertyBindingException e) {
            throw withAllowedValues(e);
        }
        options.useGlobalSslContextParameters(retrieveGlobalSslContextParameters());
        // Bad options are to fail where the URI stands, before any route starts.
        endpoint.connectionSettings();
        endpoint.outboxSettings();
        endpoint.requestSettings();
        secrets.adviseAgainstPasswordInProxy(options);
        return endpoint;
    }

    /** Camel's own message names the option and the value, but not the values there are. */
    private static Exception withAllowedValues(PropertyBindingException e) {
        Class<? extends Enum<?>> type = ENUM_OPTIONS.get(e.getPropertyName());
        return type == null
                ? e
                : new IllegalArgumentException(
                        "Option " + e.getPropertyName() + "=" + e.getValue() + " is not one of "
                                + Arrays.toString(type.getEnumConstants()),
                        e);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        threads = MqttThreads.create(getCamelContext(), this, "AwsIotDevice");
        links = new DeviceLinkManager(this::createLink, this::manage, this::unmanage);
        outboxes = new OutboxManager(threads);
        requests = new RequestManager<>(connection -> new Requests(connection, threads));
        serviceRequests = new RequestManager<>(connection -> new ServiceRequests(connection, threads));
    }

    private DeviceLink createLink(ConnectionSettings settings) {
        return settings.protocol() == DeviceProtocol.https
                ? new HttpsLink(settings, threads)
                : new DeviceConnection(settings, connector(), threads);
    }

    SharedTrust trust() {
        return trust;
    }

    SessionConnector connector() {
        return new MqttConnector(threads);
    }

    private void manage(DeviceLink link) {
        AwsIotDeviceConnectionView view = new AwsIotDeviceConnectionView(link, () -> outboxes.status(link.settings()));
        try {
            getCamelContext().addService(view);
            managed.put(link, view);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    private void unmanage(DeviceLink link) {
        AwsIotDeviceConnectionView view = managed.remove(link);
        try {
            getCamelContext().removeService(view);
            ServiceHelper.stopAndShutdownService(view);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (threads != null) {
            // Those of a ProducerTemplate that is still open: its producers stop after their component.
            requests.closeAll();
            serviceRequests.closeAll();
            closings.add(outboxes.closeAll());
            try {
                await(CompletableFuture.allOf(closings.toArray(CompletableFuture[]::new))
                        .thenCompose(nothing -> links.closeAll()));
            } finally {
                closings.clear();
                threads.shutdown();
                threads = null;
            }
        }
    }

    /**
     * Waits until a link is closed. When the whole Camel context stops, the component waits for all of them together, as
     * the last to stop.
     */
    void awaitClosed(CompletableFuture<Void> closing) throws InterruptedException {
        if (getCamelContext().isStopping()) {
            closings.add(closing);
        } else {
            await(closing);
        }
    }

    private static void await(CompletableFuture<Void> closing) throws InterruptedException {
        try {
            closing.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("Not every connection was closed within {} s", CLOSE_TIMEOUT.toSeconds(), e);
        }
    }

    DeviceLinkManager links() {
        return links;
    }

    OutboxManager outboxes() {
        return outboxes;
    }

    RequestManager<Requests> requests() {
        return requests;
    }

    RequestManager<ServiceRequests> serviceRequests() {
        return serviceRequests;
    }

    JobOwners jobOwners() {
        return jobOwners;
    }

    MqttThreads threads() {
        return threads;
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return AnyLocaleConfigurer.of(super.getComponentPropertyConfigurer());
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return AnyLocaleConfigurer.of(super.getEndpointPropertyConfigurer());
    }

    public AwsIotDeviceConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(AwsIotDeviceConfiguration configuration) {
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
