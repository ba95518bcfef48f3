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

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.awsiot.message.ArrivedMessage;
import io.cameliot.awsiot.message.MessagePayload;
import io.cameliot.awsiot.message.MessagePropertyHeaders;
import io.cameliot.awsiot.message.ServiceAnswerMessage;
import io.cameliot.awsiot.outbox.Outbox;
import io.cameliot.awsiot.outbox.OutboxSettings;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.request.RequestMode;
import io.cameliot.awsiot.request.RequestSettings;
import io.cameliot.awsiot.request.Requests;
import io.cameliot.awsiot.route.RouteStart;
import io.cameliot.awsiot.service.ServiceAnswer;
import io.cameliot.awsiot.service.ServiceCall;
import io.cameliot.awsiot.service.ServiceRequestSender;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.header.HeaderValues;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Publishes each exchange. The exchange continues when the server has acknowledged the message, when the outbox has
 * accepted it, or with the answer to a request.
 */
public class AwsIotDeviceProducer extends DefaultAsyncProducer {

    private final AwsIotDeviceEndpoint endpoint;
    private final ConnectionSettings settings;
    private final OutboxSettings outboxSettings;
    private final RequestSettings requestSettings;
    private volatile DeviceLink link;
    private volatile Outbox outbox;
    private volatile Requests requests;
    private volatile ServiceRequestSender services;
    private HealthCheck healthCheck;

