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
package io.cameliot.awsiot;

import io.cameliot.awsiot.connection.ConnectionSettings;
import io.cameliot.awsiot.connection.DeviceConnection;
import io.cameliot.awsiot.connection.DeviceLink;
import io.cameliot.awsiot.connection.MessageProperties;
import io.cameliot.awsiot.connection.PublishReceipt;
import io.cameliot.awsiot.connection.PublishRequest;
import io.cameliot.awsiot.outbox.Outbox;
import io.cameliot.awsiot.outbox.OutboxSettings;
import io.cameliot.awsiot.topic.TopicRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Publishes each exchange, and continues it when the server has acknowledged the message, or when the outbox has accepted
 * it.
 */
public class AwsIotDeviceProducer extends DefaultAsyncProducer {

    /** Largest payload (AWS IoT Core quotas). */
    static final int MAX_PAYLOAD_BYTES = 128 * 1024;

    private final AwsIotDeviceEndpoint endpoint;
    private final ConnectionSettings settings;
    private final OutboxSettings outboxSettings;
    private volatile DeviceLink link;
    private volatile Outbox outbox;
    private WritableHealthCheckRepository healthChecks;
    private HealthCheck healthCheck;

    /**
     * @param outboxSettings null without an outbox
     */
    AwsIotDeviceProducer(AwsIotDeviceEndpoint endpoint, ConnectionSettings settings, OutboxSettings outboxSettings) {
        super(endpoint);
        this.endpoint = endpoint;
        this.settings = settings;
        this.outboxSettings = outboxSettings;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        settings.requireFiles();
        link = endpoint.getComponent().links().acquire(settings, DeviceLink.class);
        try {
            if (outboxSettings != null) {
                outbox = endpoint.getComponent().outboxes().acquire((DeviceConnection) link, outboxSettings);
            }
            if (endpoint.getConfiguration().awaitsConnection()) {
                ConnectionAwait.get(link.connected(), settings);
            } else {
                link.keepConnected();
            }
        } catch (Exception e) {
            release();
            throw e;
        }
        if (link instanceof DeviceConnection) {
            registerHealthCheck();
        }
    }

    private void registerHealthCheck() {
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            ConnectionHealthCheck check = new ConnectionHealthCheck(
                    "producer:awsiot-device-" + endpoint.getId(), () -> (DeviceConnection) link, () -> null);
            check.setEnabled(endpoint.getComponent().isHealthCheckProducerEnabled());
            healthCheck = check;
            healthChecks.addHealthCheck(check);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (healthCheck != null) {
            healthChecks.removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        release();
        super.doStop();
    }

    private void release() throws Exception {
        DeviceLink released = link;
        Outbox releasedOutbox = outbox;
        link = null;
        outbox = null;
        if (released != null) {
            AwsIotDeviceComponent component = endpoint.getComponent();
            CompletableFuture<Void> sent = releasedOutbox == null
                    ? CompletableFuture.completedFuture(null)
                    : component.outboxes().release(releasedOutbox);
            component.awaitClosed(sent.thenCompose(nothing -> component.links().release(released)));
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        PublishRequest request;
        DeviceLink current = link;
        try {
            if (current == null) {
                throw new IllegalStateException("The producer of " + endpoint + " is stopped");
            }
            request = request(exchange);
        } catch (InvalidPayloadException | RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        Outbox keeping = outbox;
        CompletableFuture<?> publish =
                keeping != null && request.qos() > 0 ? keeping.offer(request) : current.publish(request);
        if (publish.isDone()) {
            finish(exchange, publish);
            callback.done(true);
            return true;
        }
        // The route goes on beside the client's own threads, which must never wait for it.
        publish.whenCompleteAsync(
                (done, failure) -> {
                    finish(exchange, publish);
                    callback.done(false);
                },
                endpoint.getComponent().threads().continuations());
        return false;
    }

    private static void finish(Exchange exchange, CompletableFuture<?> publish) {
        try {
            if (publish.join() instanceof PublishReceipt receipt && receipt.httpResponseCode() != null) {
                exchange.getMessage().setHeader(AwsIotDeviceConstants.HTTP_RESPONSE_CODE, receipt.httpResponseCode());
                exchange.getMessage().setHeader(AwsIotDeviceConstants.TRACE_ID, receipt.traceId());
            }
        } catch (CompletionException e) {
            exchange.setException(e.getCause());
        }
    }

    private PublishRequest request(Exchange exchange) throws InvalidPayloadException {
        Message message = exchange.getMessage();
        AwsIotDeviceConfiguration options = endpoint.getConfiguration();
        int qos = message.getHeader(AwsIotDeviceConstants.OVERRIDE_QOS, options.getQos(), Integer.class);
        ConnectionOptions.requireQos(AwsIotDeviceConstants.OVERRIDE_QOS, qos);
        boolean retained =
                message.getHeader(AwsIotDeviceConstants.OVERRIDE_RETAINED, options.isRetained(), Boolean.class);
        byte[] payload = message.getBody() == null ? new byte[0] : message.getMandatoryBody(byte[].class);
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("The message body has " + payload.length + " bytes: AWS IoT Core allows "
                    + MAX_PAYLOAD_BYTES + " (128 KB) in one message");
        }
        return new PublishRequest(topic(message), payload, qos, retained, properties(message));
    }

    /** Takes the override header away, so that it does not redirect the next endpoint of the route. */
    private String topic(Message message) {
        Object override = message.removeHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC);
        if (override == null) {
            return endpoint.getTopic();
        }
        String topic = override.toString();
        TopicRules.requireTopicName(topic);
        return topic;
    }

    private static MessageProperties properties(Message message) {
        if (!hasProperties(message)) {
            return MessageProperties.NONE;
        }
        Map<?, ?> userProperties = message.getHeader(AwsIotDeviceConstants.USER_PROPERTIES, Map.class);
        Map<String, String> userTexts = new LinkedHashMap<>();
        if (userProperties != null) {
            userProperties.forEach((name, value) -> userTexts.put(String.valueOf(name), String.valueOf(value)));
        }
        return new MessageProperties(
                message.getHeader(AwsIotDeviceConstants.CONTENT_TYPE, String.class),
                message.getHeader(AwsIotDeviceConstants.RESPONSE_TOPIC, String.class),
                message.getHeader(AwsIotDeviceConstants.MESSAGE_EXPIRY, Long.class),
                userTexts,
                message.getHeader(AwsIotDeviceConstants.PAYLOAD_FORMAT_INDICATOR, String.class),
                message.getHeader(AwsIotDeviceConstants.CORRELATION_DATA, byte[].class));
    }

    private static boolean hasProperties(Message message) {
        if (!message.hasHeaders()) {
            return false;
        }
        for (String header : AwsIotDeviceConstants.MESSAGE_PROPERTIES) {
            if (message.getHeader(header) != null) {
                return true;
            }
        }
        return false;
    }
}
