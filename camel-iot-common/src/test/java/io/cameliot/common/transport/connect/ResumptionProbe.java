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

import io.cameliot.testinfra.pki.IssuedCertificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A server that distinguishes resumed TLS sessions from full handshakes: a resumed session has a known creation time.
 */
final class ResumptionProbe {

    /** A connection of the server: whether its session was resumed, and the client's identity. */
    record Seen(boolean resumed, String client) {}

    private final Set<Long> creations = ConcurrentHashMap.newKeySet();
    private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
    private final boolean mutual;
    private final ScriptedServer server;

    ResumptionProbe(TestConnections connections, IssuedCertificate identity, boolean mutual) {
        this.mutual = mutual;
        this.server = connections.tls(TestTls.context(identity, TestTls.AUTHORITY.certificate()), this::serve);
    }

    private void serve(SSLSocket connection) throws Exception {
        connection.setNeedClientAuth(mutual);
        connection.startHandshake();
        boolean created = creations.add(connection.getSession().getCreationTime());
        seen.add(new Seen(!created, client(connection)));
        ScriptedServer.echo(connection);
    }

    private String client(SSLSocket connection) throws SSLException {
        return mutual ? connection.getSession().getPeerPrincipal().getName() : "";
    }

    int port() {
        return server.port();
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }
}
