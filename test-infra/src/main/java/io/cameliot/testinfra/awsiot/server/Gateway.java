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
package io.cameliot.testinfra.awsiot.server;

import io.cameliot.testinfra.awsiot.auth.CertificateAuthentication;
import io.cameliot.testinfra.awsiot.auth.MqttAuthentication;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.broker.EmbeddedBroker;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.Counters;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.journal.Journal;
import io.cameliot.testinfra.awsiot.server.GatewayRouter.Endpoints;
import io.cameliot.testinfra.awsiot.service.DeviceServices;
import io.cameliot.testinfra.awsiot.session.Admission;
import io.cameliot.testinfra.awsiot.session.ConnectHandler;
import io.cameliot.testinfra.awsiot.session.Connections;
import io.cameliot.testinfra.awsiot.session.GatewayConnection;
import io.cameliot.testinfra.awsiot.session.GatewayConnection.Ingress;
import io.cameliot.testinfra.awsiot.session.GatewayServices;
import io.cameliot.testinfra.awsiot.session.GatewaySettings;
import io.cameliot.testinfra.awsiot.session.LifecycleEvents;
import io.cameliot.testinfra.awsiot.session.Wills;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.Published;
import io.cameliot.testinfra.net.FailedHandshakes;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.Pipelines;
import io.cameliot.testinfra.net.TlsFrontHandler;
import io.cameliot.testinfra.net.WebSocketMqttHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device gateway: TLS listeners in front of the broker. The broker and its sessions live from construction to
 * {@link #close()}, the listeners from {@link #open()} to {@link #shut()}.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final String WEB_SOCKET_PATH = "/mqtt";

    /** AWS's SDK for JavaScript, version 1, offers the second one. */
    private static final List<String> WEB_SOCKET_SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    /** Bytes. More than the largest payload, so that AWS's error answers a payload that is too long. */
    private static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final int MAX_FRAME_BYTES = 1024 * 1024;

    private final GatewaySettings settings;
    private final HttpAuthentication authentication;
    private final LoopbackServer server;
    private final EmbeddedBroker broker;
    private final BrokerPublisher publisher;
    private final GatewayServices services;
    private final Map<GatewayPort, Integer> boundPorts;

    /**
     * Starts the broker.
     *
     * @param settings the settings of the gateway
     */
    public Gateway(GatewaySettings settings) {
        this.settings = settings;
        this.authentication = new HttpAuthentication(
                settings.identities().verifier(), settings.identities().authorizers());
        this.boundPorts = new EnumMap<>(settings.listeners().ports());
        this.server =
                new LoopbackServer("aws-iot-emulator", settings.listeners().ipv6());
        try {
            this.broker = new EmbeddedBroker(Limits.UNACKNOWLEDGED_MESSAGES, (int)
                    settings.limits().sessionExpiry().toSeconds());
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        try {
            this.publisher = new BrokerPublisher(broker.access(), server.eventLoops());
        } catch (RuntimeException e) {
            server.close();
            broker.close();
            throw e;
        }
        Connections connections = new Connections();
        this.services = new GatewayServices(
                settings,
                broker,
                new Admission(settings, connections),
                connections,
                new GatewayServices.Announcements(
                        new LifecycleEvents(publisher), new Wills(publisher, settings.events())),
                new DeviceServices(
                        this::publishForService,
                        server.eventLoops(),
                        settings.faults(),
                        settings.account().clock(),
                        settings.account().provisioning(),
                        settings.events()),
                new GatewayServices.Seen(new Journal(), new Counters()));
    }

    private void publishForService(BrokerMessage message) {
        publisher.publish(message).exceptionally(cause -> {
            LOG.debug("A message to {} is lost: {}", message.topic(), cause.toString());
            return null;
        });
    }

    /** Starts to listen, on the same ports as before. */
    public void open() {
        Endpoints endpoints = new Endpoints(
                settings.listeners().certificates(),
                settings.listeners().credentialsEndpoint(),
                settings.identities().devices(),
                settings.listeners().tlsVersions());
        for (GatewayPort port : GatewayPort.values()) {
            GatewayRouter router = new GatewayRouter(
                    port, endpoints, (method, pipeline) -> serve(port, method, pipeline), this::handshakeFailed);
            boundPorts.compute(
                    port,
                    (key, number) -> server.bind(number, new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new TlsFrontHandler(router));
                        }
                    }));
        }
    }

    private void handshakeFailed(Channel channel, Throwable cause) {
        services.counters().handshakeFailed();
        services.events().refusals().record(() -> FailedHandshakes.describe(Cloud.AWS_IOT, channel, cause));
    }

    private void serve(GatewayPort port, AccessMethod method, ChannelPipeline pipeline) {
        Optional<Fault.DropAfterHandshake> drop =
                settings.faults().take(Fault.DropAfterHandshake.class, Faults.NO_CLIENT_ID, fault -> true);
        if (drop.isPresent()) {
            LOG.info("{} is closed: {}", pipeline.channel(), drop.get());
            services.refused(
                    pipeline.channel(),
                    Faults.NO_CLIENT_ID,
                    AwsIotRule.INJECTED_FAULT,
                    () -> "the connection was closed",
                    drop.get()::toString);
            pipeline.channel().close();
            return;
        }
        switch (method) {
            case MQTT_X509 -> serveMqtt(pipeline, new Ingress(port, false), new CertificateAuthentication());
            case MQTT_CUSTOM ->
                serveMqtt(
                        pipeline,
                        new Ingress(port, false),
                        (channel, connect) -> authentication.authenticateConnect(connect));
            case HTTPS_X509 -> serveHttp(pipeline, port, true);
            case HTTPS_SIGNED -> serveHttp(pipeline, port, false);
            case CREDENTIALS -> {
                Pipelines.addHttp(pipeline, MAX_BODY_BYTES);
                pipeline.addLast(new CredentialsHandler(settings.account().roleAliases(), services));
            }
        }
    }

    private void serveHttp(ChannelPipeline pipeline, GatewayPort port, boolean clientCertificate) {
        HttpHandler handler = new HttpHandler(port, clientCertificate, authentication, services, publisher);
        Pipelines.addHttp(pipeline, MAX_BODY_BYTES);
        pipeline.addLast(
                new WebSocketMqttHandler(
                        WEB_SOCKET_SUBPROTOCOLS,
                        WEB_SOCKET_PATH::equals,
                        handler,
                        MAX_FRAME_BYTES,
                        upgraded ->
                                serveMqtt(upgraded, new Ingress(port, true), authentication::authenticateWebSocket)),
                handler);
    }

    private void serveMqtt(ChannelPipeline pipeline, Ingress ingress, MqttAuthentication authentication) {
        Pipelines.addMqtt(pipeline, Limits.PACKET_BYTES);
        pipeline.addLast(new ConnectHandler(services, ingress, authentication));
    }

    /** Stops listening and ends every connection. Sessions stay. */
    public void shut() {
        services.connections()
                .open()
                .forEach(connection -> connection.end(DisconnectReason.SERVER_INITIATED_DISCONNECT));
        server.unbind();
    }

    /**
     * The port number of a listener.
     *
     * @param port the listener
     * @return its port number; 0 if it has never listened
     */
    public int port(GatewayPort port) {
        return boundPorts.get(port);
    }

    /**
     * Publishes a message without a device.
     *
     * @param message the message
     * @return completes when the broker has it
     */
    public CompletableFuture<Void> publish(BrokerMessage message) {
        services.events().published(message.topic(), () -> event(message));
        return publisher.publish(message);
    }

    private static Published event(BrokerMessage message) {
        return Published.of(
                new Published.Origin(Published.Kind.USER, ""),
                message.topic(),
                message.payload(),
                message.qos(),
                message.retained(),
                PublishProperties.of(message.properties()).asText());
    }

    /**
     * Ends a client's connection like the API call DeleteConnection.
     *
     * @param clientId the client
     * @return whether it was connected
     */
    public boolean disconnect(String clientId) {
        Optional<GatewayConnection> connection = services.connections().open(clientId);
        connection.ifPresent(found -> found.end(DisconnectReason.API_INITIATED_DISCONNECT));
        return connection.isPresent();
    }

    /**
     * Ends a client's connection with a reason code.
     *
     * @param clientId the client
     * @param reasonCode the reason code of an MQTT 5 client's DISCONNECT, 0 to 255
     * @return whether it was connected
     */
    public boolean disconnect(String clientId, int reasonCode) {
        Optional<GatewayConnection> connection = services.connections().open(clientId);
        connection.ifPresent(
                found -> found.disconnect(DisconnectReason.SERVER_INITIATED_DISCONNECT, (byte) reasonCode));
        return connection.isPresent();
    }

    /** The services that answer the requests of devices. */
    public DeviceServices deviceServices() {
        return services.deviceServices();
    }

    /**
     * The MQTT connections.
     *
     * @return the latest closed ones, oldest first, and then the open ones
     */
    public List<ConnectionInfo> connections() {
        return services.connections().all();
    }

    /**
     * The open MQTT connections.
     *
     * @return in no order
     */
    public List<ConnectionInfo> openConnections() {
        return services.connections().open().stream()
                .map(GatewayConnection::info)
                .toList();
    }

    /** The latest packets and requests of clients. */
    public Journal journal() {
        return services.journal();
    }

    /**
     * The counters of the gateway.
     *
     * @return live counters
     */
    public Counters counters() {
        return services.counters();
    }

    @Override
    public void close() {
        shut();
        services.deviceServices().close(); // they use the timer and the broker
        publisher.close();
        server.close();
        broker.close();
    }
}
