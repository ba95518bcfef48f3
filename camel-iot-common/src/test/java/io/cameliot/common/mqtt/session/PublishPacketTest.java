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

import static io.cameliot.common.mqtt.session.Sessions.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.PropertyIds;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.UserProperty;
import io.cameliot.common.mqtt.codec.PropertyCodec;
import io.cameliot.common.transport.connect.LeakCheck;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's decoder reads our encoder's packets, and Netty's encoder produces the same bytes. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PublishPacketTest {

    private static final MessageProperties ALL = new MessageProperties(
            "text/plain; charset=\"caf\u00e9\"",
            "answers/\u6e29\u5ea6",
            new byte[] {0, (byte) 0xFF, 7},
            4_294_967_295L,
            true,
            List.of(new UserProperty("a", "1"), new UserProperty("a", "2"), new UserProperty("", "")));

    private final List<IOException> outcomes = new ArrayList<>();
    private EmbeddedSession embedded;

    @AfterEach
    void close() {
        embedded.close();
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void encodesEveryFlag(ProtocolVersion version) {
        embedded = EmbeddedSession.connected(version);
        for (int flags = 0; flags < 8; flags++) {
            int qos = flags & 1;
            boolean retained = (flags & 2) != 0;
            boolean duplicate = (flags & 4) != 0;
            embedded.session.publish(message("a/b", new byte[] {1, 2}, qos, retained), duplicate, failure -> {});

            MqttPublishMessage sent = only(embedded.sent());
            assertThat(sent.fixedHeader().qosLevel().value()).isEqualTo(qos);
            assertThat(sent.fixedHeader().isRetain()).isEqualTo(retained);
            assertThat(sent.fixedHeader().isDup()).isEqualTo(duplicate);
            assertThat(sent.variableHeader().topicName()).isEqualTo("a/b");
            assertThat(payload(sent)).isEqualTo(new byte[] {1, 2});
        }
    }

    /** Around each length at which the length field grows by a byte. */
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void encodesEveryLength(ProtocolVersion version) {
        embedded = EmbeddedSession.connected(version);
        IntStream.of(0, 1 << 7, 1 << 14, 1 << 21)
                .flatMap(step -> IntStream.rangeClosed(Math.max(0, step - 12), step + 2))
                .forEach(length -> {
                    embedded.session.publish(message("a/b", new byte[length], 1, false), false, failure -> {});
                    assertThat(payload(only(embedded.sent()))).hasSize(length);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 127, 128, 16_383, 65_535})
    void encodesTopicsOfEveryLength(int length) {
        embedded = EmbeddedSession.connectedV5("");
        embedded.session.publish(message("t".repeat(length), new byte[1], 0, false), false, failure -> {});

        MqttPublishMessage sent = only(embedded.sent());
        assertThat(sent.variableHeader().topicName()).hasSize(length);
        sent.release();
    }

    @Test
    void encodesAllPropertiesWithMqtt5() {
        embedded = EmbeddedSession.connectedV5("");
        embedded.session.publish(new ApplicationMessage("a/b", new byte[3], 1, false, ALL), false, failure -> {});

        MqttPublishMessage sent = only(embedded.sent());
        assertThat(PropertyCodec.read(sent.variableHeader().properties()))
                .usingRecursiveComparison()
                .isEqualTo(ALL);
        assertThat(payload(sent)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 130, 16_370, 16_390, 60_000})
    void encodesPropertiesOfEveryLength(int length) {
        embedded = EmbeddedSession.connectedV5("");
        MessageProperties properties = new MessageProperties(null, null, new byte[length], null, null, null);
        embedded.session.publish(new ApplicationMessage("a/b", new byte[3], 0, false, properties), false, f -> {});

        MqttPublishMessage sent = only(embedded.sent());
        assertThat(PropertyCodec.read(sent.variableHeader().properties()).correlationData())
                .hasSize(length);
        assertThat(payload(sent)).hasSize(3);
    }

    @Test
    void sendsNoPropertiesWithMqtt311() {
        embedded = EmbeddedSession.connectedV311();
        embedded.session.publish(new ApplicationMessage("a/b", new byte[] {9}, 1, false, ALL), false, failure -> {});

        assertThat(payload(only(embedded.sent()))).isEqualTo(new byte[] {9});
    }

    @Test
    void sendsATopicOnceAndThenItsAlias() {
        embedded = EmbeddedSession.connectedV5("220002");
        List<String> seen = new ArrayList<>();
        for (String topic : List.of("topic/1", "topic/1", "topic/2", "topic/1", "topic/3", "topic/2", "t", "topic/1")) {
            publish(topic, 1);
            seen.add(aliased(only(embedded.sent())));
        }

        // The third topic gets the alias of the second, which is the least recently used one.
        assertThat(seen)
                .containsExactly("topic/1=1", "=1", "topic/2=2", "=1", "topic/3=2", "topic/2=1", "t", "topic/1=2");
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void sendsNoAliasAboveTheServersMaximum(ProtocolVersion version) {
        embedded = EmbeddedSession.connected(version);
        for (int i = 0; i < 3; i++) {
            publish("topic/1", 1);

            assertThat(aliased(only(embedded.sent()))).isEqualTo("topic/1");
        }
    }

    /** The server does not know the alias of a packet that it has not received. */
    @Test
    void assignsNoAliasForAMessageThatIsNotSent() {
        embedded = EmbeddedSession.connectedV5("220002" + "2700000028");
        publish("topic/1", 100);
        assertThat(embedded.sent()).isEmpty();
        assertThat(outcomes).hasSize(1).allMatch(PublishRefusedException.class::isInstance);

        publish("topic/1", 1);

        assertThat(aliased(only(embedded.sent()))).isEqualTo("topic/1=1");
    }

    /** A packet with an alias is three bytes longer. */
    @Test
    void omitsTheAliasIfTheMessageJustFitsWithoutIt() {
        embedded = EmbeddedSession.connectedV5("220002" + "2700000014");
        publish("topic/1", 20 - 2 - 9 - 2 - 1);
        assertThat(aliased(only(embedded.sent()))).isEqualTo("topic/1");
        publish("topic/1", 20 - 2 - 9 - 2 - 1 + 1);

        assertThat(embedded.sent()).isEmpty();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0))
                .hasMessageContaining("a packet of 21 bytes")
                .hasMessageContaining("no more than 20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\uD800b"})
    void refusesPropertiesThatMqttCannotCarry(String text) {
        embedded = EmbeddedSession.connectedV5("");
        for (MessageProperties properties : List.of(
                new MessageProperties(text, null, null, null, null, null),
                new MessageProperties(null, text, null, null, null, null),
                new MessageProperties(null, null, new byte[65_536], null, null, null),
                new MessageProperties(null, null, null, null, null, List.of(new UserProperty(text, "x"))),
                new MessageProperties(null, null, null, null, null, List.of(new UserProperty("x", text))))) {
            ApplicationMessage refused = new ApplicationMessage("a/b", new byte[1], 1, false, properties);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> embedded.session.publish(refused, false, failure -> {}));
        }
        assertThat(embedded.sent()).isEmpty();
    }

    private void publish(String topic, int length) {
        embedded.session.publish(message(topic, new byte[length], 1, false), false, outcomes::add);
    }

    /** The topic and its alias as sent. */
    private static String aliased(MqttPublishMessage packet) {
        MqttProperties.MqttProperty<?> alias =
                packet.variableHeader().properties().getProperty(PropertyIds.TOPIC_ALIAS);
        packet.release();
        return packet.variableHeader().topicName() + (alias == null ? "" : "=" + alias.value());
    }

    private static MqttPublishMessage only(List<MqttMessage> packets) {
        assertThat(packets).hasSize(1);
        return (MqttPublishMessage) packets.get(0);
    }

    private static byte[] payload(MqttPublishMessage packet) {
        byte[] payload = ByteBufUtil.getBytes(packet.payload());
        packet.release();
        return payload;
    }
}
