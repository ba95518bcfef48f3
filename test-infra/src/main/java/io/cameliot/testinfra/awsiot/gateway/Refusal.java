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
package io.cameliot.testinfra.awsiot.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.OptionalInt;

/**
 * Why a CONNECT is refused.
 *
 * @param returnCode what an MQTT 3.1.1 client is told, or empty where AWS IoT Core just hangs up
 * @param reasonCode what an MQTT 5 client is told
 * @param message what the log is told
 */
record Refusal(OptionalInt returnCode, int reasonCode, String message) {
    private static final int NOT_AUTHORIZED = 0x87;

    static Refusal hangUp(int reasonCode, String message) {
        return new Refusal(OptionalInt.empty(), reasonCode, message);
    }

    static Refusal answer(int returnCode, int reasonCode, String message) {
        return new Refusal(OptionalInt.of(returnCode), reasonCode, message);
    }

    static Refusal unsupportedVersion() {
        return answer(1, 0x84, "Only MQTT 3.1.1 and MQTT 5 are served");
    }

    static Refusal badClientId(String message) {
        return answer(2, 0x85, message);
    }

    static Refusal notAuthenticated(String message) {
        return answer(5, NOT_AUTHORIZED, message);
    }

    static Refusal notAuthorized(String message) {
        return hangUp(NOT_AUTHORIZED, message);
    }

    boolean isForLackOfRights() {
        return reasonCode == NOT_AUTHORIZED;
    }

    /** Tells the client, if it is to be told, and closes. */
    void send(Channel channel, boolean mqtt5) {
        OptionalInt code = mqtt5 ? OptionalInt.of(reasonCode) : returnCode;
        if (code.isEmpty()) {
            channel.close();
            return;
        }
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.CONNACK, false, MqttQoS.AT_MOST_ONCE, false, 0);
        MqttConnectReturnCode returned = MqttConnectReturnCode.valueOf((byte) code.getAsInt());
        channel.writeAndFlush(new MqttConnAckMessage(header, new MqttConnAckVariableHeader(returned, false)))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
