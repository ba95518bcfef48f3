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
package io.cameliot.testinfra.dps.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.dps.quota.DpsQuotas;
import io.cameliot.testinfra.dps.quota.RateLimiter;
import io.cameliot.testinfra.dps.service.Enrollment.AllocationFailure;
import io.cameliot.testinfra.event.AzureRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The provisioning service without a network: it answers a device's requests. It never blocks; the executor runs custom
 * allocations.
 */
public final class ProvisioningService {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration POLL_WINDOW = Duration.ofSeconds(10);
    private static final int MAX_REMEMBERED_OPERATIONS = 10_000;

    private final Settings settings;
    private final Executor allocationExecutor;
    private final Enrollments enrollments;
    private final Assignments assignments;

    // guarded by this
    private final Map<String, Operation> operations = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Operation> eldest) {
            return size() > MAX_REMEMBERED_OPERATIONS;
        }
    };
    private final Map<String, RateLimiter> pollLimits = new LinkedHashMap<>();
    private RateLimiter registrationLimit;

    /**
     * The fixed settings of the service.
     *
     * @param idScope the id scope
     * @param defaultHub the host name of the hub for enrollments that name none
     * @param retryAfter the wait that the service requests while it assigns, in whole seconds
     * @param quotas the limits above which it answers 429
     * @param clock the service's clock
     */
    public record Settings(String idScope, String defaultHub, Duration retryAfter, DpsQuotas quotas, Clock clock) {}

    /**
     * Creates a service without enrollments.
     *
     * @param settings the fixed settings
     * @param hubs the hubs of the assigned devices; called with a lock held, so it must not block
     * @param allocationExecutor runs the custom allocations
     */
    public ProvisioningService(Settings settings, DeviceRegistry hubs, Executor allocationExecutor) {
        this.settings = settings;
        this.allocationExecutor = allocationExecutor;
        this.enrollments = new Enrollments(settings.idScope());
        this.assignments = new Assignments(settings.defaultHub(), hubs);
        reset(List.of());
    }

    /**
     * Adds an enrollment or replaces the one with the same name.
     *
     * @param enrollment the enrollment
     */
    public void enroll(Enrollment enrollment) {
        enrollments.put(enrollment);
    }

    /**
     * Removes every registration and replaces all enrollments.
     *
     * @param newEnrollments the enrollments
     */
    public synchronized void reset(List<Enrollment> newEnrollments) {
        enrollments.replaceAll(newEnrollments);
        operations.clear();
        assignments.clear();
        pollLimits.clear();
        registrationLimit = new RateLimiter(settings.quotas().registrationsPerMinute(), MINUTE);
    }

    /**
     * Begins a registration.
     *
     * @param device the sender
     * @param body the JSON body of the request; it may be empty
     * @return 202 with the operation id, 200 for a disabled enrollment, or an error
     */
    public DpsAnswer register(Device device, String body) {
        Instant now = now();
        Duration wait;
        synchronized (this) {
            wait = registrationLimit.acquire(now);
        }
        if (!wait.isZero()) {
            return throttled(wait, "quota of registrations per minute");
        }
        try {
            Enrollment enrollment = enrollments.authenticate(device, now);
            ObjectNode request = RegistrationJson.readRequest(body);
            checkRequest(device, enrollment, request);
            if (!enrollment.isEnabled()) {
                return refused(
                        answer(200, RegistrationJson.disabled(device, Assignments.newEtag(), now)),
                        "",
                        AzureRule.ENROLLMENT_DISABLED);
            }
            return begin(device, enrollment, Optional.ofNullable(request.get("payload")));
        } catch (RefusedException e) {
            return refusal(e);
        }
    }

    private static void checkRequest(Device device, Enrollment enrollment, ObjectNode request) throws RefusedException {
        JsonNode registrationId = request.get("registrationId");
        // An assumption: it is not documented what the service does if the ids in the body and in the connection
        // differ.
        if (registrationId != null && !registrationId.asText().equalsIgnoreCase(device.registrationId())) {
            throw new RefusedException(
                    DpsError.BAD_REQUEST,
                    "the body is for '" + registrationId.asText() + "', the connection for '" + device.registrationId()
                            + "'");
        }
        if (request.has("tpm")) {
            throw new RefusedException(DpsError.BAD_REQUEST, "TPM attestation is not supported over MQTT");
        }
        JsonNode payload = request.path("payload");
        boolean objectOrNone = payload.isObject() || payload.isNull() || payload.isMissingNode();
        if (!objectOrNone && !enrollment.acceptsAnyPayload()) {
            throw new RefusedException(
                    DpsError.BAD_REQUEST,
                    "the payload is a JSON "
                            + payload.getNodeType().name().toLowerCase(Locale.ROOT)
                            + ", and Microsoft documents a JSON object");
        }
    }

    private DpsAnswer begin(Device device, Enrollment enrollment, Optional<JsonNode> payload) {
        String operationId = String.format(
                Locale.ROOT, "4.%016x.%s", ThreadLocalRandom.current().nextLong(), UUID.randomUUID());
        CompletionStage<Optional<JsonNode>> allocation = enrollment
                .allocation()
                .map(function -> CompletableFuture.supplyAsync(
                        () -> Optional.ofNullable(function.apply(payload.orElse(NullNode.instance))),
                        allocationExecutor))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        synchronized (this) {
            operations.put(operationId, new Operation(operationId, device, enrollment, allocation));
        }
        return inProgress(RegistrationJson.registered(operationId));
    }

    /**
     * Answers a poll of a registration.
     *
     * @param device the sender
     * @param operationId the operation id of the registration
     * @return 202 while the device is being assigned, then 200 with the result, or an error; completes later only if a
     *     custom allocation takes time
     */
    public CompletionStage<DpsAnswer> poll(Device device, String operationId) {
        Instant now = now();
        Duration wait;
        Operation operation;
        synchronized (this) {
            wait = pollLimits
                    .computeIfAbsent(
                            device.key(),
                            key -> new RateLimiter(settings.quotas().pollsPerTenSeconds(), POLL_WINDOW))
                    .acquire(now);
            operation = operations.get(operationId);
        }
        if (!wait.isZero()) {
            return CompletableFuture.completedFuture(throttled(wait, "quota of polls of this device"));
        }
        try {
            enrollments.authenticate(device, now);
            if (operation == null || !operation.device().key().equals(device.key())) {
                throw new RefusedException(
                        DpsError.OPERATION_NOT_FOUND, "the device has no operation '" + operationId + "'");
            }
        } catch (RefusedException e) {
            return CompletableFuture.completedFuture(refusal(e));
        }
        if (operation.countPoll()) {
            return CompletableFuture.completedFuture(inProgress(RegistrationJson.assigning(operation)));
        }
        return operation.end(payload -> assign(operation, payload), failure -> fail(operation, failure));
    }

    /**
     * Returns whether the next poll of an operation ends it.
     *
     * @param operationId the operation id
     * @return true if the answer to the next poll is the result
     */
    public synchronized boolean endsWithNextPoll(String operationId) {
        Operation operation = operations.get(operationId);
        return operation != null && !operation.isAssigning();
    }

    private DpsAnswer assign(Operation operation, Optional<JsonNode> payload) {
        Enrollment enrollment = operation.enrollment();
        if (enrollment.failure().isPresent()) {
            return failed(operation, enrollment.failure().get());
        }
        return answer(
                200,
                RegistrationJson.assigned(
                        operation, assignments.assign(operation.device(), enrollment, now()), payload));
    }

    private DpsAnswer fail(Operation operation, Throwable failure) {
        DpsAnswer answer = failed(operation, AllocationFailure.CUSTOM_ALLOCATION);
        return refused(answer, "custom allocation threw " + failure, AzureRule.ALLOCATION);
    }

    private DpsAnswer failed(Operation operation, AllocationFailure failure) {
        return refused(
                answer(200, RegistrationJson.failed(operation, failure, Assignments.newEtag(), now())),
                "",
                AzureRule.ALLOCATION);
    }

    /**
     * Returns the assigned devices.
     *
     * @return the assignments, in the order of the first registrations
     */
    public List<Assignment> assignments() {
        return assignments.all();
    }

    /**
     * Returns the enrollments.
     *
     * @return individual ones, then groups
     */
    public List<Enrollment> enrollments() {
        return enrollments.all();
    }

    private Instant now() {
        return settings.clock().instant();
    }

    private DpsAnswer inProgress(String body) {
        return DpsAnswer.of(202, OptionalInt.of((int) settings.retryAfter().toSeconds()), body);
    }

    private static DpsAnswer answer(int status, String body) {
        return DpsAnswer.of(status, OptionalInt.empty(), body);
    }

    private static DpsAnswer refused(DpsAnswer answer, String reason, AzureRule rule) {
        return new DpsAnswer(answer.status(), answer.retryAfter(), answer.body(), reason, Optional.of(rule));
    }

    private DpsAnswer refusal(RefusedException refused) {
        String body = RegistrationJson.error(refused.error(), now());
        return new DpsAnswer(
                refused.error().status(),
                OptionalInt.empty(),
                body,
                refused.getMessage(),
                Optional.of(refused.error().rule()));
    }

    private DpsAnswer throttled(Duration wait, String reason) {
        String body = RegistrationJson.error(DpsError.TOO_MANY_REQUESTS, now());
        int seconds = (int) wait.plusSeconds(1).minusNanos(1).toSeconds();
        return new DpsAnswer(429, OptionalInt.of(seconds), body, reason, Optional.of(AzureRule.THROTTLED));
    }
}
