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

import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.flow.DirectDeliveries;
import io.cameliot.testinfra.awsiot.flow.PublishRate;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Properties;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedDisconnect;
import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.cameliot.testinfra.net.ClientHello;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT connection of a device, from an accepted CONNECT to its end. */
public final class GatewayConnection {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayConnection.class);

    /** What a client gets that is told no reason. */
    static final String CLOSED = "the connection was closed";

    private final Channel channel;
    private final Ingress ingress;
    private final String clientId;
    private final MqttConnectMessage connect;
    private final Principal principal;
    private final ReceivedConnect received;
    private final SessionFilters filters;
    private final DirectDeliveries directDeliveries;
    private final int keepAliveSeconds;
    private final PublishRate publishRate;
    private final String sessionIdentifier = UUID.randomUUID().toString();
    private final String tlsVersion;
    private final Instant since = Instant.now();
    private final AtomicReference<DisconnectReason> ended = new AtomicReference<>();
    /** Event loop writes only. */
    private volatile long publishes;

    private volatile long deliveries;
    private volatile boolean sessionPresent;
    private volatile Optional<ReceivedDisconnect> disconnect = Optional.empty();

    /**
     * How a client connected.
     *
     * @param port the port
     * @param webSocket whether MQTT runs over WebSocket
     */
    public record Ingress(GatewayPort port, boolean webSocket) {}

    /**
     * What a client was granted.
     *
     * @param filters the topic filters of its session
     * @param keepAliveSeconds seconds of the granted keep alive
     * @param publishRate counts the messages of its connection
     */
    record Granted(SessionFilters filters, int keepAliveSeconds, PublishRate publishRate) {}

    GatewayConnection(
            Channel channel,
            Ingress ingress,
            String clientId,
            MqttConnectMessage connect,
            ReceivedConnect received,
            Principal principal,
            Granted granted) {
        this.channel = channel;
        this.ingress = ingress;
        this.clientId = clientId;
        this.connect = connect;
        this.received = received;
        this.principal = principal;
        this.filters = granted.filters();
        this.directDeliveries = new DirectDeliveries(channel, filters);
        this.keepAliveSeconds = granted.keepAliveSeconds();
        this.publishRate = granted.publishRate();
        SSLSession tls = channel.pipeline().get(SslHandler.class).engine().getSession();
        this.tlsVersion = tls.getProtocol();
    }

    Channel channel() {
        return channel;
    }

    String clientId() {
        return clientId;
    }

    boolean isClientIdAssigned() {
        return connect.payload().clientIdentifier().isEmpty();
    }

    MqttConnectMessage connect() {
        return connect;
    }

    Principal principal() {
        return principal;
    }

    boolean isCleanSession() {
        return connect.variableHeader().isCleanSession();
    }

    SessionFilters filters() {
        return filters;
    }

    DirectDeliveries directDeliveries() {
        return directDeliveries;
    }

    PublishRate publishRate() {
        return publishRate;
    }

    int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    String sessionIdentifier() {
        return sessionIdentifier;
    }

    String ipAddress() {
        return ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
    }

    boolean isMqtt5() {
        return connect.variableHeader().version() == MqttVersion.MQTT_5.protocolLevel();
    }

    String mqttVersion() {
        return isMqtt5() ? "5" : "3.1.1";
    }

    /** Seconds that the session outlives the connection, as granted. */
    long sessionExpirySeconds(Limits limits) {
        if (isMqtt5()) {
            return Mqtt5Properties.sessionExpirySeconds(connect.variableHeader().properties(), limits);
        }
        return isCleanSession() ? 0 : limits.sessionExpiry().toSeconds();
    }

    boolean outlivesItsConnection(Limits limits) {
        return sessionExpirySeconds(limits) > 0;
    }

    /** Whether the session ends with the connection, which has ended. */
    boolean endsSession(Limits limits) {
        OptionalLong changed =
                disconnect.map(ReceivedDisconnect::sessionExpirySeconds).orElse(OptionalLong.empty());
        return changed.isPresent() ? changed.getAsLong() == 0 : !outlivesItsConnection(limits);
    }

    /** Records whether the broker had a session of the client. */
    void resumes(boolean present) {
        sessionPresent = present;
    }

    long publishes() {
        return publishes;
    }

    long deliveries() {
        return deliveries;
    }

    long countPublish() {
        return ++publishes;
    }

    long countDelivery() {
        return ++deliveries;
    }

    Optional<DisconnectReason> endedBy() {
        return Optional.ofNullable(ended.get());
    }

    /** Records why the connection ends. Only the first reason counts. */
    void markEnded(DisconnectReason reason) {
        ended.compareAndSet(null, reason);
    }

    /** Records the client's DISCONNECT. */
    void disconnectedBy(ReceivedDisconnect packet) {
        disconnect = Optional.of(packet);
        markEnded(DisconnectReason.CLIENT_INITIATED_DISCONNECT);
    }

    /** Closes the connection, with the reason's DISCONNECT to an MQTT 5 client. */
    public void end(DisconnectReason reason) {
        reason.reasonCode().ifPresentOrElse(code -> end(reason, code), () -> hangUp(reason));
    }

    /** Closes the connection, with a DISCONNECT of this reason code to an MQTT 5 client. */
    void end(DisconnectReason reason, MqttReasonCodes.Disconnect reasonCode) {
        disconnect(reason, reasonCode.byteValue());
    }

    /** Closes the connection, with a DISCONNECT of any reason code to an MQTT 5 client. */
    public void disconnect(DisconnectReason reason, byte reasonCode) {
        if (!isMqtt5()) {
            hangUp(reason);
        } else if (ended.compareAndSet(null, reason)) {
            LOG.info("{} of client {} is closed: {}", channel, clientId, reason);
            channel.writeAndFlush(MqttMessageBuilders.disconnect()
                            .reasonCode(reasonCode)
                            .build())
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Closes the connection without a DISCONNECT. */
    void hangUp(DisconnectReason reason) {
        if (ended.compareAndSet(null, reason)) {
            LOG.info("{} of client {} is closed: {}", channel, clientId, reason);
            channel.close();
        }
    }

    /** Describes what the client gets when the connection is closed with a reason code. */
    String answerOf(MqttReasonCodes.Disconnect code) {
        return isMqtt5() ? "DISCONNECT 0x" + HexFormat.of().withUpperCase().toHexDigits(code.byteValue()) : CLOSED;
    }

    /** Closes the connection like a network failure. */
    void drop() {
        markEnded(DisconnectReason.CONNECTION_LOST);
        channel.close();
    }

    /** The state of the connection. */
    public ConnectionInfo info() {
        ClientHello hello = channel.attr(ClientHello.ATTRIBUTE).get();
        return new ConnectionInfo(
                clientId,
                new ConnectionInfo.Access(
                        ingress.port(),
                        ingress.webSocket(),
                        hello.serverName().orElse(""),
                        hello.applicationProtocols(),
                        tlsVersion,
                        since),
                principal,
                received,
                new ConnectionInfo.Session(sessionPresent, keepAliveSeconds, List.copyOf(filters.all())),
                new ConnectionInfo.Traffic(publishes, deliveries, directDeliveries.inFlight()),
                new ConnectionInfo.End(endedBy(), disconnect));
    }
}
