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

import io.cameliot.azure.dps.camel.RegistrationHealthCheck;
import io.cameliot.azure.dps.camel.RegistrationHealthCheck.Down;
import io.cameliot.azure.dps.fleet.DeviceFleet;
import io.cameliot.azure.dps.fleet.RegistrationOwner;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.StartupListener;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.support.DefaultConsumer;

/**
 * Registers one device when the route starts and sends the assignment into the route, once or at an interval. A failure
 * goes to the exception handler, and the consumer registers the device again after an increasing pause.
 */
@ManagedResource(description = "Managed azure-dps consumer")
public class DpsConsumer extends DefaultConsumer implements StartupListener {

    private final DpsEndpoint endpoint;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile DeviceFleet fleet;
    private volatile Future<?> next = CompletableFuture.completedFuture(null);
    private volatile boolean assigned;
    private volatile Throwable latestFailure;
    private Backoff backoff; // one registration at a time uses it

    public DpsConsumer(DpsEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        DpsConfiguration options = endpoint.getConfiguration();
        fleet = endpoint.sharedFleet().acquire();
        backoff = new Backoff(
                Duration.ofMillis(options.getRetryMinDelay()),
                Duration.ofMillis(options.getRetryMaxDelay()),
                new SplittableRandom());
        if (HealthCheckHelper.getHealthCheckRepository(
                        endpoint.getCamelContext(), "consumers", HealthCheckRepository.class)
                != null) {
            RegistrationHealthCheck healthCheck = new RegistrationHealthCheck(
                    "consumer:azure-dps-" + getRouteId(),
                    Map.of("service.host", options.getServiceHost(), "registration.id", endpoint.getRegistrationId()),
                    this::down);
            healthCheck.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
            setHealthCheck(healthCheck);
        }
        // The route may send to other routes, which must have started too.
        endpoint.getCamelContext().addStartupListener(this);
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        if (alreadyStarted) {
            begin();
        }
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
        begin();
    }

    private void begin() {
        DeviceFleet running = fleet;
        if (running != null && begun.compareAndSet(false, true)) {
            running.execute(() -> provision(running, endpoint.getConfiguration().isForceRegistration()));
        }
    }

    private void provision(DeviceFleet running, boolean force) {
        try {
            register(running, force);
        } catch (Throwable e) {
            // Errors too: otherwise the device would never be registered again.
            fail(running, e);
        }
    }

    private void register(DeviceFleet running, boolean force) {
        Optional<DeviceRegistrationResult> remembered =
                force ? Optional.empty() : endpoint.remembered(running, endpoint.getRegistrationId());
        if (remembered.isPresent()) {
            deliver(running, remembered.get());
            return;
        }
        endpoint.register(
                        running,
                        endpoint.getRegistrationId(),
                        Optional.empty(),
                        new RegistrationOwner(this, getRouteId()))
                .whenComplete((result, failure) -> {
                    if (fleet != running) {
                        // The consumer has stopped meanwhile, so the outcome is ignored.
                        return;
                    }
                    if (failure == null) {
                        deliver(running, result);
                    } else {
                        fail(running, failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                });
    }

    private void deliver(DeviceFleet running, DeviceRegistrationResult result) {
        assigned = true;
        latestFailure = null;
        backoff.reset();
        Exchange exchange = createExchange(true);
        RegistrationMessage.fill(exchange.getMessage(), result);
        AsyncCallback released = defaultConsumerCallback(exchange, true);
        getAsyncProcessor().process(exchange, doneSync -> {
            released.done(doneSync);
            long interval = endpoint.getConfiguration().getReprovisionInterval();
            if (interval > 0) {
                provisionAfter(Duration.ofMillis(interval), running);
            }
        });
    }

    private void fail(DeviceFleet running, Throwable failure) {
        latestFailure = failure;
        Duration pause = backoff.next();
        try {
            getExceptionHandler()
                    .handleException(
                            "The device " + endpoint.getRegistrationId() + " will be registered again in "
                                    + pause.toMillis() + " ms",
                            failure);
        } finally {
            provisionAfter(pause, running);
        }
    }

    private void provisionAfter(Duration pause, DeviceFleet running) {
        if (fleet == running) {
            next = running.schedule(() -> provision(running, true), pause);
        }
    }

    @Override
    protected void doStop() throws Exception {
        DeviceFleet running = fleet;
        fleet = null;
        next.cancel(false);
        begun.set(false);
        if (running != null) {
            running.cancel(owner -> owner.service() == this, DpsProducer.STOPPED);
            endpoint.sharedFleet().release();
        }
        super.doStop();
    }

    @ManagedAttribute(description = "Whether the device is assigned to an IoT hub")
    public boolean isAssigned() {
        return assigned;
    }

    @ManagedAttribute(description = "Why the latest registration failed, if it did")
    public String getLatestError() {
        Throwable failure = latestFailure;
        return failure == null ? null : failure.getMessage();
    }

    /** Returns a reason until the device is assigned, and after a failed registration until the next success. */
    private Optional<Down> down() {
        Throwable failure = latestFailure;
        if (failure == null && !assigned) {
            return Optional.of(new Down("The device " + endpoint.getRegistrationId() + " is not registered yet", null));
        }
        return Down.because(failure);
    }

    @Override
    public DpsEndpoint getEndpoint() {
        return endpoint;
    }
}
