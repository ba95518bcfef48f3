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
package io.cameliot.common.transport.connect;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/**
 * Relays between a client and a TLS 1.2 server, and replaces each unencrypted fatal alert of the server by
 * handshake_failure (RFC 5246 sections 6.2.1 and 7.2).
 */
final class HandshakeFailureRelay {

    private static final int ALERT = 21;
    private static final int FATAL = 2;
    private static final byte HANDSHAKE_FAILURE = 40;

    private HandshakeFailureRelay() {}

    static void serve(Socket client, int port) throws Exception {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            CompletableFuture<Void> there = CompletableFuture.runAsync(() -> ScriptedServer.copy(client, server));
            try {
                copyRecords(new DataInputStream(server.getInputStream()), client.getOutputStream());
            } finally {
                client.close();
                there.join();
            }
        }
    }

    private static void copyRecords(DataInputStream in, OutputStream out) throws IOException {
        while (true) {
            byte[] header = new byte[5];
            try {
                in.readFully(header);
            } catch (EOFException e) {
                return;
            }
            byte[] content = in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
            if (header[0] == ALERT && content.length == 2 && content[0] == FATAL) {
                content[1] = HANDSHAKE_FAILURE;
            }
            out.write(header);
            out.write(content);
        }
    }
}
