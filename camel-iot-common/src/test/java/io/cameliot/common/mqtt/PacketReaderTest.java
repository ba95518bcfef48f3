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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketReaderTest {

    private static final String ALL_PACKETS = "20020100" // CONNACK
            + "4002000a" // PUBACK
            + "3208 0003612f62 0007 78" // PUBLISH
            + "9004000b0180" // SUBACK
            + "b002000c" // UNSUBACK
            + "d000" // PINGRESP
            + "3104 0002 6162"; // PUBLISH, retained

    private final Recorder packets = new Recorder();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsPacketsHoweverTheyAreCut(int piece) throws IOException {
        read(ALL_PACKETS, piece);

        assertThat(packets)
                .containsExactly(
                        "CONNACK true 0",
                        "PUBACK 10",
                        "PUBLISH a/b x qos=1 id=7",
                        "SUBACK 11 [1, 128]",
                        "UNSUBACK 12",
                        "PINGRESP",
                        "PUBLISH ab  qos=0 retained id=0");
    }

    @Test
    void readsPacketsOfAllLengths() throws IOException {
        Random random = new Random(3);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        List<byte[]> payloads = new ArrayList<>();
        int[] lengths = {0, 100, 8_188, 8_192, 5, 20_000, 0, 500_000, 9_000, 3, PacketReader.MAX_PACKET - 10, 1};
        for (int length : lengths) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            payloads.add(payload);
            stream.writeBytes(PacketEncoder.publishHead(new byte[] {'t'}, length, 1, false, true, 9));
            stream.writeBytes(payload);
        }

        read(new ByteArrayInputStream(stream.toByteArray()), 4_000);

        assertThat(packets.payloads).hasSameSizeAs(payloads);
        for (int i = 0; i < payloads.size(); i++) {
            assertThat(packets.payloads.get(i)).isEqualTo(payloads.get(i));
        }
    }

    @Test
    void readsTopicsInUtf8() throws IOException {
        read("30 09 0007 41f0aa9b94c3bc", 100);

        assertThat(packets).containsExactly("PUBLISH A\uD869\uDED4ü  qos=0 id=0");
    }

    @ParameterizedTest
    @CsvSource({
        "00 00, reserved type 0",
        "10 00, CONNECT",
        "f0 00, reserved type 15",
        "82 00, SUBSCRIBE",
        "80 00, SUBSCRIBE",
        "c0 00, PINGREQ",
        "e0 00, DISCONNECT",
        "50 02 0001, PUBREC",
        "21 02 0000, CONNACK with reserved flags 1",
        "20 02 0200, CONNACK with reserved flags 2",
        "20 01 00, CONNACK of impossible length 1",
        "20 03 000000, CONNACK of impossible length 3",
        "42 02 0001, PUBACK with reserved flags",
        "40 00, PUBACK of impossible length 0",
        "40 03 000100, PUBACK of impossible length 3",
        "40 02 0000, PUBACK with packet identifier 0",
        "90 02 0001, SUBACK of impossible length 2",
        "90 03 000103, SUBACK with return code 3",
        "90 03 000081, SUBACK with packet identifier 0",
        "b0 04 00010000, UNSUBACK of impossible length 4",
        "d0 01 00, PINGRESP of impossible length 1",
        "34 05 0001610001, PUBLISH at QoS 2",
        "36 05 0001610001, PUBLISH at QoS 3",
        "38 03 000161, PUBLISH at QoS 0 marked as duplicate",
        "30 00, PUBLISH of impossible length 0",
        "30 01 00, PUBLISH of impossible length 1",
        "30 02 0001, PUBLISH of impossible length 2",
        "30 02 ffff, PUBLISH of impossible length 2",
        "32 03 000161, PUBLISH of impossible length 3",
        "32 04 00016100, PUBLISH of impossible length 4",
        "32 05 0001610000, PUBLISH with packet identifier 0",
        "30 02 0000, PUBLISH with an empty topic",
        "30 05 0003612f23, wildcard",
        "30 05 00032b2f61, wildcard",
        "30 03 000100, U+0000",
        "30 04 0002c0af, not UTF-8",
        "30 05 0003eda080, not UTF-8",
        "30 04 0002c341, not UTF-8",
        "d0 8080808001, remaining length of more than 4 bytes",
        "30 ffffffff, remaining length of more than 4 bytes",
        "30 ffffff7f, the limit is 1048576",
        "30 fdff3f, the limit is 1048576"
    })
    void refusesWhatTheStandardForbids(String packet, String complaint) {
        assertThatThrownBy(() -> read(packet, 100))
                .isInstanceOf(MqttProtocolException.class)
                .hasMessageContaining(complaint);
        assertThat(packets).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40", "4002", "400200", "3080", "3208 0003612f62 0007"})
    void noticesAnEndWithinAPacket(String beginning) {
        assertThatThrownBy(() -> read(beginning, 1)).isInstanceOf(EOFException.class);
    }

    @Test
    void survivesAnyBytes() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            if (noise.length > 1) {
                noise[0] = (byte) (random.nextInt(15) << 4 | (random.nextBoolean() ? 0 : noise[0] & 0xF));
                noise[1] &= 0x3F;
            }
            try {
                read(new ByteArrayInputStream(noise), 1 + random.nextInt(60));
            } catch (IOException e) {
                assertThat(e).isInstanceOfAny(MqttProtocolException.class, EOFException.class);
            }
        }
    }

    private void read(String hex, int piece) throws IOException {
        read(new ByteArrayInputStream(HexFormat.of().parseHex(hex.replace(" ", ""))), piece);
    }

    private void read(InputStream bytes, int piece) throws IOException {
        PacketReader reader = new PacketReader(new Pieces(bytes, piece), packets);
        while (reader.read()) {
            assertThat(packets).isNotNull();
        }
    }

    /** Gives few bytes at a time, and never any for a read of none. */
    private static final class Pieces extends InputStream {

        private final InputStream in;
        private final int piece;

        Pieces(InputStream in, int piece) {
            this.in = in;
            this.piece = piece;
        }

        @Override
        public int read() {
            throw new AssertionError("Reads single bytes");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            assertThat(length).isPositive();
            return in.read(bytes, offset, Math.min(piece, length));
        }
    }

    private static final class Recorder extends ArrayList<String> implements PacketHandler {

        private static final long serialVersionUID = 1L;

        final transient List<byte[]> payloads = new ArrayList<>();

        @Override
        public void connack(boolean sessionPresent, int returnCode) {
            add("CONNACK " + sessionPresent + " " + returnCode);
        }

        @Override
        public void publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId) {
            payloads.add(payload);
            String text = payload.length > 100 ? "" : new String(payload, StandardCharsets.UTF_8);
            add("PUBLISH " + topic + " " + text + " qos=" + qos + (retained ? " retained" : "")
                    + (duplicate ? " duplicate" : "") + " id=" + packetId);
        }

        @Override
        public void puback(int packetId) {
            add("PUBACK " + packetId);
        }

        @Override
        public void suback(int packetId, List<Integer> returnCodes) {
            add("SUBACK " + packetId + " " + returnCodes);
        }

        @Override
        public void unsuback(int packetId) {
            add("UNSUBACK " + packetId);
        }

        @Override
        public void pingresp() {
            add("PINGRESP");
        }
    }
}
