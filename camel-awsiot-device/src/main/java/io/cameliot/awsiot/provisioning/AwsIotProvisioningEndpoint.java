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
package io.cameliot.awsiot.provisioning;

import io.cameliot.awsiot.provisioning.fleet.ProvisioningConnector;
import io.cameliot.awsiot.provisioning.fleet.ProvisioningFleet;
import io.cameliot.awsiot.provisioning.fleet.ProvisioningRequest;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.NotProvisioned;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.Provisioned;
import io.cameliot.common.camel.DeviceEndpoint;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.fleet.SharedFleet;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.provisioning.RouteThreads;
import java.util.Map;
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

/** Provision devices by claim with AWS IoT Core: get a certificate of their own and register their things. */
@ManagedResource(description = "Managed awsiot-provisioning endpoint")
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "awsiot-provisioning",
        title = "AWS IoT Fleet Provisioning",
        syntax = "awsiot-provisioning:template",
        category = {Category.IOT, Category.CLOUD},
        headersClass = AwsIotProvisioningConstants.class)
public class AwsIotProvisioningEndpoint extends DeviceEndpoint implements AsyncEndpoint, EndpointServiceLocation {

    @UriPath(description = "Name of the provisioning template.")
    @Metadata(required = true)
    private final String template;

    @UriParam
    private final AwsIotProvisioningConfiguration configuration;

    private final SharedFleet<ProvisioningFleet> sharedFleet;
    private final LongAdder provisioned = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * Creates an endpoint.
     *
     * @param uri the URI with its secrets; never shown
     * @param shownUri the same URI with its secrets masked
     * @param template the name of the template
     */
    public AwsIotProvisioningEndpoint(
            String uri,
            String shownUri,
            AwsIotProvisioningComponent component,
            String template,
            AwsIotProvisioningConfiguration configuration) {
        super(uri, shownUri, component);
        this.template = template;
        this.configuration = configuration;
        this.sharedFleet = component.sharedFleet(this::openFleet, this::meterTags);
    }

    @Override
    protected void checkOptions() {
        ProvisioningOptions.check(template, configuration);
        tlsContexts(configuration).checkOptions();
    }

    @Override
    public Producer createProducer() {
        return new AwsIotProvisioningProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        AwsIotProvisioningConsumer consumer = new AwsIotProvisioningConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** Returns the fleet that all running producers and consumers of this endpoint share. */
    SharedFleet<ProvisioningFleet> sharedFleet() {
        return sharedFleet;
    }

    private ProvisioningFleet openFleet() {
        MqttThreads threads = getComponent().threads();
        ProvisioningConnector connector = new ProvisioningConnector(
                ProvisioningOptions.server(configuration),
                tlsContexts(configuration),
                (certificate, privateKey) ->
                        tlsContexts(ProvisioningOptions.ofDevice(configuration, certificate, privateKey)),
                threads);
        return new ProvisioningFleet(
                ProvisioningOptions.certificates(template, configuration),
                ProvisioningOptions.directory(configuration),
                ProvisioningOptions.limits(configuration),
                connector,
                threads.timer(),
                new RouteThreads(
                        this,
                        "AwsIotProvisioningResult",
                        configuration.getMaxConcurrentProvisionings(),
                        threads.timer()));
    }

    private TlsContextFactory tlsContexts(AwsIotProvisioningConfiguration options) {
        return new TlsContextFactory(getCamelContext(), options, getComponent().trust());
    }

    /**
     * Provisions a device, unless its identity is there, and counts the outcome.
     *
     * @return completes on a thread where routes may continue; exceptionally with {@link DeviceProvisioningException}
     */
    CompletableFuture<DeviceProvisioningResult> provision(ProvisioningFleet fleet, ProvisioningRequest request) {
        return fleet.provision(request).thenApply(outcome -> {
            if (outcome instanceof NotProvisioned refused) {
                count(failed, false);
                throw new CompletionException(
                        new DeviceProvisioningException(template, request.serialNumber(), refused));
            }
            Provisioned done = (Provisioned) outcome;
            if (done.fresh()) {
                count(provisioned, true);
            }
            return new DeviceProvisioningResult(request.serialNumber(), done);
        });
    }

    private void count(LongAdder outcome, boolean succeeded) {
        outcome.increment();
        getComponent().count(meterTags(), succeeded);
    }

    private Map<String, String> meterTags() {
        return Map.of("endpoint", configuration.getEndpoint(), "template", template);
    }

    @Override
    public AwsIotProvisioningComponent getComponent() {
        return (AwsIotProvisioningComponent) super.getComponent();
    }

    @Override
    public String getServiceUrl() {
        return configuration.getEndpoint();
    }

    @Override
    public String getServiceProtocol() {
        return "mqtt";
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return Map.of("template", template);
    }

    @ManagedAttribute(description = "Devices that are being provisioned, each with a connection")
    public int getActiveProvisionings() {
        return sharedFleet.running().map(ProvisioningFleet::active).orElse(0);
    }

    @ManagedAttribute(description = "Devices that wait for their turn")
    public int getWaitingProvisionings() {
        return sharedFleet.running().map(ProvisioningFleet::waiting).orElse(0);
    }

    @ManagedAttribute(description = "Devices that got an identity since the endpoint was made")
    public long getProvisionedTotal() {
        return provisioned.sum();
    }

    @ManagedAttribute(description = "Provisionings that failed since the endpoint was made")
    public long getFailedTotal() {
        return failed.sum();
    }

    @ManagedAttribute(description = "Name of the provisioning template")
    public String getTemplate() {
        return template;
    }

    @Override
    public AwsIotProvisioningConfiguration getConfiguration() {
        return configuration;
    }
}
