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

import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import java.util.Locale;
import java.util.Optional;

/**
 * The refusal of a CONNECT.
 *
 * @param returnCode the CONNACK's return code for an MQTT 3.1.1 client; empty if AWS IoT Core only closes the
 *     connection
 * @param reasonCode the CONNACK's reason code for an MQTT 5 client; empty if AWS IoT Core only closes the connection
 * @param rule the rule that the client has broken
 * @param message the message for the log
 */
record Refusal(
        Optional<MqttConnectReturnCode> returnCode,
        Optional<MqttConnectReturnCode> reasonCode,
        AwsIotRule rule,
        String message) {
    static Refusal hangUp(MqttConnectReturnCode reasonCode, AwsIotRule rule, String message) {
        return new Refusal(Optional.empty(), Optional.of(reasonCode), rule, message);
    }

    /** A protocol error. AWS IoT Core has no CONNACK code for it. */
    static Refusal protocolError(String message) {
        return new Refusal(Optional.empty(), Optional.empty(), AwsIotRule.PROTOCOL, message);
    }

    /** An injected refusal with the same code for both versions. */
    static Refusal injected(int code) {
        MqttConnectReturnCode answer = MqttConnectReturnCode.valueOf((byte) code);
        return new Refusal(Optional.of(answer), Optional.of(answer), AwsIotRule.INJECTED_FAULT, "Injected fault");
    }

    static Refusal unsupportedVersion() {
        return new Refusal(
                Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION),
                Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION),
                AwsIotRule.MQTT_VERSION,
                "Only MQTT 3.1.1 and MQTT 5 are served");
    }

    static Refusal badClientId(String message) {
        return new Refusal(
                Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED),
                Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID),
                AwsIotRule.CLIENT_ID,
                message);
    }

    static Refusal notAuthenticated() {
        return new Refusal(
                Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED),
                Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5),
                AwsIotRule.NOT_AUTHENTICATED,
                "No authorizer accepts the user name, the password or the token");
    }

    static Refusal notAuthorized(String message) {
        return hangUp(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5, AwsIotRule.POLICY, message);
    }

    boolean isForLackOfRights() {
        return reasonCode.equals(Optional.of(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5));
    }

    /** Describes what the client gets. */
    String answer(boolean mqtt5) {
        return (mqtt5 ? reasonCode : returnCode)
                .map(code -> String.format(Locale.ROOT, "CONNACK 0x%02X", code.byteValue()))
                .orElse("the connection was closed");
    }

    /** Sends the CONNACK, if there is a code, and closes the connection. */
    void send(Channel channel, boolean mqtt5) {
        Optional<MqttConnectReturnCode> code = mqtt5 ? reasonCode : returnCode;
        if (code.isEmpty()) {
            channel.close();
        } else {
            channel.writeAndFlush(MqttMessageBuilders.connAck()
                            .returnCode(code.get())
                            .sessionPresent(false)
                            .build())
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
