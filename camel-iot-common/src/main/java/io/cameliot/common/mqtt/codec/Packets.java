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
package io.cameliot.common.mqtt.codec;

import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttText;
import io.cameliot.common.mqtt.PropertyIds;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Builds the packets that begin and end a connection. Netty encodes them. */
public final class Packets {

    /** Bytes of the largest packet of AWS IoT Core (its CONNACK's Maximum Packet Size). */
    public static final int LARGEST = 149_504;

    private static final int LARGEST_KEEP_ALIVE = 65_535;

    private Packets() {}

    /**
     * Builds the CONNECT.
     *
     * @throws IllegalArgumentException if MQTT cannot carry a part of the request
     */
    public static MqttConnectMessage connect(MqttConnectRequest request) {
        boolean v5 = request.session().version() == ProtocolVersion.V5;
        MqttMessageBuilders.ConnectBuilder connect = MqttMessageBuilders.connect()
                .protocolVersion(v5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
                .clientId(checked(request.clientId(), "client identifier"))
                .cleanSession(request.session().clean())
                .keepAlive(keepAliveSeconds(request.keepAlive()))
                .properties(v5 ? properties(request.session()) : MqttProperties.NO_PROPERTIES);
        if (request.login() != null && request.login().username() != null) {
            connect.hasUser(true).username(checked(request.login().username(), "user name"));
        }
        if (request.login() != null && request.login().password() != null) {
            if (!v5 && request.login().username() == null) {
                // MQTT 3.1.1 section 3.1.2.9. Netty refuses it only in the future of the write.
                throw new IllegalArgumentException("MQTT 3.1.1 has no password without a user name");
            }
            connect.hasPassword(true).password(binary(request.login().password(), "password"));
        }
        if (request.will() != null) {
            will(connect, request.will(), v5);
        }
        return connect.build();
    }

    private static int keepAliveSeconds(Duration keepAlive) {
        long seconds = keepAlive.toSeconds();
        if (seconds < 0 || seconds > LARGEST_KEEP_ALIVE) {
            throw new IllegalArgumentException(
                    "A keep alive of " + seconds + " s: MQTT allows 0 to " + LARGEST_KEEP_ALIVE);
        }
        return (int) seconds;
    }

    private static MqttProperties properties(MqttConnectRequest.Session session) {
        MqttProperties properties = new MqttProperties();
        if (!session.expiry().isZero()) {
            properties.add(new IntegerProperty(
                    PropertyIds.SESSION_EXPIRY_INTERVAL, (int) session.expiry().toSeconds()));
        }
        properties.add(new IntegerProperty(PropertyIds.RECEIVE_MAXIMUM, session.receiveMaximum()));
        properties.add(new IntegerProperty(PropertyIds.MAXIMUM_PACKET_SIZE, LARGEST));
        return properties;
    }

    private static void will(MqttMessageBuilders.ConnectBuilder connect, MqttConnectRequest.Will will, boolean v5) {
        connect.willFlag(true)
                .willTopic(checked(will.topic(), "will topic"))
                .willMessage(binary(will.payload(), "will payload"))
                .willQoS(MqttQoS.valueOf(will.qos()))
                .willRetain(will.retained());
        if (v5) {
            connect.willProperties(PropertyCodec.toNetty(will.properties()));
        }
    }

    private static String checked(String text, String what) {
        MqttText.encode(text, what);
        return text;
    }

    private static byte[] binary(String text, String what) {
        return MqttText.requireLength(text.getBytes(StandardCharsets.UTF_8), what);
    }

    public static MqttMessage disconnect(ProtocolVersion version) {
        return version == ProtocolVersion.V5
                ? disconnect(MqttReasonCodeAndPropertiesVariableHeader.REASON_CODE_OK, MqttProperties.NO_PROPERTIES)
                : MqttMessage.DISCONNECT;
    }

    /** Builds the MQTT 5 DISCONNECT with which the server's session ends too (section 3.14.2.2.2). */
    public static MqttMessage disconnectAndEndSession() {
        MqttProperties properties = new MqttProperties();
        properties.add(new IntegerProperty(PropertyIds.SESSION_EXPIRY_INTERVAL, 0));
        return disconnect(MqttReasonCodeAndPropertiesVariableHeader.REASON_CODE_OK, properties);
    }

    /** Builds the MQTT 5 DISCONNECT that reports the server's violation to it. */
    public static MqttMessage disconnect(MqttReasonCode reason) {
        return disconnect((byte) reason.code(), MqttProperties.NO_PROPERTIES);
    }

    private static MqttMessage disconnect(byte reasonCode, MqttProperties properties) {
        return new MqttMessage(
                new MqttFixedHeader(MqttMessageType.DISCONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttReasonCodeAndPropertiesVariableHeader(reasonCode, properties));
    }
}
