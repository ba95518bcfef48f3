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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.identity.SharedTrust;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.common.transport.connect.ResumptionProbe.Seen;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the connections of a {@link TlsContextFactory} resume a TLS session. No check is weaker then. */
class TlsResumptionTest {

    private static final String TLS_1_2 = "TLSv1.2";

    @RegisterExtension
    final TestConnections connections = new TestConnections();

    @TempDir
    private Path folder;

    private final CamelContext camel = new DefaultCamelContext();
    private final SharedTrust trust = new SharedTrust();

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_2, "TLSv1.3"})
    void resumesTheSessionWithoutAClientCertificate(String version) throws Exception {
        ResumptionProbe server = new ResumptionProbe(connections, TestTls.AUTHORITY.issueServer(TestTls.HOST), false);
        TlsContextFactory factory = factory(trusting(TestTls.AUTHORITY));

        connect(factory, server, version);
        connect(factory, server, version);
        connect(factory, server, version);

        assertThat(server.seen()).extracting(Seen::resumed).containsExactly(false, true, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_2, "TLSv1.3"})
    void resumesNothingWithAClientCertificate(String version) throws Exception {
        ResumptionProbe server = new ResumptionProbe(connections, TestTls.AUTHORITY.issueServer(TestTls.HOST), true);
        TlsContextFactory one = factory(device("sensor-1"));
        TlsContextFactory other = factory(device("sensor-2"));

        connect(one, server, version);
        connect(other, server, version);
        connect(one, server, version);

        assertThat(server.seen())
                .containsExactly(
                        new Seen(false, "CN=sensor-1"), new Seen(false, "CN=sensor-2"), new Seen(false, "CN=sensor-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_2, "TLSv1.3"})
    void refusesAnotherServerThatCannotResumeTheSession(String version) throws Exception {
        ResumptionProbe server = new ResumptionProbe(connections, TestTls.AUTHORITY.issueServer(TestTls.HOST), false);
        ResumptionProbe misnamed =
                new ResumptionProbe(connections, TestTls.AUTHORITY.issueServer("elsewhere.test"), false);
        ResumptionProbe stranger = new ResumptionProbe(connections, TestTls.STRANGER.issueServer(TestTls.HOST), false);
        TlsContextFactory factory = factory(trusting(TestTls.AUTHORITY));
        connect(factory, server, version);

        assertThat(failure(factory, misnamed, version)).hasMessageContaining("not made out for");
        assertThat(failure(factory, stranger, version)).hasMessageContaining("caFile");
    }

    @Test
    void usesAReplacedCaFileAtTheNextAttempt() throws Exception {
        ResumptionProbe server = new ResumptionProbe(connections, TestTls.AUTHORITY.issueServer(TestTls.HOST), false);
        TlsContextFactory factory = factory(trusting(TestTls.AUTHORITY));
        connect(factory, server, TLS_1_2);

        trusting(TestTls.STRANGER);
        assertThat(failure(factory, server, TLS_1_2)).hasMessageContaining("caFile");

        trusting(TestTls.AUTHORITY);
        connect(factory, server, TLS_1_2);
        assertThat(server.seen()).hasSize(2).extracting(Seen::resumed).containsOnly(false);
    }

    @Test
    void sharesNoSessionBetweenEndpoints() throws Exception {
        ResumptionProbe server = new ResumptionProbe(connections, TestTls.AUTHORITY.issueServer(TestTls.HOST), false);
        TlsConfiguration options = trusting(TestTls.AUTHORITY);

        connect(factory(options), server, TLS_1_2);
        connect(factory(options), server, TLS_1_2);

        assertThat(server.seen()).extracting(Seen::resumed).containsExactly(false, false);
    }

    private TlsContextFactory factory(TlsConfiguration options) {
        return new TlsContextFactory(camel, options, trust);
    }

    private TlsConfiguration trusting(TestCertificateAuthority authority) throws IOException {
        TlsConfiguration options = new TlsConfiguration();
        options.setCaFile(write("ca.pem", authority.certificatePem()));
        return options;
    }

    private TlsConfiguration device(String name) throws IOException {
        IssuedCertificate device = TestTls.AUTHORITY.issueDevice(name);
        TlsConfiguration options = trusting(TestTls.AUTHORITY);
        options.setCertificateFile(write(name + ".pem", device.chainPem()));
        options.setPrivateKeyFile(write(name + ".key", device.privateKeyPem(KeyFormat.PKCS8)));
        return options;
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private void connect(TlsContextFactory factory, ResumptionProbe server, String version) throws IOException {
        try (TestConnection client = connections.connect(target(factory, server, version))) {
            TestConnections.assertEchoes(client);
        }
    }

    private TlsConnectException failure(TlsContextFactory factory, ResumptionProbe server, String version) {
        return connections.failure(target(factory, server, version));
    }

    private static TlsTarget target(TlsContextFactory factory, ResumptionProbe server, String version) {
        return TestTls.target(server.port(), factory.create(), List.of(version), null);
    }
}
