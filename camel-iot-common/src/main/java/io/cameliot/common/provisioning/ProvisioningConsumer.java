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
package io.cameliot.common.provisioning;

import io.cameliot.common.camel.DeviceComponent;
import io.cameliot.common.camel.GuardedExceptionHandler;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.fleet.SharedFleet;
import io.cameliot.common.provisioning.ProvisioningHealthCheck.Down;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.text.FailureText;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.StartupListener;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provisions one device when the route starts and sends the result into the route, once or at an interval. A failure
 * goes to the exception handler, and the consumer provisions the device again after an increasing pause.
 *
 * @param <F> the type of the endpoint's fleet
 * @param <R> the type of the result
 */
public abstract class ProvisioningConsumer<F extends EndpointFleet, R> extends DefaultConsumer
        implements StartupListener {

    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningConsumer.class);

    private final SharedFleet<F> sharedFleet;
    private final Backoff backoff; // one run at a time uses it
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile Run<F> current; // null while the consumer is stopped
    private volatile Future<?> next = CompletableFuture.completedFuture(null);
    private volatile boolean provisioned;
    private volatile Throwable latestFailure;

    /**
     * The time from a start to the stop that follows. Callbacks of an earlier one can come late, when the consumer runs
     * again with the same fleet, because a producer of the endpoint has kept that.
     */
    private static final class Run<F> {

        private final F fleet;

        Run(F fleet) {
            this.fleet = fleet;
        }
    }

    /**
     * Creates a consumer that is not started.
     *
     * @param sharedFleet the fleet of the endpoint
     * @param backoff the pauses after failures
     */
    protected ProvisioningConsumer(
            Endpoint endpoint, Processor processor, SharedFleet<F> sharedFleet, Backoff backoff) {
        super(endpoint, processor);
        this.sharedFleet = sharedFleet;
        this.backoff = backoff;
    }

    /**
     * Provisions the device.
     *
     * @param again whether it was provisioned or tried before, so that what is remembered does not count
     * @return completes on a thread where routes may continue
     */
    protected abstract CompletableFuture<R> provision(F running, RunOwner owner, boolean again);

    /** Puts a result into a message. */
    protected abstract void fill(Message message, R result);

    /** Returns the device for messages, such as {@code "the device sensor-1"}. */
    protected abstract String device();

    /** Returns what is done with the device, as a participle such as {@code registered}. */
    protected abstract String done();

    /** Returns the details of the health check. */
    protected abstract Map<String, String> healthDetails();

    /** Returns the time after which the device is provisioned again; zero for never. */
    protected abstract Duration interval();

    /** Sets the exception handler. A failure of it is logged, because it must not end the consumer. */
    @Override
    public void setExceptionHandler(ExceptionHandler exceptionHandler) {
        super.setExceptionHandler(new GuardedExceptionHandler(exceptionHandler, getExceptionHandler()));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        provisioned = false;
        latestFailure = null;
        current = new Run<>(sharedFleet.acquire());
        backoff.reset();
        if (HealthCheckHelper.getHealthCheckRepository(
                        getEndpoint().getCamelContext(), "consumers", HealthCheckRepository.class)
                != null) {
            DeviceComponent component = (DeviceComponent) getEndpoint().getComponent();
            ProvisioningHealthCheck healthCheck = new ProvisioningHealthCheck(
                    "consumer:" + component.scheme() + "-" + getRouteId(), healthDetails(), this::down);
            healthCheck.setEnabled(component.isHealthCheckConsumerEnabled());
            setHealthCheck(healthCheck);
        }
        // The route may send to other routes, which must have started too.
        getEndpoint().getCamelContext().addStartupListener(this);
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
        Run<F> run = current;
        if (run != null && begun.compareAndSet(false, true)) {
            try {
                run.fleet.execute(() -> attempt(run, false));
            } catch (RejectedExecutionException e) {
                LOG.debug("The consumer has stopped meanwhile", e);
            }
        }
    }

    private void attempt(Run<F> run, boolean again) {
        if (run != current) {
            return;
        }
        try {
            provision(run.fleet, new RunOwner(this, Set.of(), () -> false), again)
                    .whenComplete((result, failure) -> {
                        if (run != current) {
                            // The consumer has stopped meanwhile, so the outcome is ignored.
                            return;
                        }
                        if (failure == null) {
                            deliver(run, result);
                        } else {
                            fail(run, failure instanceof CompletionException ? failure.getCause() : failure);
                        }
                    });
        } catch (Throwable e) {
            // Errors too: otherwise the device would never be provisioned again.
            fail(run, e);
        }
    }

    private void deliver(Run<F> run, R result) {
        provisioned = true;
        latestFailure = null;
        backoff.reset();
        Exchange exchange = createExchange(true);
        fill(exchange.getMessage(), result);
        AsyncCallback released = defaultConsumerCallback(exchange, true);
        getAsyncProcessor().process(exchange, doneSync -> {
            released.done(doneSync);
            if (!interval().isZero()) {
                attemptAfter(interval(), run);
            }
        });
    }

    private void fail(Run<F> run, Throwable failure) {
        latestFailure = failure;
        Duration pause = backoff.next();
        getExceptionHandler()
                .handleException(
                        "The device " + device() + " will be " + done() + " again in " + pause.toMillis() + " ms",
                        failure);
        attemptAfter(pause, run);
    }

    private void attemptAfter(Duration pause, Run<F> run) {
        if (run == current) {
            next = run.fleet.schedule(() -> attempt(run, true), pause);
        }
    }

    @Override
    protected void doStop() throws Exception {
        Run<F> run = current;
        current = null;
        next.cancel(false);
        begun.set(false);
        if (run != null) {
            run.fleet.cancel(owner -> owner.service() == this, RunOwner.STOPPED);
            sharedFleet.release();
        }
        super.doStop();
    }

    /** Returns whether the device has been provisioned since the start. */
    protected boolean isProvisioned() {
        return provisioned;
    }

    @ManagedAttribute(description = "Why the latest attempt failed, if it did")
    public String getLatestError() {
        Throwable failure = latestFailure;
        return failure == null ? null : FailureText.of(failure);
    }

    /** Returns a reason until the device is provisioned, and after a failure until the next success. */
    private Optional<Down> down() {
        Throwable failure = latestFailure;
        if (failure == null && !provisioned) {
            return Optional.of(new Down("The device " + device() + " is not " + done() + " yet", null));
        }
        return Down.because(failure);
    }
}
