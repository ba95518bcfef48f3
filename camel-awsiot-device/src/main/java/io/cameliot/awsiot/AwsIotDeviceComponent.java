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
import io.cameliot.awsiot.link.ConnectionCounters;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.awsiot.link.DeviceLinkManager;
import io.cameliot.awsiot.link.MqttConnector;
import io.cameliot.awsiot.link.Predecessor;
import io.cameliot.awsiot.link.SessionConnector;
import io.cameliot.awsiot.monitor.ConnectionMeters;
import io.cameliot.awsiot.outbox.OutboxManager;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.awsiot.request.Requests;
import io.cameliot.awsiot.service.ServiceRequests;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.camel.DeviceComponent;
import io.cameliot.common.camel.DeviceEndpoint;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The component {@code awsiot-device}; all its endpoints share their connections. */
@Component(AwsIotDeviceComponent.SCHEME)
public class AwsIotDeviceComponent extends DeviceComponent {

    static final String SCHEME = "awsiot-device";

    private static final Logger LOG = LoggerFactory.getLogger(AwsIotDeviceComponent.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    @Metadata(description = "The options that endpoints start from.")
    private AwsIotDeviceConfiguration configuration = new AwsIotDeviceConfiguration();

    private final JobOwners jobOwners = new JobOwners();
    private DeviceLinkManager links;
    private OutboxManager outboxes;
    private final Map<DeviceLink, AwsIotDeviceConnectionView> managed = new ConcurrentHashMap<>();
    /** The meters that this instance counts in, by their tags. */
    private final Map<Map<String, String>, ConnectionMeters> connectionMeters = new ConcurrentHashMap<>();

    private RequestManager<Requests> requests;
    private RequestManager<ServiceRequests> serviceRequests;
    private final Queue<CompletableFuture<Void>> closings = new ConcurrentLinkedQueue<>();

    public AwsIotDeviceComponent() {
        this(null);
    }

    public AwsIotDeviceComponent(CamelContext context) {
        super(context, SCHEME, "AwsIotDevice");
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) throws Exception {
        gather(
                options,
                AwsIotDeviceConfiguration.WILL_USER_PROPERTY,
                "willUserProperties",
                configuration.getWillUserProperties());
        return super.createEndpoint(uri, remaining, options);
    }

    @Override
    protected DeviceEndpoint newEndpoint(String uri, String shownUri, String remaining) {
        return new AwsIotDeviceEndpoint(uri, shownUri, this, remaining, configuration.copy());
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext().addStartupListener(new RoutesStarted());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        links = new DeviceLinkManager(this::createLink, this::manage, this::unmanage);
        outboxes = new OutboxManager(threads(), settings -> metersOf(settings).outboxCounters());
        requests = new RequestManager<>(connection -> new Requests(connection, threads()));
        serviceRequests = new RequestManager<>(connection -> new ServiceRequests(connection, threads()));
    }

    private DeviceLink createLink(ConnectionSettings settings, Predecessor predecessor) {
        ConnectionCounters counters = new ConnectionCounters(metersOf(settings).counters());
        if (settings.protocol() == DeviceProtocol.https) {
            return new HttpsLink(settings, threads(), counters);
        }
        DeviceConnection connection = new DeviceConnection(settings, connector(), threads(), counters, predecessor);
        if (getCamelContext().isStarting()) {
            connection.awaitRoutes();
        }
        return connection;
    }

    private ConnectionMeters metersOf(ConnectionSettings settings) {
        return connectionMeters.computeIfAbsent(ConnectionMeters.tags(settings), tags -> meters().sums(
                        ConnectionMeters.class, tags, ConnectionMeters::new));
    }

    SessionConnector connector() {
        return new MqttConnector(threads());
    }

    private void manage(DeviceLink link) {
        AwsIotDeviceConnectionView view = new AwsIotDeviceConnectionView(link, () -> outboxes.status(link.settings()));
        try {
            getCamelContext().addService(view);
            managed.put(link, view);
            metersOf(link.settings()).add(view);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    private void unmanage(DeviceLink link) {
        AwsIotDeviceConnectionView view = managed.remove(link);
        metersOf(link.settings()).remove(view);
        try {
            getCamelContext().removeService(view);
            ServiceHelper.stopAndShutdownService(view);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /**
     * Closes the connections of producers that stop after their component, such as those of an open ProducerTemplate.
     */
    @Override
    protected void closeConnections() throws InterruptedException {
        requests.closeAll();
        serviceRequests.closeAll();
        closings.add(outboxes.closeAll());
        try {
            await(CompletableFuture.allOf(closings.toArray(CompletableFuture[]::new))
                    .thenCompose(nothing -> links.closeAll()));
        } finally {
            closings.clear();
            connectionMeters.clear();
        }
    }

    /**
     * Waits until a link is closed. When the whole Camel context stops, the component waits for all links together at
     * its own stop, which is the last.
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

    @Override
    public AwsIotDeviceConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(AwsIotDeviceConfiguration configuration) {
        this.configuration = configuration;
    }

    /** Tells the connections that all routes have started that start with the context. */
    private final class RoutesStarted implements StartupListener {

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            // Despite the name, no route has started yet.
        }

        @Override
        public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
            managed.keySet().stream()
                    .filter(DeviceConnection.class::isInstance)
                    .map(DeviceConnection.class::cast)
                    .forEach(DeviceConnection::routesStarted);
        }
    }
}
