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
package io.cameliot.testinfra.awsiot.session;

import io.cameliot.testinfra.awsiot.broker.BrokerAccess;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker connection of an accepted device connection. Both run on the same event loop, so that their handlers need
 * no locks for shared state.
 */
final class BrokerLink {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);
    /** Bytes. Topics replace aliases, so that a packet can be longer than the device's. */
    private static final int MAX_PACKET_BYTES = 2 * Limits.PACKET_BYTES;

    private static final long RELEASE_POLL_MILLIS = 5;
    private static final long DISCONNECT_TIMEOUT_SECONDS = 5;
    private static final long RELEASE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final GatewayConnection connection;
    private final boolean replacesSession;
    private final GatewayServices services;
    private final long startedNanos = System.nanoTime();

    /**
     * Prepares a connection.
     *
     * @param replacesSession whether to remove the broker's session of the client first
     */
    BrokerLink(GatewayConnection connection, boolean replacesSession, GatewayServices services) {
        this.connection = connection;
        this.replacesSession = replacesSession;
        this.services = services;
    }

    /**
     * Connects as soon as the broker has finished with the client's previous connection, so that the session does not
     * change any more.
     */
    void open() {
        if (!connection.channel().isActive()) {
            return;
        }
        boolean released = !services.broker().isConnected(connection.clientId());
        if (released || System.nanoTime() - startedNanos > RELEASE_TIMEOUT_NANOS) {
            connect();
        } else {
            connection.channel().eventLoop().schedule(this::open, RELEASE_POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void connect() {
        if (replacesSession) {
            services.broker().forgetSession(connection.clientId());
        }
        BrokerAccess access = services.broker().access();
        ChannelFuture connecting = new Bootstrap()
                .group(connection.channel().eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new MqttDecoder(MAX_PACKET_BYTES),
                                        MqttEncoder.INSTANCE,
                                        new BrokerHandler(connection, services));
                    }
                })
                .connect(access.address());
        connection.channel().closeFuture().addListener(closed -> close(connecting.channel()));
        connecting.addListener(result -> {
            if (result.isSuccess()) {
                connecting.channel().writeAndFlush(connectToBroker(access));
            } else if (connection.channel().isActive()) {
                LOG.warn("The embedded MQTT broker cannot be reached", result.cause());
                connection.end(DisconnectReason.SERVER_ERROR);
            }
        });
    }

    /**
     * Closes the broker connection after the device's. After a DISCONNECT the broker closes it: the broker may see the
     * end of the socket before it has processed the DISCONNECT, and would then miss a change of the session's expiry.
     */
    private void close(Channel broker) {
        if (connection.endedBy().orElseThrow() == DisconnectReason.CLIENT_INITIATED_DISCONNECT) {
            broker.eventLoop().schedule(() -> broker.close(), DISCONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } else {
            broker.close();
        }
    }

    /**
     * The device's CONNECT with the gateway's credentials and without keep alive and will. The gateway supervises the
     * keep alive and publishes the will.
     */
    private MqttConnectMessage connectToBroker(BrokerAccess access) {
        MqttConnectVariableHeader header = connection.connect().variableHeader();
        return new MqttConnectMessage(
                connection.connect().fixedHeader(),
                new MqttConnectVariableHeader(
                        header.name(),
                        header.version(),
                        true,
                        true,
                        false,
                        0,
                        false,
                        header.isCleanSession(),
                        0,
                        Mqtt5Properties.connectToBroker(header.properties(), services.limits())),
                new MqttConnectPayload(
                        connection.clientId(),
                        MqttProperties.NO_PROPERTIES,
                        null,
                        null,
                        access.userName(),
                        access.password().getBytes(StandardCharsets.UTF_8)));
    }
}
