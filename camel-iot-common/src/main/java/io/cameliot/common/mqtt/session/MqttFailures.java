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

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttProtocolException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.ServerSettings;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.text.ForeignText;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsFailures;
import io.cameliot.common.transport.TlsTarget;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.EncoderException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/** Explains why a session ended or a packet was not sent. The messages name the server and what to check. */
final class MqttFailures {

    private final TlsTarget target;
    private final ProtocolVersion version;

    MqttFailures(TlsTarget target, ProtocolVersion version) {
        this.target = target;
        this.version = version;
    }

    /**
     * Explains an exception of the connection; returns an explained one unchanged.
     *
     * @param accepted whether the server has accepted the CONNECT: TLS no longer reports a failed handshake then
     */
    IOException explain(Throwable failure, boolean accepted) {
        if (failure instanceof MqttReasonException || failure instanceof TlsConnectException) {
            return (IOException) failure;
        }
        if (failure instanceof EncoderException) {
            return new TlsConnectException(
                    Reason.PROTOCOL_ERROR,
                    target + " cannot be sent the CONNECT: " + ForeignText.shown(FailureText.of(failure)),
                    failure);
        }
        if (failure instanceof CodecException && failure.getCause() != null) {
            return explain(failure.getCause(), accepted);
        }
        if (failure instanceof MqttProtocolException || failure instanceof CodecException) {
            return new TlsConnectException(
                    Reason.PROTOCOL_ERROR,
                    target + " sent what MQTT " + version + " does not allow: "
                            + ForeignText.shown(failure.getMessage()),
                    failure);
        }
        if (failure instanceof EOFException || failure instanceof ClosedChannelException) {
            return new TlsConnectException(
                    Reason.CONNECTION_LOST,
                    "The connection to " + target + " broke: it ended without the server's close_notify",
                    failure);
        }
        if (failure instanceof IOException && (accepted || !(failure instanceof SSLException))) {
            return new TlsConnectException(
                    Reason.CONNECTION_LOST,
                    "The connection to " + target + " broke: " + ForeignText.shown(FailureText.of(failure)),
                    failure);
        }
        return TlsFailures.explain(failure, target);
    }

    /**
     * Explains a refused CONNECT.
     *
     * @param text the server's reason string; empty for none
     */
    MqttConnackException refused(int code, String text) {
        return new MqttConnackException(
                code, target + " refused the CONNECT with " + MqttConnackException.text(code) + said(text));
    }

    MqttConnackException onlyKnows311(int returnCode) {
        return new MqttConnackException(
                returnCode,
                target + " does not know MQTT 5 (it answered as MQTT 3.1.1 does, with "
                        + MqttConnackException.text(returnCode) + ")" + target.advice(ConnectFault.NO_MQTT_5));
    }

    MqttReasonException disconnected(int code, String text) {
        return new MqttReasonException(
                code, target + " ended the connection with reason code " + MqttReasonCode.text(code) + said(text));
    }

    PublishRefusedException notPublished(int code, String text) {
        return new PublishRefusedException(
                code, target + " refused the message with reason code " + MqttReasonCode.text(code) + said(text));
    }

    /** The reason why the server does not accept the message; null if it does. */
    PublishRefusedException refuse(ApplicationMessage message, ServerSettings server) {
        if (message.qos() > server.maximumQos()) {
            return new PublishRefusedException(
                    MqttReasonCode.QOS_NOT_SUPPORTED.code(),
                    target + " takes no message of QoS " + message.qos() + ": its maximum is " + server.maximumQos());
        }
        if (message.retained() && !server.retainAvailable()) {
            return new PublishRefusedException(
                    MqttReasonCode.RETAIN_NOT_SUPPORTED.code(), target + " keeps no retained messages");
        }
        return null;
    }

    PublishRefusedException tooLarge(ApplicationMessage message, int length, ServerSettings server) {
        return new PublishRefusedException(
                MqttReasonCode.PACKET_TOO_LARGE.code(),
                "A message of " + message.payload().length + " bytes to topic " + message.topic()
                        + " makes a packet of " + length + " bytes: " + target + " takes no more than "
                        + server.maximumPacketSize());
    }

    /** The reason why the server does not accept one of the topic filters; null if it accepts all. */
    MqttReasonException refuseSubscribe(List<String> filters, ServerSettings server) {
        for (String filter : filters) {
            if (filter.startsWith("$share/") && !server.sharedSubscriptionsAvailable()) {
                return new MqttReasonException(
                        MqttReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED.code(),
                        target + " has no shared subscriptions, as topic filter " + filter + " wants one");
            }
            if ((filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0) && !server.wildcardSubscriptionsAvailable()) {
                return new MqttReasonException(
                        MqttReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED.code(),
                        target + " takes no wildcards, as topic filter " + filter + " has them");
            }
        }
        return null;
    }

    TlsConnectException timeout(String packet, Duration timeout) {
        return new TlsConnectException(
                Reason.TIMEOUT, "No " + packet + " from " + target + " within " + timeout.toMillis() + " ms", null);
    }

    TlsConnectException noPingresp(Duration patience) {
        return new TlsConnectException(
                Reason.KEEP_ALIVE_EXPIRED, target + " answered no PINGREQ within " + patience.toMillis() + " ms", null);
    }

    /** The server's close_notify came, but no DISCONNECT and no refusal before it. */
    TlsConnectException closedByServer() {
        return new TlsConnectException(
                Reason.CLOSED_BY_SERVER, target + " closed the connection without saying why", null);
    }

    TlsConnectException closedHere() {
        return new TlsConnectException(
                Reason.CONNECTION_LOST, "The connection to " + target + " was closed on this side", null);
    }

    IOException noPacketId() {
        return new IOException("65535 messages wait for their PUBACK from " + target + ", and MQTT allows no more");
    }

    private static String said(String text) {
        return text.isEmpty() ? "" : ": " + ForeignText.shown(text);
    }
}
