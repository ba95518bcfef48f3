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

import io.cameliot.common.camel.DeviceEndpoint;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.fleet.SharedFleet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * Provisions the device that a message names and replaces the body by the result.
 *
 * @param <F> the type of the endpoint's fleet
 * @param <R> the type of the result
 */
public abstract class ProvisioningProducer<F extends EndpointFleet, R> extends DefaultAsyncProducer {

    private final DeviceEndpoint endpoint;
    private final SharedFleet<F> sharedFleet;
    private final GracefulStop gracefulStop;
    private final GracefulStop.Runs runs = this::cancel;
    private volatile F fleet;

    /**
     * The latest failure of the service itself, or {@code null} if it worked at the latest attempt. The refusal of one
     * device is not such a failure.
     */
    private volatile Throwable serviceTrouble;

    private HealthCheck healthCheck;

    /**
     * Creates a producer that is not started.
     *
     * @param sharedFleet the fleet of the endpoint
     * @param gracefulStop tells when routes stop
     */
    protected ProvisioningProducer(DeviceEndpoint endpoint, SharedFleet<F> sharedFleet, GracefulStop gracefulStop) {
        super(endpoint);
        this.endpoint = endpoint;
        this.sharedFleet = sharedFleet;
        this.gracefulStop = gracefulStop;
    }

    /**
     * Provisions a device.
     *
     * @return complete if nothing had to be done, otherwise it completes on a thread where routes may continue
     * @throws Exception if the message names no device or is no request
     */
    protected abstract CompletableFuture<R> provision(F running, Exchange exchange, RunOwner owner) throws Exception;

    /** Puts a result into a message. */
    protected abstract void fill(Message message, R result);

    /**
     * Returns whether a failure is one of the service rather than the refusal of a device; null if it tells nothing about
     * the service, such as a failure of the disk.
     */
    protected abstract Boolean isServiceTrouble(Throwable failure);

    /** Returns whether the service was asked for a result. */
    protected boolean isOfService(R result) {
        return true;
    }

    /** Returns the details of the health check. */
    protected abstract Map<String, String> healthDetails();

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            F running = fleet;
            if (running == null) {
                throw new IllegalStateException("The producer of " + getEndpoint() + " is not started");
            }
            CompletableFuture<R> provisioned = provision(running, exchange, owner(exchange));
            if (provisioned.isDone() && !provisioned.isCompletedExceptionally()) {
                fill(exchange.getMessage(), provisioned.join());
                callback.done(true);
                return true;
            }
            provisioned.whenComplete((result, failure) -> {
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

    /**
     * Returns the owner of a run. An exchange can ask for further runs while its route stops, as a splitter does for the
     * next device of its message; Camel waits for all of them.
     */
    private RunOwner owner(Exchange exchange) {
        Set<String> routeIds = routeIds(exchange);
        return new RunOwner(
                this, routeIds, () -> endpoint.getCamelContext().isStopping() || gracefulStop.isStopping(routeIds));
    }

    /**
     * Returns the route of this producer, and the route that has consumed the message. They are not the same behind
     * {@code direct:}, and Camel waits for the exchange in the stop of either. A kamelet gets a copy of the exchange,
     * which does not show the route that it came from.
     */
    private static Set<String> routeIds(Exchange exchange) {
        return Stream.of(ExchangeHelper.getRouteId(exchange), exchange.getFromRouteId())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private void finish(Exchange exchange, R result, Throwable failure) {
        if (failure == null) {
            if (isOfService(result)) {
                serviceTrouble = null;
            }
            fill(exchange.getMessage(), result);
        } else {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            // A cancellation says nothing about the service.
            Boolean trouble = cause.getCause() instanceof CancellationException ? null : isServiceTrouble(cause);
            if (trouble != null) {
                serviceTrouble = trouble ? cause : null;
            }
            exchange.setException(cause);
        }
    }

    /** Cancels the runs of this producer that have a matching owner. */
    private void cancel(Predicate<RunOwner> owner) {
        F running = fleet;
        if (running != null) {
            running.cancel(owner.and(its -> its.service() == this), RunOwner.STOPPED);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        fleet = sharedFleet.acquire();
        serviceTrouble = null;
        gracefulStop.add(runs);
        healthCheck = endpoint.addProducerCheck(id -> new ProvisioningHealthCheck(
                id, healthDetails(), () -> ProvisioningHealthCheck.Down.because(serviceTrouble)));
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.removeProducerCheck(healthCheck);
        healthCheck = null;
        gracefulStop.remove(runs);
        cancel(owner -> true);
        if (fleet != null) {
            fleet = null;
            sharedFleet.release();
        }
        super.doStop();
    }
}
