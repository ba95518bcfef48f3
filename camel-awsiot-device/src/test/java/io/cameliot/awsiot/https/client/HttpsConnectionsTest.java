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
package io.cameliot.awsiot.https.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.identity.SharedTrust;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class HttpsConnectionsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();
    private volatile Runnable whenFreed = () -> {};
    private final CamelContext camel = Contexts.withoutJmx();
    private final MqttThreads threads = MqttThreads.create(camel, this, "HttpsConnectionsTest");
    private FaultProxy line;
    private HttpsConnections connections;

    @BeforeEach
    void open() {
        line = FaultProxy.to("127.0.0.1", AWS.emulator().port(GatewayPort.HTTPS_8443))
                .start();
        TlsConfiguration tls = new TlsConfiguration();
        IssuedCertificate.CertificateFiles device =
                AWS.emulator().issueDevice("idle").writeTo(folder, "device");
        tls.setCertificateFile(device.certificate().toString());
        tls.setPrivateKeyFile(device.privateKey().toString());
        tls.setCaFile(AWS.emulator()
                .serverAuthority()
                .writeCertificate(folder.resolve("ca.pem"))
                .toString());
        TlsOffer offer = TlsOffer.of(new TlsContextFactory(camel, tls, new SharedTrust()).create());
        ServerAddress address =
                new ServerAddress(AWS.emulator().endpoint(), 8443, HostAndPort.parse(line.address()), null);
        TlsTarget target = new TlsTarget(address, offer, null, TIMEOUT, (fault, failed) -> "");
        connections = new HttpsConnections(() -> target, threads, 1, TIMEOUT, this::nanoTime);
    }

    @AfterEach
    void close() throws Exception {
        connections.close();
        threads.shutdown();
        line.close();
        camel.close();
    }

    @Test
    void usesNoConnectionThatWasIdleForMoreThanHalfAMinute() throws Exception {
        send();
        pass(LONGEST_IDLE);
        send();
        pass(LONGEST_IDLE);
        send();
        assertThat(line.accepted()).isEqualTo(1);

        pass(LONGEST_IDLE.plusNanos(1));
        send();

        assertThat(line.accepted()).isEqualTo(2);
        await("the end of the first connection").until(() -> line.connections().size() == 1);
    }

    /** As by the time limit of the call, between the end of the answer and its delivery. */
    @Test
    void keepsAConnectionWhoseRequestFailsWhenTheAnswerHasFreedIt() throws Exception {
        HttpsRequest first = request();
        whenFreed = () -> first.answer().cancel(false);
        connections.send(first);
        await("the end of the request").until(first.answer()::isCancelled);
        whenFreed = () -> {};

        send();

        assertThat(line.accepted()).isEqualTo(1);
    }

    /** On an event loop the pool asks for the time when a connection becomes idle. */
    private long nanoTime() {
        if (MqttThreads.isEventLoop()) {
            whenFreed.run();
        }
        return now.get();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void send() throws Exception {
        HttpsRequest request = request();
        connections.send(request);
        request.answer().get(10, TimeUnit.SECONDS);
    }

    private static HttpsRequest request() {
        DefaultFullHttpRequest message =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/topics/t?qos=1");
        message.headers().set(HttpHeaderNames.HOST, AWS.emulator().endpoint());
        message.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return new HttpsRequest(message);
    }
}
