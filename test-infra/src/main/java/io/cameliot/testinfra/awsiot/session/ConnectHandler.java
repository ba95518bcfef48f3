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

import io.cameliot.testinfra.awsiot.auth.MqttAuthentication;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.flow.PublishRate;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.net.FailedHandshakes;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the CONNECT of a new MQTT connection. Another first packet, or any packet before CONNACK is sent, ends the
 * connection: AWS IoT Core requires clients to wait for CONNACK.
 */
public final class ConnectHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final String ASSIGNED_CLIENT_ID_PREFIX = "$GEN/";

    /** CONNACK with return code 1 (MQTT 3.1.1, section 3.2). */
    private static final byte[] UNACCEPTABLE_PROTOCOL_VERSION = {0x20, 2, 0, 1};

    private final GatewayServices services;
    private final GatewayConnection.Ingress ingress;
    private final MqttAuthentication authentication;
    private boolean connecting;

    public ConnectHandler(
            GatewayServices services, GatewayConnection.Ingress ingress, MqttAuthentication authentication) {
        this.services = services;
        this.ingress = ingress;
        this.authentication = authentication;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof MqttConnectMessage connect
                    && connect.decoderResult().isSuccess()
                    && !connecting) {
                connecting = true;
                connect(context, connect);
            } else if (message instanceof MqttMessage packet
                    && packet.decoderResult().cause() instanceof MqttUnacceptableProtocolVersionException) {
                refuse(context, "", Refusal.unsupportedVersion(), false);
            } else {
                String sent = described(message);
                services.refused(
                        context.channel(),
                        "",
                        AwsIotRule.CONNECT_FIRST,
                        () -> GatewayConnection.CLOSED,
                        () -> "The client sends " + sent + " where one CONNECT is expected");
                LOG.info("{} is closed: it sends {} where one CONNECT is expected", context.channel(), sent);
                context.close();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void connect(ChannelHandlerContext context, MqttConnectMessage connect) {
        ReceivedConnect received = ReceivedConnect.of(connect);
        services.journal().connects().add(received);
        boolean mqtt5 = received.protocolLevel() == MqttVersion.MQTT_5.protocolLevel();
        Optional<Fault.RefuseMqtt5> withoutMqtt5 = mqtt5
                ? services.faults().take(Fault.RefuseMqtt5.class, received.clientId(), fault -> true)
                : Optional.empty();
        if (withoutMqtt5.isPresent()) {
            services.counters().connectRefused();
            services.refused(
                    context.channel(),
                    received.clientId(),
                    AwsIotRule.INJECTED_FAULT,
                    () -> "a refusal in the form of MQTT 3.1.1",
                    () -> withoutMqtt5.get().toString());
            refuseAsMqtt311(context, withoutMqtt5.get());
            return;
        }
        Optional<Refusal> badForm = services.admission().judgeForm(connect);
        if (badForm.isPresent()) {
            refuse(context, received.clientId(), badForm.get(), mqtt5);
            return;
        }
        String sent = connect.payload().clientIdentifier();
        String clientId = sent.isEmpty() ? ASSIGNED_CLIENT_ID_PREFIX + UUID.randomUUID() : sent;
        Optional<Principal> principal = authentication.authenticate(context.channel(), connect);
        Optional<Refusal> refusal = principal.isEmpty()
                ? Optional.of(Refusal.notAuthenticated())
                : services.admission().judgeRight(connect, clientId, principal.get());
        if (refusal.isPresent()) {
            services.lifecycle().connectFailed(clientId, refusal.get());
            refuse(context, clientId, refusal.get(), mqtt5);
            return;
        }
        boolean cleanSession = received.cleanStart();
        String mqttVersion = mqtt5 ? "5" : "3.1.1";
        boolean replacesSession = !cleanSession && services.connections().isOfAnotherVersion(clientId, mqttVersion);
        GatewayConnection connection = new GatewayConnection(
                context.channel(),
                ingress,
                clientId,
                connect,
                received,
                principal.get(),
                new GatewayConnection.Granted(
                        services.connections().filtersFor(clientId, cleanSession, mqttVersion),
                        services.limits()
                                .keepAliveSeconds(connect.variableHeader().keepAliveTimeSeconds()),
                        new PublishRate(services.limits().publishesPerSecond(), System::nanoTime)));
        services.connections()
                .admit(connection)
                .ifPresent(older -> services.end(
                        older,
                        DisconnectReason.DUPLICATE_CLIENTID,
                        MqttReasonCodes.Disconnect.SESSION_TAKEN_OVER,
                        AwsIotRule.DUPLICATE_CLIENT_ID,
                        () -> "Another connection with the client id " + clientId + " has come from "
                                + FailedHandshakes.addressOf(context.channel())));
        context.channel().closeFuture().addListener(closed -> {
            connection.markEnded(DisconnectReason.CONNECTION_LOST);
            services.connections().remove(connection, connection.endsSession(services.limits()));
        });
        new BrokerLink(connection, replacesSession, services).open();
    }

    /**
     * Refuses in the form of MQTT 3.1.1, the only one that such a server knows. The codec would use the CONNECT's
     * version.
     */
    private static void refuseAsMqtt311(ChannelHandlerContext context, Fault.RefuseMqtt5 fault) {
        if (fault.by() == Fault.RefuseMqtt5.By.CONNACK) {
            context.writeAndFlush(Unpooled.wrappedBuffer(UNACCEPTABLE_PROTOCOL_VERSION))
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            context.close();
        }
    }

    /** Omits a CONNECT's password. */
    private static String described(Object message) {
        if (!(message instanceof MqttMessage packet)) {
            return message.getClass().getSimpleName();
        }
        return packet.decoderResult().isFailure()
                ? "what cannot be read (" + packet.decoderResult().cause() + ")"
                : packet.fixedHeader().messageType().toString();
    }

    private void refuse(ChannelHandlerContext context, String clientId, Refusal refusal, boolean mqtt5) {
        services.refused(context.channel(), clientId, refusal.rule(), () -> refusal.answer(mqtt5), refusal::message);
        LOG.info("{} refused: {}", context.channel(), refusal.message());
        services.counters().connectRefused();
        refusal.send(context.channel(), mqtt5);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} failed before CONNACK", context.channel(), cause);
        context.close();
    }
}
