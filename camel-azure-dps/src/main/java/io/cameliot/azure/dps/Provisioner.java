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
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.azure.dps.attestation.Attestation;
import io.cameliot.azure.dps.attestation.DeviceCredential;
import io.cameliot.azure.dps.registrar.Registrar;
import io.cameliot.azure.dps.registrar.RegistrationRequest;
import io.cameliot.azure.dps.registration.RegistrationOutcome.Assigned;
import io.cameliot.azure.dps.registration.RegistrationOutcome.NotAssigned;
import io.cameliot.azure.dps.store.AssignmentStore;
import io.cameliot.azure.dps.store.FileAssignmentStore;
import io.cameliot.azure.dps.store.StoredAssignment;
import io.cameliot.azure.dps.transport.DpsServer;
import io.cameliot.azure.dps.transport.MqttDpsConnector;
import io.cameliot.azure.dps.wire.DpsJson;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.identity.TlsContextFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An endpoint at work: registers its devices, or remembers that they are registered. The threads of its connections are
 * the component's; those on which its routes go on are its own, so that slow ones hold up no other endpoint.
 */
final class Provisioner {

    private static final Logger LOG = LoggerFactory.getLogger(Provisioner.class);

    /** So that routes that block do not take more threads, the longer the more devices come. */
    private static final int RESULT_THREADS = 10;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final CamelContext camelContext;
    private final String idScope;
    private final DpsConfiguration options;
    private final Attestation attestation;
    private final Optional<AssignmentStore> store;
    private final MqttThreads threads;
    private final ExecutorService results;
    private final Registrar registrar;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** For whom a device is registered, so that it can be cancelled. */
    record Owner(Object service, String routeId) {}

    /**
     * Checks files and directories.
     *
     * @throws IllegalArgumentException if an option names a file or directory that can't be used
     */
    Provisioner(DpsEndpoint endpoint) {
        this.camelContext = endpoint.getCamelContext();
        this.idScope = endpoint.getIdScope();
        this.options = endpoint.getConfiguration();
        this.attestation = AuthenticationOptions.attestation(options);
        this.store = Optional.ofNullable(options.getAssignmentStore()).map(FileAssignmentStore::open);
        TlsContextFactory tls = new TlsContextFactory(
                camelContext, options, endpoint.getComponent().trust());
        tls.create();
        this.threads = endpoint.getComponent().threads();
        this.results = camelContext
                .getExecutorServiceManager()
                .newFixedThreadPool(
                        endpoint, "AzureDpsResult", Math.min(RESULT_THREADS, options.getMaxConcurrentRegistrations()));
        this.registrar = new Registrar(
                DpsOptions.registrarSettings(options),
                new MqttDpsConnector(server(), tls, threads),
                threads.timer(),
                results);
    }

    private DpsServer server() {
        return new DpsServer(
                options.getServiceHost(),
                options.getTransport().port(),
                options.connectToAddress(),
                options.proxyAddress(),
                options.getTransport() == DpsTransport.websocket ? options.getWebSocketPath() : null,
                idScope,
                options.getApiVersion(),
                "camel-azure-dps (Camel " + camelContext.getVersion() + ")",
                Duration.ofMillis(options.getRequestTimeout()));
    }

    /** The assignment that the store remembers. */
    Optional<DeviceRegistrationResult> remembered(String registrationId) {
        return store.flatMap(assignments -> assignments.load(idScope, registrationId))
                .map(stored -> {
                    List<DeviceCredential> credentials = attestation.credentialsOf(registrationId);
                    DeviceCredential used = credentials.stream()
                            .filter(credential -> credential.option().equals(stored.credentialOption()))
                            .findFirst()
                            .orElse(credentials.get(0));
                    return result(registrationId, stored.registrationState(), stored.operationId(), used);
                });
    }

    /**
     * Registers a device, whatever the store remembers.
     *
     * @param payload what goes to a custom allocation function
     * @return completes on a thread where routes may go on, or exceptionally with {@link DeviceRegistrationException}
     */
    CompletableFuture<DeviceRegistrationResult> register(
            String registrationId, Optional<JsonNode> payload, Owner owner) {
        List<DeviceCredential> credentials = attestation.credentialsOf(registrationId);
        byte[] body = DpsJson.registration(registrationId, payload);
        return registrar
                .register(new RegistrationRequest(registrationId, credentials, body, owner))
                .thenApply(outcome -> {
                    if (outcome instanceof NotAssigned notAssigned) {
                        throw new CompletionException(
                                new DeviceRegistrationException(idScope, registrationId, notAssigned));
                    }
                    Assigned assigned = (Assigned) outcome;
                    DeviceCredential used = credentials.get(assigned.credential());
                    remember(registrationId, assigned, used);
                    return result(registrationId, assigned.registrationState(), assigned.operationId(), used);
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
                        options.getAssignmentStore(),
                        e);
            }
        }
    }

    private DeviceRegistrationResult result(
            String registrationId, ObjectNode state, String operationId, DeviceCredential used) {
        return new DeviceRegistrationResult(
                registrationId,
                state,
                operationId,
                used.deviceKey(),
                Duration.ofMillis(options.getSasTokenTimeToLive()));
    }

    /** Runs a task on a thread where routes may go on. */
    void execute(Runnable task) {
        results.execute(task);
    }

    /** Runs a task later on a thread where routes may go on. */
    Future<?> schedule(Runnable task, Duration delay) {
        return threads.timer().schedule(() -> results.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Cancels registrations at once; who waits for them hears so. */
    void cancel(Predicate<Owner> owner, String reason) {
        registrar.cancel(other -> owner.test((Owner) other), reason);
    }

    /** Ends every registration, its connection, and the threads of the routes. */
    void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        registrar.close(CLOSE_TIMEOUT);
        ExecutorServiceManager executors = camelContext.getExecutorServiceManager();
        if (camelContext.getShutdownStrategy().hasTimeoutOccurred()) {
            // Camel has waited for the routes as long as it may; the endpoints are not to wait again, each after the
            // other.
            executors.shutdownNow(results);
        } else {
            executors.shutdownGraceful(results);
        }
    }

    int active() {
        return registrar.active();
    }

    int waiting() {
        return registrar.waiting();
    }
}