    /**
     * Creates a producer.
     *
     * @param outboxSettings null without an outbox
     */
    AwsIotDeviceProducer(
            AwsIotDeviceEndpoint endpoint,
            ConnectionSettings settings,
            OutboxSettings outboxSettings,
            RequestSettings requestSettings) {
        super(endpoint);
        this.endpoint = endpoint;
        this.settings = settings;
        this.outboxSettings = outboxSettings;
        this.requestSettings = requestSettings;
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
            services = new ServiceRequestSender(
                    requestSettings, endpoint.getComponent().serviceRequests(), link);
            if (requestSettings.mode() == RequestMode.always) {
                requests = endpoint.getComponent().requests().acquire((DeviceConnection) link, this);
            }
            if (endpoint.getConfiguration().awaitsConnection()) {
                RouteStart.awaitConnected(link);
            } else {
                link.keepConnected();
            }
        } catch (Exception e) {
            release();
            throw e;
        }
        if (link instanceof DeviceConnection) {
            healthCheck = endpoint.addProducerCheck(
                    id -> new ConnectionHealthCheck(id, () -> (DeviceConnection) link, () -> null));
        }
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.removeProducerCheck(healthCheck);
        healthCheck = null;
        release();
        super.doStop();
    }

    private void release() throws Exception {
        DeviceLink released = link;
        Outbox releasedOutbox = outbox;
        Requests releasedRequests = requests;
        ServiceRequestSender releasedServices = services;
        link = null;
        outbox = null;
        requests = null;
        services = null;
        if (released != null) {
            AwsIotDeviceComponent component = endpoint.getComponent();
            if (releasedRequests != null) {
                component.requests().release(releasedRequests, this);
            }
            if (releasedServices != null) {
                releasedServices.close();
            }
            CompletableFuture<Void> sent = releasedOutbox == null
                    ? CompletableFuture.completedFuture(null)
                    : component.outboxes().release(releasedOutbox);
            component.awaitClosed(sent.thenCompose(nothing -> component.links().release(released)));
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<?> publish;
        try {
            publish = send(exchange);
        } catch (Throwable e) {
            // Catches errors too: an exception that leaves this method does not end the exchange.
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (publish.isDone()) {
            finish(exchange, publish);
            callback.done(true);
            return true;
        }
        // The client's own threads must never wait for a route.
        publish.whenComplete(
                (done, failure) -> endpoint.getComponent().threads().continueWith(() -> {
                    finish(exchange, publish);
                    callback.done(false);
                }));
        return false;
    }

    /**
     * Sends the message of an exchange.
     *
     * @return a future that completes with a {@link PublishReceipt}; for a request, with the message or the
     *     {@link ServiceAnswer} that answers it; or, for an outbox or a reconnect, with nothing
     */
    private CompletableFuture<?> send(Exchange exchange) {
        Message message = exchange.getMessage();
        String override = removed(message, AwsIotDeviceConstants.OVERRIDE_TOPIC, HeaderValues::text);
        Boolean reconnect = removed(message, AwsIotDeviceConstants.RECONNECT, HeaderValues::truth);
        DeviceLink current = link;
        Outbox keeping = outbox;
        Requests answered = requests;
        ServiceRequestSender asking = services;
        if (current == null || asking == null) {
            throw new IllegalStateException("The producer of " + endpoint + " is stopped");
        }
        if (Boolean.TRUE.equals(reconnect)) {
            return current.reconnect();
        }
        String topic = topic(override);
        ServiceCall call = asking.callOf(topic, exchange.getPattern().isOutCapable());
        if (call != null) {
            return asking.send(call, MessagePayload.of(exchange, "message"));
        }
        PublishRequest request = request(exchange, topic);
        if (answered != null && exchange.getPattern().isOutCapable()) {
            return answered.send(this, request, requestSettings.timeout());
        }
        return keeping != null && request.qos() > 0 ? keeping.offer(request) : current.publish(request);
    }

    /**
     * Reads and removes a header that is for this endpoint only: the next endpoint of the route publishes, and to its
     * own topic, whatever becomes of this message.
     */
    private static <T> T removed(Message message, String header, BiFunction<Message, String, T> reader) {
        try {
            return reader.apply(message, header);
        } finally {
            message.removeHeader(header);
        }
    }

    private void finish(Exchange exchange, CompletableFuture<?> publish) {
        try {
            Object outcome = publish.join();
            if (outcome instanceof PublishReceipt receipt && receipt.httpResponseCode() != null) {
                exchange.getMessage().setHeader(AwsIotDeviceConstants.HTTP_RESPONSE_CODE, receipt.httpResponseCode());
                exchange.getMessage().setHeader(AwsIotDeviceConstants.TRACE_ID, receipt.traceId());
            } else if (outcome instanceof InboundMessage answer) {
                ArrivedMessage.answer(exchange.getMessage(), answer);
            } else if (outcome instanceof ServiceAnswer answer) {
                ServiceAnswerMessage.fill(exchange.getMessage(), answer);
            }
        } catch (CompletionException e) {
            exchange.setException(
                    e.getCause() instanceof TimeoutException noAnswer
                            ? new ExchangeTimedOutException(
                                    exchange, requestSettings.timeout().toMillis(), noAnswer.getMessage())
                            : e.getCause());
        } catch (Throwable e) {
            exchange.setException(e);
        }
    }

    private PublishRequest request(Exchange exchange, String topic) {
        Message message = exchange.getMessage();
        AwsIotDeviceConfiguration options = endpoint.getConfiguration();
        Long qos = HeaderValues.wholeNumber(message, AwsIotDeviceConstants.OVERRIDE_QOS);
        if (qos != null) {
            ConnectionOptions.requireQos(AwsIotDeviceConstants.OVERRIDE_QOS, qos);
        }
        Boolean retained = HeaderValues.truth(message, AwsIotDeviceConstants.OVERRIDE_RETAINED);
        byte[] payload = MessagePayload.of(exchange, "message");
        MessageProperties properties = MessagePropertyHeaders.read(exchange);
        return new PublishRequest(
                topic,
                payload,
                qos == null ? options.getQos() : qos.intValue(),
                retained == null ? options.isRetained() : retained,
                settings.carriesProperties() ? properties : MessageProperties.NONE);
    }

    private String topic(String override) {
        if (override == null) {
            return endpoint.getTopic();
        }
        TopicRules.requireTopicName(override);
        return override;
    }
}
