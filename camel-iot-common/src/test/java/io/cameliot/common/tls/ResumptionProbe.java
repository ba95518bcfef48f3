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
package io.cameliot.common.tls;

import io.cameliot.testinfra.pki.IssuedCertificate;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/** A server that tells resumed TLS sessions from full handshakes, by whether it was asked for its private key. */
final class ResumptionProbe {

    /** A connection that the server has seen: whether its session was resumed, and whom the client said to be. */
    record Seen(boolean resumed, String client) {}

    private final AtomicInteger keyUses = new AtomicInteger();
    private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
    private final boolean mutual;
    private final ScriptedServer server;

    ResumptionProbe(TestSockets sockets, IssuedCertificate identity, boolean mutual) {
        this.mutual = mutual;
        SSLContext context =
                TestTls.context(new KeyManager[] {new CountingKeys(identity)}, TestTls.AUTHORITY.certificate());
        this.server = sockets.tls(context, this::serve);
    }

    private void serve(SSLSocket connection) throws Exception {
        connection.setNeedClientAuth(mutual);
        int before = keyUses.get();
        connection.startHandshake();
        seen.add(new Seen(keyUses.get() == before, client(connection)));
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

    private final class CountingKeys extends X509ExtendedKeyManager {

        private static final String ALIAS = "server";

        private final IssuedCertificate identity;

        CountingKeys(IssuedCertificate identity) {
            this.identity = identity;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.equals(identity.privateKey().getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            keyUses.incrementAndGet();
            return identity.privateKey();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
