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
import io.cameliot.azure.dps.registration.RegistrationOutcome;
import io.cameliot.azure.dps.registration.RegistrationOutcome.Assigned;
import io.cameliot.azure.dps.store.AssignmentStore;
import io.cameliot.azure.dps.store.StoredAssignment;
import io.cameliot.azure.dps.transport.DpsConnector;
import io.cameliot.azure.dps.wire.DpsJson;
import io.cameliot.common.fleet.FleetProgress;
import io.cameliot.common.fleet.FleetScheduler;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.provisioning.RouteThreads;
import io.cameliot.common.provisioning.ScheduledFleet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of one endpoint, only one for a consumer: registers them or loads their stored assignments.
 */
public final class DeviceFleet extends ScheduledFleet<RegistrationOutcome> {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceFleet.class);

    private final String idScope;
    private final Attestation attestation;
    private final Optional<AssignmentStore> store;
    private final RegistrationLimits limits;
    private final DpsConnector connector;

    /**
     * Creates a fleet without registrations.
     *
     * @param idScope the ID scope of the service instance
     * @param attestation the credentials of the devices
     * @param store stores assignments
     * @param limits the limits of registrations
     * @param connector opens the connections of devices
     * @param timer an executor with a single thread, on which registrations run
     * @param routes the threads of the routes, which the fleet closes
     */
    public DeviceFleet(
            String idScope,
            Attestation attestation,
            Optional<AssignmentStore> store,
            RegistrationLimits limits,
            DpsConnector connector,
            ScheduledExecutorService timer,
            RouteThreads routes) {
        super(
                new FleetScheduler<>(
                        limits.admission().places(),
                        limits.admission().perMinute(),
                        timer,
                        routes,
                        new FleetProgress<>("azure-dps:" + idScope, Assigned.class::isInstance)),
                routes);
        this.idScope = idScope;
        this.attestation = attestation;
        this.store = store;
        this.limits = limits;
        this.connector = connector;
    }

    /** Returns the stored assignment of a device. */
    public Optional<Assigned> remembered(String registrationId) {
        return store.flatMap(assignments -> assignments.load(idScope, registrationId))
                .map(stored -> new Assigned(
                        stored.operationId(),
                        stored.registrationState(),
                        credential(registrationId, stored.credentialOption())));
    }

    /**
     * Returns the time since the assignment of a device was stored; zero if none is, or if the clock has been set back
     * since then.
     */
    public Duration storedFor(String registrationId) {
        return store.flatMap(assignments -> assignments.savedAt(idScope, registrationId))
                .map(saved -> Duration.between(saved, Instant.now()))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }

    /** Returns the index of an option's credential; the first one if that option is no longer set. */
    private int credential(String registrationId, String option) {
        List<DeviceCredential> credentials = attestation.credentialsOf(registrationId);
        return IntStream.range(0, credentials.size())
                .filter(index -> credentials.get(index).option().equals(option))
                .findFirst()
                .orElse(0);
    }

    /** Returns the key with which a device registered; empty if it registered without a key. */
    public Optional<SymmetricKey> deviceKey(String registrationId, Assigned assigned) {
        return attestation
                .credentialsOf(registrationId)
                .get(assigned.credential())
                .deviceKey();
    }

    /**
     * Registers a device, regardless of the store.
     *
     * @param payload the payload for a custom allocation function
     * @return completes with the outcome, on a thread where routes may continue
     */
    public CompletableFuture<RegistrationOutcome> register(
            String registrationId, Optional<JsonNode> payload, RunOwner owner) {
        List<DeviceCredential> credentials = attestation.credentialsOf(registrationId);
        byte[] body = DpsJson.registration(registrationId, payload);
        RegistrationRequest request = new RegistrationRequest(registrationId, credentials, body, owner);
        return submit(thread -> new RegistrationRun(request, limits, connector, thread))
                .thenApply(outcome -> {
                    if (outcome instanceof Assigned assigned) {
                        remember(registrationId, assigned, credentials.get(assigned.credential()));
                    }
                    return outcome;
                });
    }

    /** Stores an assignment. A failure is only logged, because the device is assigned nevertheless. */
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
}
