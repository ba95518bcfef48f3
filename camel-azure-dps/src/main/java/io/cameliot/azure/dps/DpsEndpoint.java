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

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.azure.dps.attestation.Attestation;
import io.cameliot.azure.dps.fleet.DeviceFleet;
import io.cameliot.azure.dps.monitor.RegistrationFigures;
import io.cameliot.azure.dps.registration.RegistrationOutcome.Assigned;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import io.cameliot.azure.dps.store.AssignmentStore;
import io.cameliot.azure.dps.store.FileAssignmentStore;
import io.cameliot.azure.dps.transport.MqttDpsConnector;
import io.cameliot.common.camel.DeviceEndpoint;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.fleet.SharedFleet;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.provisioning.RouteThreads;
import io.cameliot.common.retry.OptionDuration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** Register devices with the Azure IoT Hub Device Provisioning Service (DPS) and get the IoT hub they are assigned to. */
@ManagedResource(description = "Managed azure-dps endpoint")
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "azure-dps",
        title = "Azure IoT Hub Device Provisioning Service",
        syntax = "azure-dps:idScope/registrationId",
        category = {Category.CLOUD, Category.IOT},
        headersClass = DpsConstants.class)
public class DpsEndpoint extends DeviceEndpoint implements AsyncEndpoint, EndpointServiceLocation, RegistrationFigures {

    @UriPath(description = "ID scope of the service instance, such as 0ne00000001.")
    @Metadata(required = true)
    private String idScope;

    @UriPath(
            description = "Registration id of the device. A producer can take it from the header"
                    + " CamelAzureDpsRegistrationId instead.")
    private String registrationId;

    @UriParam
    private DpsConfiguration configuration;

    private final SharedFleet<DeviceFleet> sharedFleet;
    private final LongAdder assigned = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * Creates an endpoint whose options are not set yet.
     *
     * @param uri the URI with its secrets; never shown
     * @param shownUri the same URI with its secrets masked
     */
    public DpsEndpoint(String uri, String shownUri, DpsComponent component, DpsConfiguration configuration) {
        super(uri, shownUri, component);
        this.sharedFleet = component.sharedFleet(this::openFleet, this::meterTags);
        this.configuration = configuration;
    }

    @Override
    protected void checkOptions() {
        DpsOptions.check(idScope, registrationId, configuration);
        tlsContexts().checkOptions();
    }

    @Override
    public Producer createProducer() {
        return new DpsProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (registrationId == null) {
            throw new IllegalArgumentException("Option registrationId is missing: a consumer registers one device, so"
                    + " write azure-dps:" + idScope + "/registrationId.");
        }
        DpsConsumer consumer = new DpsConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** Returns the fleet that all running producers and consumers of this endpoint share. */
    SharedFleet<DeviceFleet> sharedFleet() {
        return sharedFleet;
    }

    private DeviceFleet openFleet() {
        DpsComponent component = getComponent();
        Attestation attestation = AuthenticationOptions.attestation(configuration);
        Optional<AssignmentStore> store =
                Optional.ofNullable(configuration.getAssignmentStore()).map(FileAssignmentStore::open);
        TlsContextFactory tls = tlsContexts();
        tls.create();
        MqttThreads threads = component.threads();
        RouteThreads routes = new RouteThreads(
                this, "AzureDpsResult", configuration.getMaxConcurrentRegistrations(), threads.timer());
        String clientVersion = "camel-azure-dps (Camel " + getCamelContext().getVersion() + ")";
        return new DeviceFleet(
                idScope,
                attestation,
                store,
                DpsOptions.limits(configuration),
                new MqttDpsConnector(DpsOptions.server(idScope, configuration, clientVersion), tls, threads),
                threads.timer(),
                routes);
    }

    private TlsContextFactory tlsContexts() {
        return new TlsContextFactory(
                getCamelContext(), configuration, getComponent().trust());
    }

    /** Returns the assignment of a device in {@code assignmentStore}. */
    Optional<DeviceRegistrationResult> remembered(DeviceFleet fleet, String device) {
        return fleet.remembered(device).map(remembered -> result(fleet, device, remembered));
    }

    /**
     * Registers a device, regardless of {@code assignmentStore}, and counts the outcome.
     *
     * @return completes on a thread where routes may continue; exceptionally with {@link DeviceRegistrationException}
     */
    CompletableFuture<DeviceRegistrationResult> register(
            DeviceFleet fleet, String device, Optional<JsonNode> payload, RunOwner owner) {
        return fleet.register(device, payload, owner)
                .thenApply(outcome -> {
                    if (outcome instanceof NotAssigned notAssigned) {
                        throw new CompletionException(new DeviceRegistrationException(idScope, device, notAssigned));
                    }
                    return result(fleet, device, (Assigned) outcome);
                })
                .whenComplete((result, failure) -> count(failure == null));
    }

    private void count(boolean isAssigned) {
        (isAssigned ? assigned : failed).increment();
        getComponent().count(meterTags(), isAssigned);
    }

    private Map<String, String> meterTags() {
        return Map.of("id.scope", idScope);
    }

    private DeviceRegistrationResult result(DeviceFleet fleet, String device, Assigned outcome) {
        return new DeviceRegistrationResult(
                device,
                outcome.registrationState(),
                outcome.operationId(),
                fleet.deviceKey(device, outcome),
                OptionDuration.ofMillis(configuration.getSasTokenTimeToLive()));
    }

    @Override
    public DpsComponent getComponent() {
        return (DpsComponent) super.getComponent();
    }

    @Override
    public String getServiceUrl() {
        return configuration.getServiceHost() + ":"
                + configuration.getTransport().port();
    }

    @Override
    public String getServiceProtocol() {
        return configuration.getTransport().protocol();
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return Map.of("idScope", idScope);
    }

    @Override
    @ManagedAttribute(description = "Registrations under way, each with a connection")
    public int getActiveRegistrations() {
        return sharedFleet.running().map(DeviceFleet::active).orElse(0);
    }

    @Override
    @ManagedAttribute(description = "Registrations that wait for their turn")
    public int getWaitingRegistrations() {
        return sharedFleet.running().map(DeviceFleet::waiting).orElse(0);
    }

    @Override
    @ManagedAttribute(description = "Registrations that ended with an assignment since the endpoint was made")
    public long getAssignedTotal() {
        return assigned.sum();
    }

    @Override
    @ManagedAttribute(description = "Registrations that failed since the endpoint was made")
    public long getFailedTotal() {
        return failed.sum();
    }

    @Override
    @ManagedAttribute(description = "ID scope of the service instance")
    public String getIdScope() {
        return idScope;
    }

    public void setIdScope(String idScope) {
        this.idScope = idScope;
    }

    @Override
    @ManagedAttribute(description = "Registration id of the device, if the URI names one")
    public String getRegistrationId() {
        return registrationId;
    }

    public void setRegistrationId(String registrationId) {
        this.registrationId = registrationId;
    }

    @Override
    public DpsConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DpsConfiguration configuration) {
        this.configuration = configuration;
    }
}
