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
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.PropertyIds;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.mqtt.ServerSettings;
import io.cameliot.common.mqtt.UserProperty;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.LeakCheck;
import io.cameliot.common.transport.connect.TestTls;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The session follows the settings of an MQTT 5 server, and its errors name what the server refused. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class Mqtt5SessionTest {

    private static final int LARGE = 120_000;
    private static final int PART = 1_000;

    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final List<IOException> outcomes = new ArrayList<>();
    private EmbeddedSession embedded;

    @AfterEach
    void close() {
        embedded.close();
    }

    @Test
    void readsTheServersSettings() {
        embedded = EmbeddedSession.connectedV5(
                "1100000e10" + "210064" + "2401" + "2500" + "2700024800" + "220008" + "2800" + "2a00" + "1304b0");

        ServerSettings server = embedded.session.server();
        assertThat(server.sessionExpiry()).isEqualTo(Duration.ofHours(1));
        assertThat(server.receiveMaximum()).isEqualTo(100);
        assertThat(server.maximumQos()).isEqualTo(1);
        assertThat(server.retainAvailable()).isFalse();
        assertThat(server.maximumPacketSize()).isEqualTo(149_504);
        assertThat(server.topicAliasMaximum()).isEqualTo(8);
        assertThat(server.wildcardSubscriptionsAvailable()).isFalse();
        assertThat(server.sharedSubscriptionsAvailable()).isFalse();
        assertThat(server.keepAlive()).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void usesTheDefaultsOfMqtt5IfTheServerSendsNoSettings() {
        embedded = EmbeddedSession.connectedV5("");

        ServerSettings server = embedded.session.server();
        assertThat(server.sessionExpiry()).isZero();
        assertThat(server.receiveMaximum()).isEqualTo(65_535);
        assertThat(server.maximumQos()).isEqualTo(2);
        assertThat(server.retainAvailable()).isTrue();
        assertThat(server.maximumPacketSize()).isEqualTo(268_435_460);
        assertThat(server.topicAliasMaximum()).isZero();
        assertThat(server.wildcardSubscriptionsAvailable()).isTrue();
        assertThat(server.sharedSubscriptionsAvailable()).isTrue();
        assertThat(server.keepAlive()).isNull();
    }

    /** Four bytes that Java reads as a negative number. */
    @Test
    void readsTheLargestValuesOfSettings() {
        embedded = EmbeddedSession.connectedV5("11ffffffff" + "27ffffffff" + "21ffff");

        assertThat(embedded.session.server().sessionExpiry()).isEqualTo(Duration.ofSeconds(4_294_967_295L));
        assertThat(embedded.session.server().maximumPacketSize()).isEqualTo(268_435_460);
        assertThat(embedded.session.server().receiveMaximum()).isEqualTo(65_535);
    }

    @Test
    void usesTheClientIdentifierThatTheServerAssigns() {
        embedded = new EmbeddedSession(EmbeddedSession.requestV5(""));
        embedded.receive(EmbeddedSession.connackV5("12" + "0003" + "613162"));

        assertThat(embedded.session.clientId()).isEqualTo("a1b");
    }

    @Test
    void keepsItsOwnClientIdentifier() {
        embedded = EmbeddedSession.connectedV5("12" + "0003" + "613162");

        assertThat(embedded.session.clientId()).isEqualTo("dev");
    }

    @ParameterizedTest
    @CsvSource({"0, accepted", "4, bad user name or password", "1, unacceptable protocol version"})
    void namesTheOptionWhenTheServerSupportsOnlyMqtt311(int code, String meaning) {
        for (int cut = 0; cut <= 4; cut++) {
            embedded = new EmbeddedSession(EmbeddedSession.request(ProtocolVersion.V5));
            String connack = String.format("200200%02x", code);
            embedded.receive(connack.substring(0, 2 * cut));
            embedded.receive(connack.substring(2 * cut));
            embedded.run();

            IOException failure = failureOf(embedded.connected);
            assertThat(failure).isInstanceOf(MqttConnackException.class).hasMessageContaining("option mqttVersion");
            assertThat(((MqttConnackException) failure).getReasonCode()).isEqualTo(code);
            embedded.close();
        }
    }

    @Test
    void reportsReasonCodeAndReasonStringOfARefusedConnect() {
        embedded = new EmbeddedSession(EmbeddedSession.request(ProtocolVersion.V5));
        embedded.receive("200a 00 87 07 1f 0004" + hex("nono"));
        embedded.run();

        IOException failure = failureOf(embedded.connected);
        assertThat(failure)
                .isInstanceOf(MqttConnackException.class)
                .hasMessageContaining("0x87 (not authorized): nono");
        assertThat(((MqttConnackException) failure).getReasonCode()).isEqualTo(0x87);
    }

    @ParameterizedTest
    @CsvSource({
        "8e, 0x8E (session taken over)",
        "8b, 0x8B (server shutting down)",
        "9d, 0x9D (server moved)",
        "f1, 0xF1"
    })
    void reportsReasonCodeAndReasonStringOfADisconnect(String code, String meaning) {
        embedded = EmbeddedSession.connectedV5("");
        publish(1, false);
        embedded.receive("e007" + code + "05 1f 0002" + hex("by"));
        embedded.run();

        assertThat(embedded.losses).hasSize(1);
        assertThat(embedded.losses.get(0))
                .isInstanceOf(MqttReasonException.class)
                .hasMessageContaining(meaning)
                .hasMessageEndingWith(": by");
        assertThat(((MqttReasonException) embedded.losses.get(0)).getReasonCode())
                .isEqualTo(Integer.parseInt(code, 16));
        assertThat(outcomes).containsExactly(embedded.losses.get(0));
    }

    @ParameterizedTest
    @CsvSource({"87, not authorized", "97, quota exceeded", "99, payload format invalid"})
    void keepsTheConnectionWhenTheServerRefusesAMessage(String code, String meaning) {
        embedded = EmbeddedSession.connectedV5("");
        publish(1, false);
        publish(1, false);
        embedded.run();

        embedded.receive("4009 0001" + code + "05 1f 0002" + hex("no") + "4002 0002");

        assertThat(outcomes).hasSize(2);
        assertThat(outcomes.get(0))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining(meaning)
                .hasMessageEndingWith(": no");
        assertThat(((PublishRefusedException) outcomes.get(0)).getReasonCode()).isEqualTo(Integer.parseInt(code, 16));
        assertThat(outcomes.get(1)).isNull();
        assertThat(embedded.losses).isEmpty();
    }

    /** Reason code "no matching subscribers": the server has the message. */
    @Test
    void aPubackWithASuccessfulCodeIsSuccess() {
        embedded = EmbeddedSession.connectedV5("");
        publish(1, false);
        embedded.run();

        embedded.receive("4003 0001 10");

        assertThat(outcomes).containsExactly((IOException) null);
    }

    @ParameterizedTest
    @CsvSource({
        "2400, 1, false, its maximum is 0, 9b",
        "2500, 0, true, keeps no retained messages, 9a",
        "270000000a, 0, false, no more than 10, 95"
    })
    void refusesAMessageThatTheServerDoesNotSupport(
            String properties, int qos, boolean retained, String complaint, String code) {
        embedded = EmbeddedSession.connectedV5(properties);

        publish(qos, retained);

        assertThat(embedded.sent()).isEmpty();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0)).isInstanceOf(PublishRefusedException.class).hasMessageContaining(complaint);
        assertThat(((PublishRefusedException) outcomes.get(0)).getReasonCode()).isEqualTo(Integer.parseInt(code, 16));
        assertThat(embedded.losses).isEmpty();
    }

    /** Else it would be lost without a word: nobody hears of a message that was tried. */
    @ParameterizedTest
    @CsvSource({"2500, true", "270000000a, false"})
    void doesNotQueueAtOnceWhatTheServerDoesNotSupport(String properties, boolean retained) {
        embedded = EmbeddedSession.connectedV5(properties);

        assertThat(embedded.session.tryEnqueue(message("a/b", new byte[10], 0, retained)))
                .isFalse();

        embedded.session.flush();
        assertThat(embedded.sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2500, false", "2700000032, true"})
    void queuesAtOnceWhatTheServerSupports(String properties, boolean retained) {
        embedded = EmbeddedSession.connectedV5(properties);

        assertThat(embedded.session.tryEnqueue(message("a/b", new byte[10], 0, retained)))
                .isTrue();

        embedded.session.flush();
        assertThat(embedded.sentBytes()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2800, a/+, wildcards", "2800, a/#, wildcards", "2a00, $share/g/a, shared subscriptions"})
    void refusesASubscriptionThatTheServerDoesNotSupport(String properties, String filter, String complaint) {
        embedded = EmbeddedSession.connectedV5(properties);

        CompletableFuture<List<Integer>> refused = embedded.session.subscribe(List.of("b", filter), 1, AMPLE);
        CompletableFuture<List<Integer>> taken = embedded.session.subscribe(List.of("b"), 1, AMPLE);

        assertThat(embedded.sent()).hasSize(1);
        assertThat(failureOf(refused)).isInstanceOf(MqttReasonException.class).hasMessageContaining(complaint);
        embedded.receive("9004 0001 00 01");
        assertThat(taken).isCompletedWithValue(List.of(1));
    }

    @Test
    void returnsTheReasonCodesOfSubackAndUnsuback() {
        embedded = EmbeddedSession.connectedV5("");
        CompletableFuture<List<Integer>> subscribe = embedded.session.subscribe(List.of("a", "b"), 1, AMPLE);
        CompletableFuture<List<Integer>> unsubscribe = embedded.session.unsubscribe(List.of("a", "b"), AMPLE);
        assertThat(embedded.sent()).hasSize(2);

        embedded.receive("9005 0001 00 01 87" + "b005 0002 00 00 11");

        assertThat(subscribe).isCompletedWithValue(List.of(1, 0x87));
        assertThat(unsubscribe).isCompletedWithValue(List.of(0, 0x11));
    }

    /** An answer to another request must not leave a request without a result. */
    @ParameterizedTest
    @ValueSource(strings = {"9004 0001 00 01", "b004 0001 00 00", "b005 0002 00 00 00", "4002 0002", "9004 0003 00 01"})
    void failsARequestAndNamesTheWrongAnswer(String answer) {
        embedded = EmbeddedSession.connectedV5("");
        publish(1, false);
        CompletableFuture<List<Integer>> subscribe = embedded.session.subscribe(List.of("a", "b"), 1, AMPLE);
        CompletableFuture<List<Integer>> unsubscribe = embedded.session.unsubscribe(List.of("c"), AMPLE);
        embedded.run();

        embedded.receive(answer);
        embedded.run();

        assertThat(embedded.losses).hasSize(1);
        assertThat(outcomes).containsExactly(embedded.losses.get(0));
        assertThat(failureOf(subscribe)).isSameAs(embedded.losses.get(0));
        assertThat(failureOf(unsubscribe)).isSameAs(embedded.losses.get(0));
    }

    /** The CONNECT says a minute. */
    @Test
    void pingsAtTheKeepAliveIntervalOfTheServer() {
        embedded = EmbeddedSession.connectedV5("130001");

        await().pollInSameThread().atMost(Duration.ofSeconds(20)).until(() -> embedded.sent().stream()
                .anyMatch(packet -> packet.fixedHeader().messageType() == MqttMessageType.PINGREQ));
    }

    /** On a line that takes longer for the message than the server may take for a PINGRESP. */
    @Test
    void keepsTheConnectionWhileTheMessageBeforeThePingrespArrives() {
        embedded = EmbeddedSession.connectedV5("130002");
        byte[] message = HostileBytes.framed(0x30, HostileBytes.concat(new byte[] {0, 1, 'a', 0}, new byte[LARGE]));
        AtomicLong pinged = new AtomicLong();
        await().pollInSameThread().until(() -> {
            pinged.set(System.nanoTime());
            return embedded.sent().stream()
                    .anyMatch(packet -> packet.fixedHeader().messageType() == MqttMessageType.PINGREQ);
        });

        AtomicInteger arrived = new AtomicInteger();
        await().pollInSameThread().pollInterval(Duration.ofMillis(50)).until(() -> {
            int from = arrived.getAndAdd(PART);
            embedded.receive(Arrays.copyOfRange(message, from, from + PART));
            return System.nanoTime() - pinged.get() > Duration.ofMillis(1600).toNanos();
        });
        embedded.receive(Arrays.copyOfRange(message, arrived.get(), message.length));
        embedded.receive("d000");

        // A PINGRESP that takes longer than one and a half keep alive intervals is too late in any case.
        assumeThat(Duration.ofNanos(System.nanoTime() - pinged.get())).isLessThan(Duration.ofSeconds(3));
        assertThat(embedded.losses).isEmpty();
        assertThat(embedded.messages).hasSize(1);
    }

    /** The time limit of the request, one minute, is longer than the usual limit for a PINGRESP. */
    @Test
    void waitsForAPingrespAsLongAsForOtherAnswers() {
        embedded = EmbeddedSession.connectedV5("1304b0");

        // Half of that limit is the time to the next check.
        assertThat(Duration.ofNanos(embedded.channel.runScheduledPendingTasks()))
                .isGreaterThan(Duration.ofSeconds(15));
    }

    @Test
    void sendsNoPingsWhenTheServerDisablesKeepAlive() {
        embedded = EmbeddedSession.connectedV5("130000");

        assertThat(embedded.channel.hasPendingTasks()).isFalse();
    }

    @Test
    void announcesItsLimitsInTheConnect() {
        embedded = new EmbeddedSession(EmbeddedSession.requestV5("dev"));

        MqttMessage connect = embedded.connectPacket();

        assertThat(connect.fixedHeader().messageType()).isEqualTo(MqttMessageType.CONNECT);
        MqttProperties properties = ((MqttConnectVariableHeader) connect.variableHeader()).properties();
        assertThat(properties.getProperty(PropertyIds.RECEIVE_MAXIMUM).value()).isEqualTo(100);
        assertThat(properties.getProperty(PropertyIds.MAXIMUM_PACKET_SIZE).value())
                .isEqualTo(149_504);
        assertThat(properties.getProperty(PropertyIds.TOPIC_ALIAS_MAXIMUM)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void toleratesAServerThatExceedsTheReceiveMaximum(int receiveMaximum) {
        embedded = new EmbeddedSession(EmbeddedSession.requestV5("dev", receiveMaximum));
        embedded.receive(EmbeddedSession.connackV5(""));
        for (int id = 1; id <= receiveMaximum + 1_000; id++) {
            receiveQos1(id);
        }
        receiveQos0();

        assertThat(embedded.losses).isEmpty();
        assertThat(embedded.messages).hasSize(receiveMaximum + 1_001);
        embedded.messages.forEach(InboundMessage::acknowledge);
        assertThat(embedded.sent()).hasSize(receiveMaximum + 1_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void disconnectsAServerThatExceedsReceiveMaximumAndMemoryLimit(int receiveMaximum) {
        embedded = new EmbeddedSession(EmbeddedSession.requestV5("dev", receiveMaximum));
        embedded.receive(EmbeddedSession.connackV5(""));
        int most = InboundMessage.Window.LARGEST_BYTES / LARGE;
        for (int round = 0; round < 2; round++) {
            receiveLarge(most - 1);
            assertThat(embedded.losses).isEmpty();
            embedded.messages.forEach(InboundMessage::acknowledge);
            // A second acknowledgement frees no more memory.
            embedded.messages.forEach(InboundMessage::acknowledge);
            assertThat(embedded.sent()).hasSize(most - 1);
            embedded.messages.clear();
        }

        receiveLarge(most + 1);

        assertThat(embedded.losses).singleElement().satisfies(loss -> assertThat(loss)
                .hasMessageContaining(TestTls.HOST)
                .hasMessageContaining("32 MB")
                .hasMessageContaining("Receive Maximum of the CONNECT is " + receiveMaximum));
        assertThat(((TlsConnectException) embedded.losses.get(0)).getReason()).isEqualTo(Reason.PROTOCOL_ERROR);
        assertThat(HexFormat.of().formatHex(embedded.sentBytes())).isEqualTo("e0029300");
        assertThat(embedded.channel.isOpen()).isFalse();
    }

    private void receiveLarge(int messages) {
        // The remaining length is 6 bytes more than the payload.
        String packet = "32c6a907 0001 61%04x00" + "00".repeat(LARGE);
        for (int id = 1; id <= messages && embedded.losses.isEmpty(); id++) {
            embedded.receive(packet.formatted(id));
        }
    }

    @Test
    void acceptsAnyNumberOfMessagesWithMqtt311() {
        embedded = EmbeddedSession.connectedV311();
        for (int i = 0; i < 70_000; i++) {
            embedded.receive("3206 0001 61" + String.format("%04x", 1 + i % 65_535) + "78");
        }

        assertThat(embedded.losses).isEmpty();
        assertThat(embedded.messages).hasSize(70_000);
    }

    /** The codes of MQTT 5 sections 2.1.3, 3.1.2.11.4, 3.3.2.3.4 and 4.13.1. */
    @ParameterizedTest
    @CsvSource({
        "c000, 82", // PINGREQ
        "f000, 82", // AUTH
        "6202 0001, 82", // PUBREL
        "2003 000000, 82", // a second CONNACK
        "3003 0000 00, 82", // neither topic nor alias
        "3406 0001 61 0001 00, 82", // QoS 2, which no subscription has
        "4002 0007, 82", // PUBACK of nothing
        "9004 0007 00 00, 82", // SUBACK of nothing
        "0000, 81", // reserved type
        "d100, 81", // reserved flag
        "6002 0001, 81", // PUBREL without its flag
        "30 ffffffff, 81", // five bytes of remaining length
        "30 03 00ff61, 81", // topic longer than the packet
        "40 00, 81", // no packet identifier
        "3607 0001 61 0001 00 00, 81", // QoS 3
        "3006 0003 612f2b 00, 81", // wildcard in a topic name
        "3006 0003 610062 00, 81", // U+0000
        "3007 0001 61 03 230001, 94", // topic alias
        "3006 0000 03 230001, 94", // topic alias without topic
        "30 80808001, 95", // 2 MB
    })
    void sendsTheReasonCodeInADisconnectWhenTheServerViolatesTheProtocol(String bytes, String code) {
        embedded = EmbeddedSession.connectedV5("");

        embedded.receive(bytes);

        assertThat(embedded.losses).hasSize(1);
        assertThat(HexFormat.of().formatHex(embedded.sentBytes())).isEqualTo("e002" + code + "00");
    }

    private void receiveQos1(int packetId) {
        embedded.receive("3206 0001 61" + String.format("%04x", packetId) + "00");
    }

    private void receiveQos0() {
        embedded.receive("3004 0001 61 00");
    }

    @Test
    void readsThePropertiesOfAMessage() {
        embedded = EmbeddedSession.connectedV5("");
        String properties = "0101" + "02fffffffe" + "030001" + hex("c") + "080001" + hex("r") + "0900020102"
                + "26000161000131" + "26000161000132";
        embedded.receive(HostileBytes.framed(
                0x30,
                HostileBytes.concat(
                        HostileBytes.prefixed(new byte[] {'a'}),
                        HostileBytes.variable(properties.length() / 2),
                        HexFormat.of().parseHex(properties))));

        assertThat(embedded.messages.get(0).properties())
                .usingRecursiveComparison()
                .isEqualTo(new MessageProperties(
                        "c",
                        "r",
                        new byte[] {1, 2},
                        4_294_967_294L,
                        true,
                        List.of(new UserProperty("a", "1"), new UserProperty("a", "2"))));
    }

    private void publish(int qos, boolean retained) {
        embedded.session.publish(message("a", new byte[20], qos, retained), false, outcomes::add);
    }

    private static IOException failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return (IOException) future.handle((value, failure) -> failure).join();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
