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
package io.cameliot.benchmarks.peer.client;

import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The minimum of every connection: connect and perform the TLS handshake. */
public final class Handshake {

    private final ServerAddress server;
    private final SSLContext tls;

    public Handshake(ServerAddress server) {
        this.server = server;
        this.tls = PemIdentity.trustOnly(server, "TLS");
    }

    /** Connects, and closes the connection after the handshake. */
    public void run() throws IOException {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
        }
    }
}
