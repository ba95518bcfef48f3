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
package io.cameliot.testinfra.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the ALPN extension of a ClientHello. The JDK shows the offered names only during the handshake, which is too
 * late to decide whether to request a client certificate.
 */
final class AlpnExtension {
    private static final int TYPE = 16;
    private static final int LEGACY_VERSION_AND_RANDOM_BYTES = 2 + 32;

    private AlpnExtension() {}

    /**
     * Lists the offered names.
     *
     * @param clientHello the handshake message's body (RFC 8446, section 4.1.2); its reader index does not change
     * @return the names in the client's order
     * @throws IndexOutOfBoundsException if a length in it is wrong
     */
    static List<String> read(ByteBuf clientHello) {
        ByteBuf hello = clientHello.slice();
        hello.skipBytes(LEGACY_VERSION_AND_RANDOM_BYTES);
        hello.skipBytes(hello.readUnsignedByte()); // legacy_session_id
        hello.skipBytes(hello.readUnsignedShort()); // cipher_suites
        hello.skipBytes(hello.readUnsignedByte()); // legacy_compression_methods
        if (!hello.isReadable()) {
            return List.of();
        }
        ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
            if (type == TYPE) {
                return names(extension.readSlice(extension.readUnsignedShort()));
            }
        }
        return List.of();
    }

    private static List<String> names(ByteBuf list) {
        List<String> names = new ArrayList<>();
        while (list.isReadable()) {
            names.add(list.readCharSequence(list.readUnsignedByte(), StandardCharsets.US_ASCII)
                    .toString());
        }
        return names;
    }
}
