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
import io.cameliot.awsiot.connection.PublishReceipt;
import io.cameliot.awsiot.connection.PublishRequest;
import io.cameliot.awsiot.outbox.Outbox;
import io.cameliot.awsiot.outbox.OutboxSettings;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.camel.PayloadBytes;
import io.cameliot.common.mqtt.MessageProperties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
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
        CompletableFuture<?> publish;
        DeviceLink current = link;
        try {
            if (current == null) {
                throw new IllegalStateException("The producer of " + endpoint + " is stopped");
            }
            PublishRequest request = request(exchange);
            Outbox keeping = outbox;
            publish = keeping != null && request.qos() > 0 ? keeping.offer(request) : current.publish(request);
        } catch (Throwable e) {
            // Errors too: what leaves this method ends no exchange.
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (publish.isDone()) {
            finish(exchange, publish);
            callback.done(true);
            return true;
        }
        publish.whenComplete((done, failure) -> continueRoute(() -> {
            finish(exchange, publish);
            callback.done(false);
        }));
        return false;
    }

    /** Beside the client's own threads, which must never wait for a route. */
    private void continueRoute(Runnable rest) {
        try {
            endpoint.getComponent().threads().continuations().execute(rest);
        } catch (RejectedExecutionException e) {
            // The component has stopped, and with it the threads that should not wait: the exchange is to end all the
            // same.
            rest.run();
        }
    }

    private static void finish(Exchange exchange, CompletableFuture<?> publish) {
        try {
            if (publish.join() instanceof PublishReceipt receipt && receipt.httpResponseCode() != null) {
                exchange.getMessage().setHeader(AwsIotDeviceConstants.HTTP_RESPONSE_CODE, receipt.httpResponseCode());
                exchange.getMessage().setHeader(AwsIotDeviceConstants.TRACE_ID, receipt.traceId());
            }
        } catch (CompletionException e) {
            exchange.setException(e.getCause());
        } catch (Throwable e) {
            exchange.setException(e);
        }
    }

    private PublishRequest request(Exchange exchange) {
        Message message = exchange.getMessage();
        AwsIotDeviceConfiguration options = endpoint.getConfiguration();
        int qos = message.getHeader(AwsIotDeviceConstants.OVERRIDE_QOS, options.getQos(), Integer.class);
        ConnectionOptions.requireQos(AwsIotDeviceConstants.OVERRIDE_QOS, qos);
        boolean retained =
                message.getHeader(AwsIotDeviceConstants.OVERRIDE_RETAINED, options.isRetained(), Boolean.class);
        byte[] payload = PayloadBytes.of(exchange, message.getBody(), "message body");
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("The message body has " + payload.length + " bytes: AWS IoT Core allows "
                    + MAX_PAYLOAD_BYTES + " (128 KB) in one message");
        }
        MessageProperties properties = MessagePropertyHeaders.read(exchange);
        return new PublishRequest(
                topic(message),
                payload,
                qos,
                retained,
                settings.carriesProperties() ? properties : MessageProperties.NONE);
    }

    /** Takes the override header away, so that it does not redirect the next endpoint of the route. */
    private String topic(Message message) {
        Object override = message.removeHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC);
        if (override == null) {
            return endpoint.getTopic();
        }
        // What other components put into headers may be bytes.
        String topic = message.getExchange().getContext().getTypeConverter().convertTo(String.class, override);
        TopicRules.requireTopicName(topic);
        return topic;
    }
}
