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
package io.cameliot.benchmarks.soak;

import io.cameliot.awsiot.AwsIotDeviceConnectionView;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.DeliveryLedger;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that publishes numbered messages and a client that receives them, behind a common proxy. */
final class SoakPair implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SoakPair.class);
    private static final int IN_FLIGHT = 50;
    private static final long PACE_MILLIS = 5;
    /** Messages whose number is a multiple of this fail in the route at first and must be delivered again. */
    private static final int FAILING = 97;

    private final String name;
    private final AwsIotEmulator aws;
    private final FaultProxy proxy;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final DeliveryLedger ledger = new DeliveryLedger();
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();

    /**
     * Creates a pair.
     *
     * @param name name of the pair, part of its client ids and its topic
     * @param publisherOptions additional URI options of the publishing endpoint
     * @param folder directory for the pair's files
     */
    SoakPair(AwsIotEmulator aws, String name, String publisherOptions, Path folder) throws Exception {
        this.aws = aws;
        this.name = name;
        proxy = FaultProxy.to("127.0.0.1", aws.port(GatewayPort.MQTT_8883)).start();
        CertificateFiles files = aws.issueDevice(name).writeTo(folder, name);
        String options = "?endpoint=" + aws.endpoint() + "&connectTo=" + proxy.address() + "&certificateFile="
                + files.certificate() + "&privateKeyFile=" + files.privateKey() + "&caFile="
                + aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"))
                + "&connectionTimeout=5s&reconnectMinDelay=100ms&reconnectMaxDelay=2s";
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("awsiot-device:" + topic() + options + "&clientId=" + name
                                + "-hears&cleanSession=false&redeliveryDelay=10ms")
                        .process(SoakPair.this::hear);
                from("direct:publish")
                        .to("awsiot-device:" + topic() + options + "&clientId=" + name + "-publishes"
                                + publisherOptions);
            }
        });
    }

    private void hear(Exchange exchange) {
        int number = Integer.parseInt(exchange.getMessage().getBody(String.class));
        boolean again = exchange.getMessage().getHeader("CamelAwsiotDeviceDuplicate", Boolean.class);
        if (number % FAILING == 0 && !again) {
            throw new IllegalStateException("Message " + number + " is to come again");
        }
        ledger.receive(number);
    }

    void start() throws Exception {
        camel.start();
        AsyncProducer route = camel.getEndpoint("direct:publish").createAsyncProducer();
        route.start();
        publisher.scheduleWithFixedDelay(() -> publish(route), 0, PACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void publish(AsyncProducer route) {
        if (!room.tryAcquire()) {
            return;
        }
        int number = ledger.next();
        Exchange exchange = route.getEndpoint().createExchange();
        exchange.getMessage().setBody(String.valueOf(number));
        route.process(exchange, doneSync -> {
            if (exchange.getException() == null) {
                ledger.accept(number);
            } else {
                LOG.warn("{}: message {} failed", name, number, exchange.getException());
                ledger.fail(number);
            }
            room.release();
        });
    }

    /**
     * Stops publishing.
     *
     * @return whether every exchange has ended within the timeout
     */
    boolean end(long timeout, TimeUnit unit) throws InterruptedException {
        publisher.shutdown();
        return publisher.awaitTermination(timeout, unit) && room.tryAcquire(IN_FLIGHT, timeout, unit);
    }

    void disconnect() {
        aws.disconnect(name + "-hears");
        aws.disconnect(name + "-publishes");
    }

    void inject(Fault fault, int times) {
        aws.faults().inject(fault, times, clientId -> clientId.startsWith(name + "-"));
    }

    /** Ends all faults. */
    void heal() {
        aws.faults().clear();
        aws.start();
        proxy.clear();
        proxy.start();
    }

    /** The number of received PUBACKs. */
    long acknowledged() {
        return sum(AwsIotDeviceConnectionView::getAcknowledged);
    }

    /** The number of reconnects of both clients. */
    long reconnects() {
        return sum(AwsIotDeviceConnectionView::getReconnects);
    }

    /** The number of messages that the publisher keeps: in the outbox, in flight, or before their first connection. */
    long waiting() {
        return sum(view -> Math.max(view.getOutboxDepth(), view.getInFlight() + view.getWaiting()));
    }

    private long sum(ToLongFunction<AwsIotDeviceConnectionView> counter) {
        return camel.hasServices(AwsIotDeviceConnectionView.class).stream()
                .mapToLong(counter)
                .sum();
    }

    String name() {
        return name;
    }

    String topic() {
        return "soak/" + name;
    }

    AwsIotEmulator aws() {
        return aws;
    }

    FaultProxy proxy() {
        return proxy;
    }

    DeliveryLedger ledger() {
        return ledger;
    }

    @Override
    public void close() {
        publisher.shutdownNow();
        camel.stop();
        proxy.close();
    }
}
