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
package io.cameliot.azure.dps.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.azure.dps.attestation.Attestation;
import io.cameliot.azure.dps.attestation.DeviceCredential;
import io.cameliot.azure.dps.attestation.SymmetricKey;
import io.cameliot.azure.dps.camel.RouteThreads;
import io.cameliot.azure.dps.registration.RegistrationOutcome;
import io.cameliot.azure.dps.registration.RegistrationOutcome.Assigned;
import io.cameliot.azure.dps.store.AssignmentStore;
import io.cameliot.azure.dps.store.StoredAssignment;
import io.cameliot.azure.dps.wire.DpsJson;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of one endpoint, of which a consumer's has one: registers them, or remembers that they are registered. The
 * threads of the connections are the component's; those on which routes go on are the endpoint's own, so that slow routes
 * hold up no other endpoint.
 */
public final class DeviceFleet {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceFleet.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final String idScope;
    private final Attestation attestation;
    private final Optional<AssignmentStore> store;
    private final RegistrationScheduler scheduler;
    private final RouteThreads routes;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A fleet none of whose devices registers.
     *
     * @param idScope     of the service instance
     * @param attestation what each device shows
     * @param store       remembers assignments
     * @param scheduler   ends with the fleet
     * @param routes      end with the fleet
     */
    public DeviceFleet(
            String idScope,
            Attestation attestation,
            Optional<AssignmentStore> store,
            RegistrationScheduler scheduler,
            RouteThreads routes) {
        this.idScope = idScope;
        this.attestation = attestation;
        this.store = store;
        this.scheduler = scheduler;
        this.routes = routes;
    }

    /** The assignment that the store remembers. */
    public Optional<Assigned> remembered(String registrationId) {
        return store.flatMap(assignments -> assignments.load(idScope, registrationId))
                .map(stored -> new Assigned(
                        stored.operationId(),
                        stored.registrationState(),
                        credential(registrationId, stored.credentialOption())));
    }

    /** The credential of an option; the first one if that option is not set any more. */
    private int credential(String registrationId, String option) {
        List<DeviceCredential> credentials = attestation.credentialsOf(registrationId);
        return IntStream.range(0, credentials.size())
                .filter(index -> credentials.get(index).option().equals(option))
                .findFirst()
                .orElse(0);
    }

    /** The key with which a device registered, if it did with a key. */
    public Optional<SymmetricKey> deviceKey(String registrationId, Assigned assigned) {
        return attestation
                .credentialsOf(registrationId)
                .get(assigned.credential())
                .deviceKey();
    }

    /**
     * Registers a device, whatever the store remembers.
     *
     * @param payload what goes to a custom allocation function
     * @return completes with how it ended, on a thread where routes may go on
     */
    public CompletableFuture<RegistrationOutcome> register(
            String registrationId, Optional<JsonNode> payload, RegistrationOwner owner) {
        List<DeviceCredential> credentials = attestation.credentialsOf(registrationId);
        byte[] body = DpsJson.registration(registrationId, payload);
        return scheduler
                .register(new RegistrationRequest(registrationId, credentials, body, owner))
                .thenApply(outcome -> {
                    if (outcome instanceof Assigned assigned) {
                        remember(registrationId, assigned, credentials.get(assigned.credential()));
                    }
                    return outcome;
                });
    }

    /** The device is assigned whether that can be remembered or not. */
    private void remember(String registrationId, Assigned assigned, DeviceCredential used) {
        if (store.isPresent()) {
            try {
                store.get()
                        .save(
                                idScope,
                                registrationId,
                                new StoredAssignment(
                                        assigned.operationId(), used.option(), assigned.registrationState()));
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "The assignment of {} could not be written to {}: it will register again after a restart",
                        registrationId,
                        store.get().location(),
                        e);
            }
        }
    }

    /** Runs a task on a thread where routes may go on. */
    public void execute(Runnable task) {
        routes.execute(task);
    }

    /** Runs a task later on a thread where routes may go on. */
    public Future<?> schedule(Runnable task, Duration delay) {
        return routes.schedule(task, delay);
    }

    /** Cancels registrations at once; who waits for them hears so. */
    public void cancel(Predicate<RegistrationOwner> owner, String reason) {
        scheduler.cancel(owner, reason);
    }

    /** Ends every registration, its connection, and the threads of the routes. */
    public void close() {
        if (!closed.getAndSet(true)) {
            scheduler.close(CLOSE_TIMEOUT);
            routes.close();
        }
    }

    /** How many registrations are under way, each with a connection. */
    public int active() {
        return scheduler.active();
    }

    /** How many registrations wait for their turn. */
    public int waiting() {
        return scheduler.waiting();
    }
}
