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
package io.cameliot.awsiot.fault;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** A device whose identity becomes unusable while it is connected, or is used by someone else, recovers when that is over. */
class IdentityFaultTest extends FaultTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void recoversWithANewCertificateAfterTheOldOneHasExpired(@TempDir Path folder) throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            scene.install(aws.issueDevice(scene.clientId));
            scene.start(scene.uri(scene.certificate(), ""));

            // Not by waiting for the end of one that was valid: a busy machine may take longer to connect than it is.
            scene.install(aws.deviceAuthority()
                    .certificate(scene.clientId)
                    .validUntil(Instant.now().minusSeconds(1))
                    .issue());
            aws.disconnect(scene.clientId);
            scene.awaitError("expired");
            scene.install(aws.issueDevice(scene.clientId));

            scene.awaitHearing();
            scene.assertNothingIsLost();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void recoversWhenItsCertificateFileIsWholeAgain(@TempDir Path folder) throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            scene.install(aws.issueDevice(scene.clientId));
            scene.start(scene.uri(scene.certificate(), ""));

            Files.writeString(folder.resolve("device.cert.pem"), "-----BEGIN CERTIFICATE-----");
            aws.disconnect(scene.clientId);
            scene.awaitError("certificateFile");
            scene.install(aws.issueDevice(scene.clientId));

            scene.awaitHearing();
            scene.assertNothingIsLost();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void recoversWithFreshCredentialsAfterTheOldOnesHaveExpired(@TempDir Path folder) throws Exception {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        IamCredentials old = IamCredentials.temporary("ASIAOLD", "old secret", "old token", tomorrow);
        IamCredentials fresh = IamCredentials.temporary("ASIAFRESH", "fresh secret", "fresh token", tomorrow);
        aws.register(old);
        aws.register(fresh);
        AtomicReference<IamCredentials> present = new AtomicReference<>(old);
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MULTIPLEXED_443, folder)) {
            scene.camel.getRegistry().bind("present", (AwsCredentialsProvider) () -> credentials(present.get()));
            scene.start(scene.uri("protocol=wss&authentication=sigv4&credentialsProvider=#present", ""));

            // A day later AWS closes the connection.
            aws.register(IamCredentials.temporary("ASIAOLD", "old secret", "old token", Instant.now()));
            aws.disconnect(scene.clientId);
            scene.awaitError("403");
            present.set(fresh);

            scene.awaitHearing();
            scene.assertNothingIsLost();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void recoversWhenItsCredentialsProviderHasFailed(@TempDir Path folder) throws Exception {
        IamCredentials credentials = IamCredentials.temporary(
                "ASIAFLAKY", "secret", "token", Instant.now().plus(Duration.ofDays(1)));
        aws.register(credentials);
        AtomicBoolean failing = new AtomicBoolean();
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MULTIPLEXED_443, folder)) {
            scene.camel.getRegistry().bind("flaky", (AwsCredentialsProvider) () -> {
                if (failing.get()) {
                    // As STS's exceptions are: none of the client's.
                    throw new UnsupportedOperationException("the role is not to be had");
                }
                return credentials(credentials);
            });
            scene.start(scene.uri("protocol=wss&authentication=sigv4&credentialsProvider=#flaky", ""));

            failing.set(true);
            aws.disconnect(scene.clientId);
            scene.awaitError("credentialsProvider: the role is not to be had");
            failing.set(false);

            scene.awaitHearing();
            scene.assertNothingIsLost();
        }
    }

    private static AwsSessionCredentials credentials(IamCredentials from) {
        return AwsSessionCredentials.create(
                from.accessKeyId(), from.secretAccessKey(), from.sessionToken().orElseThrow());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void losesNothingToAnotherClientOfItsId(@TempDir Path folder) throws Exception {
        try (FaultScene scene = new FaultScene(aws, GatewayPort.MQTT_8883, folder)) {
            scene.install(aws.issueDevice(scene.clientId));
            String uri = scene.uri(scene.certificate(), "");
            scene.start(uri);

            try (CamelContext other = Contexts.withoutJmx()) {
                other.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        // What it gets it does not acknowledge: the messages stay in the session. Its start does
                        // not fail where the first one takes the client id back at once.
                        from(uri + "&redeliveryDelay=1h&awaitConnection=never").process(exchange -> {
                            throw new IllegalStateException("not mine");
                        });
                    }
                });
                other.start();
                scene.awaitError("another client");
            }

            scene.awaitHearing();
            scene.assertNothingIsLost();
        }
    }
}
