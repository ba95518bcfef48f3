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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A CONNECT carries values of up to 65,535 bytes. */
class PacketsTest {

    /** The parts of a CONNECT whose length stands in two bytes. */
    private enum Part {
        PASSWORD("password"),
        WILL_PAYLOAD("will payload"),
        CONTENT_TYPE("content type"),
        RESPONSE_TOPIC("response topic"),
        CORRELATION_DATA("correlation data"),
        USER_PROPERTY_NAME("user property's name"),
        USER_PROPERTY_VALUE("user property's value");

        private final String shown;

        Part(String shown) {
            this.shown = shown;
        }

        /** Returns a request in which this part has so many bytes, and the others few. */
        MqttConnectRequest request(int bytes) {
            return new MqttConnectRequest(
                    "dev",
                    new MqttConnectRequest.Login("u", text(PASSWORD, bytes)),
                    new MqttConnectRequest.Session(ProtocolVersion.V5, true, Duration.ZERO, 100, true),
                    Duration.ofMinutes(1),
                    new MqttConnectRequest.Will("gone", text(WILL_PAYLOAD, bytes), 1, false, properties(bytes)),
                    Duration.ofSeconds(10));
        }

        private MessageProperties properties(int bytes) {
            return new MessageProperties(
                    text(CONTENT_TYPE, bytes),
                    text(RESPONSE_TOPIC, bytes),
                    new byte[this == CORRELATION_DATA ? bytes : 1],
                    null,
                    null,
                    List.of(new UserProperty(text(USER_PROPERTY_NAME, bytes), text(USER_PROPERTY_VALUE, bytes))));
        }

        private String text(Part part, int bytes) {
            // Two bytes a character.
            return this == part ? "é".repeat(bytes / 2) + "x".repeat(bytes % 2) : "x";
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAPartThatIsTooLong(Part part) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packets.connect(part.request(65_536)))
                .withMessage("The " + part.shown + " has 65536 bytes: MQTT allows 65535");
    }

    @ParameterizedTest
    @EnumSource
    void carriesALargestPartWhole(Part part) {
        MqttConnectRequest request = part.request(65_535);
        EmbeddedChannel client = new EmbeddedChannel(MqttEncoder.INSTANCE);
        EmbeddedChannel server = new EmbeddedChannel(new MqttDecoder(1 << 20));

        client.writeOutbound(Packets.connect(request));
        ByteBuf encoded = client.readOutbound();
        server.writeInbound(encoded);
        MqttConnectMessage connect = server.readInbound();

        assertThat(connect.decoderResult().isSuccess()).isTrue();
        assertThat(connect.payload().passwordInBytes())
                .isEqualTo(request.login().password().getBytes(StandardCharsets.UTF_8));
        assertThat(connect.payload().willMessageInBytes())
                .isEqualTo(request.will().payload().getBytes(StandardCharsets.UTF_8));
        assertThat(PropertyCodec.encode(PropertyCodec.read(connect.payload().willProperties())))
                .isEqualTo(PropertyCodec.encode(request.will().properties()));
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void refusesAWillPropertyThatIsNoMqttText() {
        MqttConnectRequest request = Part.CONTENT_TYPE.request(1);
        MqttConnectRequest.Will will = request.will();
        MessageProperties properties = new MessageProperties(
                "\uD83D", null, null, null, null, will.properties().userProperties());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packets.connect(new MqttConnectRequest(
                        request.clientId(),
                        request.login(),
                        request.session(),
                        request.keepAlive(),
                        new MqttConnectRequest.Will(will.topic(), will.payload(), 1, false, properties),
                        request.timeout())))
                .withMessageContaining("content type");
    }

    /** MQTT 3.1.1 section 3.1.2.9 forbids it, MQTT 5 section 3.1.2.9 allows it. */
    @ParameterizedTest
    @EnumSource
    void carriesAPasswordWithoutAUserNameInMqtt5Only(ProtocolVersion version) {
        MqttConnectRequest request = new MqttConnectRequest(
                "dev",
                new MqttConnectRequest.Login(null, "hunter2"),
                new MqttConnectRequest.Session(version, true, Duration.ZERO, 100, false),
                Duration.ofMinutes(1),
                null,
                Duration.ofSeconds(10));

        if (version == ProtocolVersion.V5) {
            assertThat(Packets.connect(request).variableHeader().hasPassword()).isTrue();
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Packets.connect(request))
                    .withMessage("MQTT 3.1.1 has no password without a user name");
        }
    }
}
