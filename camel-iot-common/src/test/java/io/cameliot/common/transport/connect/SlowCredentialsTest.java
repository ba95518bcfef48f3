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

import static io.cameliot.common.transport.connect.TestTls.AUTHORITY;
import static io.cameliot.common.transport.connect.TestTls.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.TestConnections.Attempt;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Certificate checks and keys can be slow, such as keys in an HSM. The other connections of the event loop do not wait.
 * A key that fails is no refusal by the server.
 */
@ExtendWith(LeakCheck.class)
class SlowCredentialsTest {

    private static final char[] NO_PASSWORD = {};

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    /**
     * Checks the connections while a key is in use.
     *
     * @param recordSize bytes that the server puts into one record: its whole flight, or parts of single messages
     */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, 16384", "TLSv1.2, 512", "TLSv1.3, 16384", "TLSv1.3, 512"})
    void aSlowClientKeyDelaysNoOtherConnection(String version, int recordSize) throws Exception {
        ScriptedServer server = connections.track(ScriptedServer.tls(
                "127.0.0.1",
                TestTls.server(HOST),
                parameters -> {
                    parameters.setNeedClientAuth(true);
                    parameters.setMaximumPacketSize(recordSize);
                },
                ScriptedServer::echo));
        SSLContext slow = SSLContext.getInstance("TLS");
        slow.init(new KeyManager[] {new SlowKeys(AUTHORITY.issueDevice("slow"))}, trust(), null);

        assertHoldsUpNobody(server, slow, version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSlowCertificateCheckDelaysNoOtherConnection(String version) throws Exception {
        ScriptedServer server = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        SSLContext slow = SSLContext.getInstance("TLS");
        slow.init(null, new TrustManager[] {new SlowTrust()}, null);

        assertHoldsUpNobody(server, slow, version);
    }

    /** A key store cannot be interrupted: the connection ends, and only the worker keeps waiting. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void cancellingDuringASlowClientKeyDelaysNoOtherConnection(String version) throws Exception {
        ScriptedServer server = connections.track(ScriptedServer.tls(
                "127.0.0.1",
                TestTls.server(HOST),
                parameters -> parameters.setNeedClientAuth(true),
                ScriptedServer::echo));
        ScriptedServer other = connections.tls(TestTls.server(HOST), ScriptedServer::echo);
        SSLContext slow = SSLContext.getInstance("TLS");
        slow.init(new KeyManager[] {new SlowKeys(AUTHORITY.issueDevice("slow"))}, trust(), null);
        Attempt attempt = connections.start(TestTls.target(server.port(), slow, List.of(version), null));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        try {
            attempt.connected().cancel(false);

            await().until(() -> Descriptors.connectedTo(server.port()) == 0);
            TestConnections.assertEchoes(connections.connect(TestTls.target(other.port())));
        } finally {
            answer.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aKeyThatCannotSignIsNoRefusalByTheServer(String version) throws Exception {
        ScriptedServer server = connections.track(ScriptedServer.tls(
                "127.0.0.1",
                TestTls.server(HOST),
                parameters -> parameters.setNeedClientAuth(true),
                ScriptedServer::echo));
        SSLContext unable = SSLContext.getInstance("TLS");
        unable.init(new KeyManager[] {new UnableKeys(AUTHORITY.issueDevice("unable"))}, trust(), null);

        assertThat(connections.failureUntilTheFirstRead(TestTls.target(server.port(), unable, List.of(version), null)))
                .hasMessageContaining("the TLS handshake failed: ")
                .returns(Reason.CONNECTION_LOST, TlsConnectException::getReason);
    }

    private void assertHoldsUpNobody(ScriptedServer server, SSLContext slow, String version) throws Exception {
        ScriptedServer other = connections.tls(TestTls.server(HOST), ScriptedServer::echo);

        Attempt attempt = connections.start(TestTls.target(server.port(), slow, List.of(version), null));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        try {
            TestConnections.assertEchoes(connections.connect(TestTls.target(other.port())));
            assertThat(attempt.connected()).isNotDone();
        } finally {
            answer.countDown();
        }

        TestConnections.assertEchoes(attempt.await());
    }

    private void takeTime() {
        asked.countDown();
        try {
            answer.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrustManager[] trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", AUTHORITY.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Blocks when the key is requested for a signature. */
    private class SlowKeys extends X509ExtendedKeyManager {

        private final X509ExtendedKeyManager keys;

        SlowKeys(IssuedCertificate identity) throws Exception {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(identity.keyStore(NO_PASSWORD, "JKS"), NO_PASSWORD);
            keys = (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return keys.chooseEngineClientAlias(keyTypes, issuers, engine);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyTypes, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            takeTime();
            return keys.getPrivateKey(alias);
        }
    }

    /** Its keys are those of no provider, so that none signs with them. */
    private final class UnableKeys extends SlowKeys {

        UnableKeys(IssuedCertificate identity) throws Exception {
            super(identity);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return new PrivateKey() {
                @Override
                public String getAlgorithm() {
                    return "EC";
                }

                @Override
                public String getFormat() {
                    return null;
                }

                @Override
                public byte[] getEncoded() {
                    return null;
                }
            };
        }
    }

    private final class SlowTrust extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager authority;

        SlowTrust() throws Exception {
            authority = (X509ExtendedTrustManager) trust()[0];
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            takeTime();
            authority.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authority.getAcceptedIssuers();
        }
    }
}
