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
import io.cameliot.awsiot.connection.InboundDelivery;
import io.cameliot.awsiot.connection.MessageHandler;
import io.cameliot.common.mqtt.InboundMessage;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the messages of one topic filter, in order and on a thread of its own. */
public class AwsIotDeviceConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(AwsIotDeviceConsumer.class);

    private final AwsIotDeviceEndpoint endpoint;
    private final ConnectionSettings settings;
    private final Handler handler = new Handler();
    private volatile DeviceConnection connection;
    private volatile ExecutorService routeThread;
    private volatile IOException refusal;

    AwsIotDeviceConsumer(AwsIotDeviceEndpoint endpoint, Processor processor, ConnectionSettings settings) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.settings = settings;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        routeThread = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadExecutor(this, "AwsIotDeviceConsumer");
        try {
            connection = endpoint.getComponent().links().acquire(settings, DeviceConnection.class);
            ConnectionAwait.get(connection.connected(), settings);
            if (endpoint.getConfiguration().isSubscribe()) {
                ConnectionAwait.get(
                        connection.subscribe(
                                endpoint.getTopic(), endpoint.getConfiguration().getQos(), handler),
                        settings);
            } else {
                connection.receiveUnsolicited(endpoint.getTopic(), handler);
            }
        } catch (Exception e) {
            release();
            throw e;
        }
        registerHealthCheck();
    }

    private void registerHealthCheck() {
        if (HealthCheckHelper.getHealthCheckRepository(
                        endpoint.getCamelContext(), "consumers", HealthCheckRepository.class)
                != null) {
            ConnectionHealthCheck check = new ConnectionHealthCheck(
                    "consumer:awsiot-device-" + getRouteId(), () -> connection, () -> refusal);
            check.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
            setHealthCheck(check);
        }
    }

    @Override
    protected void doStop() throws Exception {
        release();
        super.doStop();
    }

    /** Messages that have arrived are still processed and acknowledged, then the connection is let go. */
    private void release() throws Exception {
        DeviceConnection released = connection;
        ExecutorService ended = routeThread;
        connection = null;
        try {
            if (released != null) {
                unsubscribe(released);
            }
            if (ended != null) {
                endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(ended);
            }
        } finally {
            routeThread = null;
            if (released != null) {
                endpoint.getComponent().links().release(released).get(10, TimeUnit.SECONDS);
            }
        }
    }

    private void unsubscribe(DeviceConnection released) throws Exception {
        released.stopUnsolicited(handler);
        if (!settings.cleanSession() && endpoint.getCamelContext().isStopping()) {
            // The session is to keep the messages of the time until the next start.
            released.leave(endpoint.getTopic(), handler);
            return;
        }
        try {
            ConnectionAwait.get(released.unsubscribe(endpoint.getTopic(), handler), settings);
        } catch (IOException e) {
            // There is no connection: the server forgets the subscription with the clean session, or keeps it as asked.
            LOG.debug("Not unsubscribed from {}", endpoint.getTopic(), e);
        }
    }

    private void process(InboundDelivery delivery) {
        Exchange exchange = createExchange(false);
        try {
            fill(exchange, delivery.message());
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            getExceptionHandler()
                    .handleException(
                            "Error processing message of topic "
                                    + delivery.message().topic(),
                            exchange,
                            exchange.getException());
        }
        releaseExchange(exchange, false);
    }

    private void fill(Exchange exchange, InboundMessage arrived) {
        Message message = exchange.getIn();
        message.setBody(arrived.payload());
        message.setHeader(AwsIotDeviceConstants.TOPIC, arrived.topic());
        message.setHeader(AwsIotDeviceConstants.QOS, arrived.qos());
        message.setHeader(AwsIotDeviceConstants.RETAINED, arrived.retained());
        message.setHeader(AwsIotDeviceConstants.DUPLICATE, arrived.duplicate());
        message.setHeader(AwsIotDeviceConstants.MESSAGE_ID, arrived.packetId());
        message.setHeader(AwsIotDeviceConstants.CLIENT_ID, arrived.session().clientId());
    }

    private final class Handler implements MessageHandler {

        @Override
        public void messageArrived(InboundDelivery delivery) {
            boolean acknowledgeNow = endpoint.getConfiguration().getAcknowledgement() == AcknowledgementMode.onReceive;
            ExecutorService thread = routeThread;
            if (thread == null) {
                return;
            }
            try {
                thread.execute(() -> {
                    process(delivery);
                    if (!acknowledgeNow) {
                        delivery.done();
                    }
                });
                if (acknowledgeNow) {
                    delivery.done();
                }
            } catch (RejectedExecutionException e) {
                // The route is stopping: unacknowledged, the message comes again to whoever subscribes next.
                LOG.debug("{} arrived while the route was stopping", delivery.message(), e);
            }
        }

        @Override
        public void subscriptionRefused(IOException reason) {
            refusal = reason;
            endpoint.getComponent().threads().io().execute(() -> getExceptionHandler()
                    .handleException(reason));
        }

        @Override
        public void subscriptionGranted() {
            refusal = null;
        }
    }
}
