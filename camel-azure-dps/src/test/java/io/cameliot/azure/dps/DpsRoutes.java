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

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A Camel context whose azure-dps endpoints reach the emulator: they dial it and trust its authority, and poll and retry
 * faster than the defaults. What a test gives in its URI wins.
 */
final class DpsRoutes implements AutoCloseable {

    private final DpsEmulator dps;
    private final DefaultCamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;

    DpsRoutes(DpsEmulator dps) {
        this(dps, DpsTransport.mqtt);
    }

    DpsRoutes(DpsEmulator dps, DpsTransport transport) {
        this.dps = dps;
        context.getShutdownStrategy().setTimeout(10);
        HealthCheckRegistry health = HealthCheckHelper.getHealthCheckRegistry(context);
        health.setExposureLevel("full");
        Stream.of("consumers", "producers").forEach(repository -> {
            HealthCheckRepository checks = (HealthCheckRepository) health.resolveById(repository);
            checks.setEnabled(true);
            health.register(checks);
        });
        DpsConfiguration options =
                context.getComponent("azure-dps", DpsComponent.class).getConfiguration();
        options.setTransport(transport);
        options.setConnectTo(transport == DpsTransport.mqtt ? dps.mqttAddress() : dps.webSocketAddress());
        options.setCaFile(base64(dps.serverAuthority().certificatePem()));
        options.setDefaultPollInterval(10);
        options.setRetryMinDelay(10);
        options.setRetryMaxDelay(50);
    }

    /** PEM text as a file option takes it. */
    static String base64(String pem) {
        return "base64:" + Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** The options of a device with a key of its own. */
    static String key(EnrollmentKey key) {
        return "sharedAccessKey=RAW(" + key.base64() + ")";
    }

    /** The options of the devices of a group. */
    static String groupKey(EnrollmentKey key) {
        return "authentication=groupKey&groupSharedAccessKey=RAW(" + key.base64() + ")";
    }

    DefaultCamelContext context() {
        return context;
    }

    /** The URI of a device, or of all devices for an empty registration id. */
    String uri(String registrationId, String... options) {
        return "azure-dps:" + dps.idScope() + "/" + registrationId + "?" + String.join("&", options);
    }

    DpsRoutes routes(Consumer<RouteBuilder> routes) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routes.accept(this);
            }
        });
        return this;
    }

    /** The result of one health check. */
    HealthCheck.Result health(String checkId) {
        return HealthCheckHelper.invoke(context).stream()
                .filter(result -> result.getCheck().getId().equals(checkId))
                .findFirst()
                .orElseThrow();
    }

    DpsRoutes start() {
        context.start();
        return this;
    }

    /** A route {@code direct:register} to an endpoint, started. */
    DpsRoutes registering(String uri) throws Exception {
        return routes(builder ->
                        builder.from("direct:register").routeId("register").to(uri))
                .start();
    }

    /** Registers through {@code direct:register}. */
    Exchange register(Object body, Map<String, Object> headers) {
        return template().request("direct:register", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(headers);
        });
    }

    /** Sends an empty message. */
    Exchange send(String uri) {
        return template().send(uri, exchange -> {});
    }

    Exchange register() {
        return register(null, Map.of());
    }

    Exchange register(String registrationId) {
        return register(null, Map.of(DpsConstants.REGISTRATION_ID, registrationId));
    }

    CompletableFuture<Exchange> registerAsync(String registrationId) {
        return template().asyncSend("direct:register", exchange -> exchange.getMessage()
                .setHeader(DpsConstants.REGISTRATION_ID, registrationId));
    }

    private synchronized ProducerTemplate template() {
        if (template == null) {
            template = context.createProducerTemplate();
        }
        return template;
    }

    static DeviceRegistrationResult result(Exchange exchange) {
        if (exchange.getException() != null) {
            throw new AssertionError("The registration failed", exchange.getException());
        }
        return exchange.getMessage().getBody(DeviceRegistrationResult.class);
    }

    static DeviceRegistrationException failure(Exchange exchange) {
        return exchange.getException(DeviceRegistrationException.class);
    }

    /** The threads of this component that run. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("AzureDps") || name.contains("MQTT"))
                .toList();
    }

    @Override
    public void close() {
        context.stop();
    }
}
