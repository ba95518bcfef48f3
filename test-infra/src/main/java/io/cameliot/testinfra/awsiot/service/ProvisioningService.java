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
package io.cameliot.testinfra.awsiot.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import io.cameliot.testinfra.awsiot.provisioning.Claimant;
import io.cameliot.testinfra.awsiot.provisioning.FleetProvisioning;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.awsiot.provisioning.ProvisionedThing;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningRejectedException;
import io.cameliot.testinfra.awsiot.provisioning.Registration;
import io.cameliot.testinfra.awsiot.provisioning.UnregisteredCertificate;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code $aws/certificates/…} and {@code $aws/provisioning-templates/…}. An answer goes to the device that sent the request,
 * if it has subscribed to the answer's topic, and to no other device. Requests in CBOR are not read.
 *
 * <p>Keys are generated and hooks run on threads of this service, so that neither delays other devices.
 */
final class ProvisioningService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningService.class);

    private static final int IDLE_THREAD_SECONDS = 60;
    private static final int STOP_TIMEOUT_SECONDS = 5;

    private static final Pattern REQUEST = Pattern.compile("\\$aws/(?:certificates/(?<create>create|create-from-csr)"
            + "|provisioning-templates/(?<template>" + ResourceNames.TEMPLATE + ")/provision)/json");

    private final FleetProvisioning fleet;
    private final ServiceOutlet outlet;
    private final ScheduledExecutorService timer;
    /** Discards the requests that come after {@link #close()}: their connections are closed. */
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DefaultThreadFactory("aws-iot-emulator-provisioning", true),
            new ThreadPoolExecutor.DiscardPolicy());

    ProvisioningService(FleetProvisioning fleet, ServiceOutlet outlet, ScheduledExecutorService timer) {
        this.fleet = fleet;
        this.outlet = outlet;
        this.timer = timer;
    }

    /** Returns the call if the topic is that of a request. */
    Optional<ArrivedRequest> begin(RequestingDevice requester, String topic, byte[] payload) {
        Matcher matcher = REQUEST.matcher(topic);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String template = matcher.group("template");
        boolean fromRequest = "create-from-csr".equals(matcher.group("create"));
        Claimant claimant = new Claimant(requester.principalId(), requester.clientId());
        Operation operation = template == null
                ? body -> create(claimant, fromRequest, body)
                : body -> register(claimant, template, body);
        return Optional.of(
                new ArrivedRequest(true, () -> threads.execute(() -> answer(requester, topic, payload, operation))));
    }

    /** Returns the body of the accepted answer. */
    @FunctionalInterface
    private interface Operation {
        CompletableFuture<ObjectNode> perform(ObjectNode request) throws ProvisioningRejectedException;
    }

    private void answer(RequestingDevice requester, String topic, byte[] payload, Operation operation) {
        perform(requester, topic, payload, operation)
                .thenApply(accepted -> ServiceMessage.reply(topic + "/accepted", accepted))
                .exceptionally(cause -> ServiceMessage.reply(topic + "/rejected", rejection(cause)))
                .thenAccept(answer -> send(requester, topic, answer))
                .exceptionally(cause -> {
                    LOG.debug("The answer to {} is lost", topic, cause);
                    return null;
                });
    }

    private CompletableFuture<ObjectNode> perform(
            RequestingDevice requester, String topic, byte[] payload, Operation operation) {
        try {
            Optional<Fault.RejectRequest> fault = outlet.rejection(requester, topic);
            if (fault.isPresent()) {
                throw injected(fault.get());
            }
            return operation.perform(StrictJson.read(payload));
        } catch (NotJsonException e) {
            return CompletableFuture.failedFuture(ProvisioningRejectedException.invalidPayload(e.getMessage()));
        } catch (ProvisioningRejectedException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static ProvisioningRejectedException injected(Fault.RejectRequest fault) {
        String[] statusAndCode = fault.code().split(" ", 2); // checked by the fault
        return new ProvisioningRejectedException(Integer.parseInt(statusAndCode[0]), statusAndCode[1], fault.message());
    }

    private CompletableFuture<ObjectNode> create(Claimant claimant, boolean fromRequest, ObjectNode request)
            throws ProvisioningRejectedException {
        UnregisteredCertificate created = fromRequest
                ? fleet.createCertificateFromCsr(claimant, text(request, "certificateSigningRequest"))
                : fleet.createKeysAndCertificate(claimant);
        ObjectNode accepted = StrictJson.object()
                .put("certificateId", created.certificateId())
                .put("certificatePem", created.certificatePem())
                .put("certificateOwnershipToken", created.ownershipToken());
        created.privateKeyPem().ifPresent(key -> accepted.put("privateKey", key));
        return CompletableFuture.completedFuture(accepted);
    }

    private CompletableFuture<ObjectNode> register(Claimant claimant, String template, ObjectNode request)
            throws ProvisioningRejectedException {
        Registration registration =
                fleet.begin(claimant, template, text(request, "certificateOwnershipToken"), parameters(request));
        return decide(registration).thenApplyAsync(decision -> complete(registration, decision), threads);
    }

    private CompletableFuture<Decision> decide(Registration registration) {
        CompletableFuture<Decision> decision = CompletableFuture.supplyAsync(() -> ask(registration), threads);
        Future<?> limit = timer.schedule(
                () -> {
                    if (decision.complete(Decision.deny())) {
                        LOG.info(
                                "The hook of {} takes too long and so denies",
                                registration.template().name());
                    }
                },
                registration.template().hookTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
        return decision.handle((decided, cause) -> {
            limit.cancel(false);
            if (decided == null) {
                LOG.info(
                        "The hook of {} fails and so denies",
                        registration.template().name(),
                        cause);
                return Decision.deny();
            }
            return decided;
        });
    }

    private static Decision ask(Registration registration) {
        try {
            return registration.template().hook().decide(registration.hookRequest());
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private ObjectNode complete(Registration registration, Decision decision) {
        try {
            ProvisionedThing thing = fleet.complete(registration, decision);
            ObjectNode accepted = StrictJson.object();
            ObjectNode configuration = accepted.putObject("deviceConfiguration");
            registration.template().deviceConfiguration().forEach(configuration::put);
            return accepted.put("thingName", thing.name());
        } catch (ProvisioningRejectedException e) {
            throw new CompletionException(e);
        }
    }

    private static String text(ObjectNode request, String field) throws ProvisioningRejectedException {
        JsonNode value = request.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw ProvisioningRejectedException.invalidPayload(field + " must be a string");
        }
        return value.textValue();
    }

    private static Map<String, String> parameters(ObjectNode request) throws ProvisioningRejectedException {
        JsonNode parameters = request.path("parameters");
        Map<String, String> texts = new HashMap<>();
        if (parameters.isMissingNode() || parameters.isNull()) {
            return texts;
        }
        if (!parameters.isObject()) {
            throw ProvisioningRejectedException.invalidPayload("parameters must be an object");
        }
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            if (!parameter.getValue().isTextual()) {
                throw ProvisioningRejectedException.invalidPayload(
                        "The parameter " + parameter.getKey() + " must be a string");
            }
            texts.put(parameter.getKey(), parameter.getValue().textValue());
        }
        return texts;
    }

    private static ObjectNode rejection(Throwable cause) {
        Throwable reason = cause instanceof CompletionException ? cause.getCause() : cause;
        if (reason instanceof ProvisioningRejectedException rejected) {
            return StrictJson.object()
                    .put("statusCode", rejected.statusCode())
                    .put("errorCode", rejected.errorCode())
                    .put("errorMessage", rejected.getMessage());
        }
        LOG.warn("A provisioning request failed", reason);
        return rejection(new ProvisioningRejectedException(500, "InternalFailure", "Internal Failure"));
    }

    private void send(RequestingDevice requester, String topic, ServiceMessage answer) {
        if (outlet.drops(requester, topic)) {
            LOG.debug("The answer to {} is lost with the connection", topic);
        } else if (requester.hasSubscribed(answer.topic())) {
            outlet.send(requester, answer);
        } else {
            LOG.info("{} has not subscribed to {} and gets no answer", requester.clientId(), answer.topic());
        }
    }

    /** Interrupts the hooks and waits for their end, at most {@value #STOP_TIMEOUT_SECONDS} seconds. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A hook has not ended within {} seconds of its interruption", STOP_TIMEOUT_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
