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
import io.cameliot.azure.dps.camel.GracefulStop;
import io.cameliot.azure.dps.camel.PayloadReader;
import io.cameliot.azure.dps.camel.RegistrationHealthCheck;
import io.cameliot.azure.dps.fleet.DeviceFleet;
import io.cameliot.azure.dps.fleet.RegistrationOwner;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.ExchangeHelper;

/** Registers the device that a message names and replaces the body by the assignment. */
public class DpsProducer extends DefaultAsyncProducer {

    static final String STOPPED = "Cancelled, because the route is stopped";

    private final DpsEndpoint endpoint;
    private final GracefulStop.Registrations registrations = this::cancel;
    private volatile DeviceFleet fleet;

    /**
     * The latest failure of the service itself, or {@code null} if it worked at the latest attempt. The refusal of one
     * device is not such a failure.
     */
    private volatile DeviceRegistrationException serviceTrouble;

    private WritableHealthCheckRepository healthChecks;
    private HealthCheck healthCheck;

    public DpsProducer(DpsEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            String registrationId = registrationId(exchange);
            Optional<JsonNode> payload = PayloadReader.payload(exchange);
            Optional<DeviceRegistrationResult> remembered =
                    isForced(exchange) ? Optional.empty() : endpoint.remembered(running(), registrationId);
            if (remembered.isPresent()) {
                RegistrationMessage.fill(exchange.getMessage(), remembered.get());
                callback.done(true);
                return true;
            }
            CompletableFuture<DeviceRegistrationResult> registered =
                    endpoint.register(running(), registrationId, payload, owner(exchange));
            registered.whenComplete((result, failure) -> {
                try {
                    finish(exchange, result, failure);
                } catch (Throwable e) {
                    exchange.setException(e);
                }
                callback.done(false);
            });
            return false;
        } catch (Throwable e) {
            // Errors too: a throwable that leaves this method would not complete the exchange.
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private void finish(Exchange exchange, DeviceRegistrationResult result, Throwable failure) {
        if (failure == null) {
            serviceTrouble = null;
            RegistrationMessage.fill(exchange.getMessage(), result);
        } else {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof DeviceRegistrationException refused) {
                // The refusal of one device does not affect other devices.
                serviceTrouble = refused.isRetryable() ? refused : null;
            }
            exchange.setException(cause);
        }
    }

    private DeviceFleet running() {
        DeviceFleet running = fleet;
        if (running == null) {
            throw new IllegalStateException("The producer of " + endpoint + " is not started");
        }
        return running;
    }

    private String registrationId(Exchange exchange) {
        String header = exchange.getMessage().getHeader(DpsConstants.REGISTRATION_ID, String.class);
        if (header != null) {
            DpsOptions.checkRegistrationId(DpsConstants.REGISTRATION_ID, header);
            return header;
        }
        if (endpoint.getRegistrationId() == null) {
            throw new IllegalArgumentException("No device is named: set the header " + DpsConstants.REGISTRATION_ID
                    + ", or write azure-dps:" + endpoint.getIdScope() + "/registrationId.");
        }
        return endpoint.getRegistrationId();
    }

    private boolean isForced(Exchange exchange) {
        Boolean header = exchange.getMessage().getHeader(DpsConstants.FORCE_REGISTRATION, Boolean.class);
        return header == null ? endpoint.getConfiguration().isForceRegistration() : header;
    }

    private RegistrationOwner owner(Exchange exchange) {
        return new RegistrationOwner(this, ExchangeHelper.getRouteId(exchange));
    }

    /** Cancels the registrations of the matching routes. */
    private void cancel(Predicate<String> routeId) {
        DeviceFleet running = fleet;
        if (running != null) {
            running.cancel(owner -> owner.service() == this && routeId.test(owner.routeId()), STOPPED);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        fleet = endpoint.sharedFleet().acquire();
        endpoint.getComponent().gracefulStop().add(registrations);
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            healthCheck = new RegistrationHealthCheck(
                    "producer:azure-dps-" + endpoint.getId(),
                    Map.of("service.host", endpoint.getConfiguration().getServiceHost()),
                    () -> RegistrationHealthCheck.Down.because(serviceTrouble));
            healthCheck.setEnabled(endpoint.getComponent().isHealthCheckProducerEnabled());
            healthChecks.addHealthCheck(healthCheck);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (healthCheck != null) {
            healthChecks.removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        endpoint.getComponent().gracefulStop().remove(registrations);
        cancel(routeId -> true);
        if (fleet != null) {
            fleet = null;
            endpoint.sharedFleet().release();
        }
        super.doStop();
    }

    @Override
    public DpsEndpoint getEndpoint() {
        return endpoint;
    }
}
