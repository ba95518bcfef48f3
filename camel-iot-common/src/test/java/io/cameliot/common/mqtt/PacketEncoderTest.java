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
package io.cameliot.common.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as MQTT 3.1.1 chapters 2 and 3 say them. */
class PacketEncoderTest {

    @Test
    void connectWithNothingOptional() {
        assertThat(hex(PacketEncoder.connect(connect("dev", null, null, true, 60, null))))
                .isEqualTo("100f 0004 4d515454 04 02 003c 0003 646576".replace(" ", ""));
    }

    @Test
    void connectWithEverything() {
        MqttWill will = new MqttWill("w/t", "bye", 1, true);

        assertThat(hex(PacketEncoder.connect(connect("dev", "me", "pw", false, 1200, will))))
                .isEqualTo("1021 0004 4d515454 04 ec 04b0 0003 646576 0003 772f74 0003 627965 0002 6d65 0002 7077"
                        .replace(" ", ""));
    }

    @Test
    void publish() {
        assertThat(hex(PacketEncoder.publishHead(bytes("a/b"), 5, 1, false, false, 0x1234)))
                .isEqualTo("320c 0003 612f62 1234".replace(" ", ""));
        assertThat(hex(PacketEncoder.publishHead(bytes("a/b"), 5, 1, true, true, 1)))
                .isEqualTo("3b0c 0003 612f62 0001".replace(" ", ""));
        assertThat(hex(PacketEncoder.publishHead(bytes("a"), 0, 0, false, false, 0)))
                .isEqualTo("3003 0001 61".replace(" ", ""));
    }

    /** Table 2.4: the largest and smallest remaining length of each number of bytes. */
    @ParameterizedTest
    @CsvSource({
        "127, 7f",
        "128, 8001",
        "16383, ff7f",
        "16384, 808001",
        "2097151, ffff7f",
        "2097152, 80808001",
        "268435455, ffffff7f"
    })
    void remainingLength(int remainingLength, String encoded) {
        byte[] head = PacketEncoder.publishHead(bytes("a"), remainingLength - 3, 0, false, false, 0);

        assertThat(hex(head)).isEqualTo("30" + encoded + "000161");
    }

    @Test
    void acknowledgementsPingsAndTheEnd() {
        assertThat(hex(PacketEncoder.puback(0xFFFE))).isEqualTo("4002fffe");
        assertThat(hex(PacketEncoder.pingreq())).isEqualTo("c000");
        assertThat(hex(PacketEncoder.disconnect())).isEqualTo("e000");
    }

    @Test
    void subscribeAndUnsubscribe() {
        List<byte[]> filters = List.of(bytes("a/#"), bytes("+"));

        assertThat(hex(PacketEncoder.subscribe(10, filters, 1)))
                .isEqualTo("820c 000a 0003 612f23 01 0001 2b 01".replace(" ", ""));
        assertThat(hex(PacketEncoder.unsubscribe(10, filters)))
                .isEqualTo("a20a 000a 0003 612f23 0001 2b".replace(" ", ""));
    }

    @Test
    void textIsUtf8() {
        assertThat(hex(MqttText.encode("A\uD869\uDED4ü", "topic"))).isEqualTo("41f0aa9b94c3bc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\uD800b", "\uDC00"})
    void refusesTextThatMqttForbids(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MqttText.encode(text, "topic"))
                .withMessageStartingWith("The topic contains");
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MqttText.encode("ü".repeat(32_768), "user name"))
                .withMessageContaining("user name has 65536 bytes: MQTT allows 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketEncoder.connect(connect("dev", "me", "x".repeat(65_536), true, 60, null)))
                .withMessageContaining("65536 bytes is too long")
                .withMessageNotContaining("xx");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketEncoder.connect(connect("dev", null, null, true, 65_536, null)))
                .withMessageContaining("keep alive of 65536 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketEncoder.requirePublishable(bytes("a"), new byte[0], 2))
                .withMessageContaining("QoS 2");
    }

    private static MqttConnectRequest connect(
            String clientId, String username, String password, boolean clean, int keepAlive, MqttWill will) {
        return new MqttConnectRequest(
                clientId, username, password, clean, Duration.ofSeconds(keepAlive), will, Duration.ofSeconds(1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
