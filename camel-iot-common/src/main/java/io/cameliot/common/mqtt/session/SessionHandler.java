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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.ServerSettings;
import io.cameliot.common.mqtt.codec.PacketWriter;
import io.cameliot.common.mqtt.codec.Packets;
import io.cameliot.common.mqtt.codec.PropertyCodec;
import io.cameliot.common.mqtt.codec.TopicAliases;
import io.cameliot.common.transport.connect.TransportConnector;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The last handler of a session's pipeline: it sends the CONNECT, dispatches the server's packets, keeps the connection
 * alive, and records why it ended. Event loop only.
 */
final class SessionHandler extends ChannelInboundHandlerAdapter {

    /** The time to read the reason after a failed write: a TLS alert appears only in reads. */
    private static final Duration REASON_TIMEOUT = Duration.ofSeconds(1);

    private final MqttConnectRequest request;
    private final MqttSession session;
    private final OutgoingQueue outgoing;
    private final MqttFailures failures;
    private final InFlight inFlight = new InFlight();
    private final InboundMessage.Window inbound;
    private ChannelHandlerContext context;
    private PacketWriter writer;
    private Answers answers;
    private KeepAlive keepAlive;
    private Future<?> pinging;
    private long heardAt;
    private long packets;
    private boolean ended;

    SessionHandler(MqttConnectRequest request, MqttSession session, OutgoingQueue outgoing, MqttFailures failures) {
        this.request = request;
        this.session = session;
        this.outgoing = outgoing;
        this.failures = failures;
        this.inbound = new InboundMessage.Window(request.session());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        writer = new PacketWriter(added);
        answers = new Answers(session, inFlight, inbound, failures);
        writer.write(Packets.connect(request)).addListener(written -> {
            // Any other failure has its reason in what is read after it.
            if (written.cause() instanceof EncoderException) {
                end(written.cause());
            }
        });
        writer.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        packets++;
        try {
            if (!ended) {
                read((MqttMessage) message);
            }
        } catch (IOException e) {
            end(e);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Records a sign of life. It follows any data, {@link #channelRead} only whole packets, which can take minutes. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        heardAt = System.nanoTime();
        context.fireChannelReadComplete();
    }

    /** The number of received packets. */
    long packets() {
        return packets;
    }

    private void read(MqttMessage packet) throws IOException {
        if (packet.decoderResult().isFailure()) {
            throw new MqttProtocolException(
                    MqttReasonCode.MALFORMED_PACKET,
                    "a packet that cannot be decoded: "
                            + packet.decoderResult().cause().getMessage());
        }
        if (packet instanceof MqttConnAckMessage connack) {
            connected(connack);
            return;
        }
        if (keepAlive == null) {
            throw new MqttProtocolException(packet.fixedHeader().messageType() + " before the CONNACK");
        }
        switch (packet.fixedHeader().messageType()) {
            case PUBLISH -> answers.publish((MqttPublishMessage) packet);
            case PUBACK -> answers.puback(packet);
            case SUBACK -> answers.suback(packet);
            case UNSUBACK -> answers.unsuback(packet);
            case PINGRESP -> keepAlive.answered();
            case DISCONNECT -> throw disconnected(packet);
            default ->
                throw new MqttProtocolException(
                        packet.fixedHeader().messageType() + ", which no server sends to a client");
        }
    }

    private void connected(MqttConnAckMessage connack) throws IOException {
        if (keepAlive != null) {
            throw new MqttProtocolException("a second CONNACK");
        }
        int code = connack.variableHeader().connectReturnCode().byteValue() & 0xFF;
        MqttProperties properties = connack.variableHeader().properties();
        if (code != 0) {
            throw failures.refused(code, PropertyCodec.reasonString(properties));
        }
        ServerSettings server =
                ServerSettings.read(properties, request.session().expiry());
        keepAlive =
                new KeepAlive(server.keepAlive() == null ? request.keepAlive() : server.keepAlive(), request.timeout());
        long interval = keepAlive.interval().toNanos();
        if (interval > 0) {
            pinging = context.executor()
                    .scheduleWithFixedDelay(this::checkAlive, interval, interval, TimeUnit.NANOSECONDS);
        }
        session.connected(server, connack.variableHeader().isSessionPresent());
        outgoing.open(
                context.channel(),
                new SessionState(
                        request.session().version(),
                        server,
                        inFlight,
                        inbound,
                        new TopicAliases(request.session().topicAliases() ? server.topicAliasMaximum() : 0),
                        failures),
                writer);
    }

    private MqttReasonException disconnected(MqttMessage packet) throws MqttProtocolException {
        if (request.session().version() != ProtocolVersion.V5) {
            throw new MqttProtocolException("DISCONNECT, which no server of MQTT 3.1.1 sends");
        }
        return packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                ? failures.disconnected(header.reasonCode() & 0xFF, PropertyCodec.reasonString(header.properties()))
                : failures.disconnected(0, "");
    }

    private void checkAlive() {
        switch (keepAlive.check(System.nanoTime(), outgoing.lastWritten(), heardAt, !inFlight.isEmpty())) {
            case PING -> {
                writer.write(MqttMessage.PINGREQ);
                writer.flush();
            }
            case GIVE_UP -> end(failures.noPingresp(keepAlive.patience()));
            case NONE -> {
                // Nothing is due.
            }
        }
    }

    /** Sends the DISCONNECT and closes the connection after it. */
    void disconnect(boolean endsSession) {
        writer.write(
                endsSession
                        ? Packets.disconnectAndEndSession()
                        : Packets.disconnect(request.session().version()));
        writer.flush();
        context.close();
    }

    /** Sends the reason in a DISCONNECT, with MQTT 5 only. A server that has stopped reading does not receive it. */
    private void tellServer(MqttReasonCode reason) {
        if (keepAlive != null && request.session().version() == ProtocolVersion.V5) {
            writer.write(Packets.disconnect(reason));
            writer.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        outgoing.resume();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event instanceof SslCloseCompletionEvent close) {
            end(close.isSuccess() ? failures.closedByServer() : new EOFException("No close_notify came"));
        } else if (event instanceof ChannelOutputShutdownEvent) {
            context.executor()
                    .schedule(
                            () -> end(new SocketException("A write failed")),
                            REASON_TIMEOUT.toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable failure) {
        // Netty wraps what PacketFrames throws.
        end(failure.getCause() instanceof MqttProtocolException broken ? broken : failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        end(new EOFException("The connection was closed"));
    }

    /** Closes the connection and fails everything in flight. Only the first reason counts. */
    void end(Throwable why) {
        if (ended) {
            return;
        }
        ended = true;
        if (pinging != null) {
            pinging.cancel(false);
        }
        writer.discard();
        if (why instanceof MqttProtocolException broken) {
            tellServer(broken.reasonCode());
        }
        TransportConnector.abort(context.channel());
        session.ended(failures.explain(why, keepAlive != null), inFlight.removeAll());
    }
}
