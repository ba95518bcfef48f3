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

import io.cameliot.common.mqtt.ProtocolVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Packets of a server: correct ones, and variants with random and malicious errors. */
final class HostileBytes {

    /** The identifiers that a session assigns first, which are likely to be in use. */
    private static final int LIKELY_IDS = 8;

    private static final int[] PROPERTY_IDS = {
        0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1C, 0x1F, 0x21,
        0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A
    };
    private static final byte[][] TEXTS = {
        {},
        text("a/b"),
        text("caf\u00e9/\u6e29\u5ea6"),
        text("a/+/b"),
        text("#"),
        text("nul\u0000"),
        {(byte) 0xC3, 0x28},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xFF, (byte) 0xFE},
        text("x".repeat(300))
    };

    private final Random random;
    private final boolean v5;

    HostileBytes(long seed, ProtocolVersion version) {
        random = new Random(seed);
        v5 = version == ProtocolVersion.V5;
    }

    Random random() {
        return random;
    }

    /** Returns one packet or several, of which usually at least one is wrong. */
    byte[] next() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(3); i >= 0; i--) {
            byte[] packet = packet();
            for (int j = random.nextInt(3); j > 0; j--) {
                packet = mutate(packet);
            }
            out.writeBytes(packet);
        }
        return out.toByteArray();
    }

    private byte[] packet() {
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> publish();
            case 3, 4 ->
                framed(0x40, concat(id(), v5 && random.nextBoolean() ? concat(any(1), properties()) : NOTHING));
            case 5, 6 -> framed(0x90, concat(id(), v5 ? properties() : NOTHING, any(random.nextInt(4))));
            case 7, 8 -> framed(0xB0, concat(id(), v5 ? properties() : NOTHING, v5 ? any(random.nextInt(3)) : NOTHING));
            case 9 -> framed(0xD0, NOTHING);
            case 10 -> framed(0xE0, v5 && random.nextBoolean() ? concat(any(1), properties()) : NOTHING);
            case 11 -> connack();
            case 12 -> framed(random.nextInt(256), any(random.nextInt(40)));
            default -> random.nextInt(40) == 0 ? giant() : any(random.nextInt(60));
        };
    }

    private byte[] connack() {
        int code = random.nextInt(3) == 0 ? random.nextInt(256) : 0;
        return framed(0x20, concat(new byte[] {(byte) random.nextInt(2), (byte) code}, v5 ? properties() : NOTHING));
    }

    private byte[] publish() {
        int qos = random.nextInt(10) == 0 ? random.nextInt(4) : random.nextInt(2);
        return framed(
                0x30 | random.nextInt(2) << 3 | qos << 1 | random.nextInt(2),
                concat(
                        prefixed(random.nextInt(3) == 0 ? oneOfTexts() : text("a/b")),
                        qos > 0 ? twoBytes(random.nextInt(20)) : NOTHING,
                        v5 ? properties() : NOTHING,
                        any(random.nextInt(50))));
    }

    private byte[] giant() {
        return framed(
                0x30,
                concat(prefixed(text("a/b")), v5 ? new byte[1] : NOTHING, new byte[149_480 + random.nextInt(60)]));
    }

    /** Returns properties with their length. Some are duplicate, misplaced, empty or wrong. */
    private byte[] properties() {
        if (random.nextInt(3) == 0) {
            return new byte[1];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(4); i > 0; i--) {
            int id = random.nextInt(20) == 0 ? random.nextInt(256) : PROPERTY_IDS[random.nextInt(PROPERTY_IDS.length)];
            byte[] property =
                    concat(new byte[] {(byte) id}, random.nextInt(10) == 0 ? any(random.nextInt(6)) : value(id));
            for (int j = random.nextInt(6) == 0 ? 2 : 1; j > 0; j--) {
                out.writeBytes(property);
            }
        }
        return concat(variable(out.size()), out.toByteArray());
    }

    private byte[] value(int id) {
        return switch (id) {
            case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> any(1);
            case 0x13, 0x21, 0x22, 0x23 -> random.nextInt(4) == 0 ? new byte[2] : any(2);
            case 0x02, 0x11, 0x18, 0x27 -> random.nextInt(4) == 0 ? new byte[4] : any(4);
            case 0x0B -> variable(random.nextInt(1 << 20));
            case 0x26 -> concat(prefixed(oneOfTexts()), prefixed(oneOfTexts()));
            default -> prefixed(oneOfTexts());
        };
    }

    private byte[] mutate(byte[] packet) {
        byte[] changed = packet.clone();
        if (changed.length == 0) {
            return any(1);
        }
        int at = random.nextInt(Math.min(changed.length, 100));
        switch (random.nextInt(9)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt(256);
            case 2 -> changed[0] = (byte) random.nextInt(256);
            case 3 -> changed = Arrays.copyOf(changed, at);
            case 4 -> changed = concat(changed, any(random.nextInt(10)));
            case 5 -> {
                if (changed.length > 1) {
                    changed[1] = (byte) random.nextInt(128);
                }
            }
            case 6 ->
                changed = concat(Arrays.copyOf(changed, 1), any(4), Arrays.copyOfRange(changed, 1, changed.length));
            case 7 ->
                changed = concat(
                        Arrays.copyOf(changed, at),
                        any(random.nextInt(4)),
                        Arrays.copyOfRange(changed, at, changed.length));
            default -> {
                if (at + 1 < changed.length) {
                    changed[at] = (byte) 0xFF;
                    changed[at + 1] = (byte) 0xFF;
                }
            }
        }
        return changed;
    }

    /** Splits the bytes: not at all, into single bytes, or randomly. */
    List<byte[]> split(byte[] bytes) {
        int kind = random.nextInt(3);
        int largest =
                kind == 0 ? bytes.length : kind == 1 && bytes.length < 300 ? 1 : 1 + random.nextInt(bytes.length + 1);
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + (kind == 2 ? 1 + random.nextInt(largest) : largest));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    /** Whether the bytes end at the end of a packet. */
    static boolean isWhole(byte[] bytes) {
        int start = 0;
        while (start < bytes.length) {
            int remaining = 0;
            int i = 1;
            int digit;
            do {
                if (start + i >= bytes.length) {
                    return false;
                }
                digit = bytes[start + i];
                remaining |= (digit & 0x7F) << 7 * (i - 1);
                i++;
            } while (digit < 0 && i <= 4);
            start += i + remaining;
        }
        return start == bytes.length;
    }

    static byte[] framed(int first, byte[] contents) {
        return concat(new byte[] {(byte) first}, variable(contents.length), contents);
    }

    static byte[] prefixed(byte[] bytes) {
        return concat(twoBytes(bytes.length), bytes);
    }

    static byte[] variable(int number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = number;
        for (; left > 0x7F; left >>>= 7) {
            out.write(left & 0x7F | 0x80);
        }
        out.write(left);
        return out.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] oneOfTexts() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private byte[] id() {
        return twoBytes(random.nextInt(LIKELY_IDS));
    }

    private static byte[] twoBytes(int number) {
        return new byte[] {(byte) (number >>> 8), (byte) number};
    }

    private byte[] any(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static final byte[] NOTHING = {};
}
