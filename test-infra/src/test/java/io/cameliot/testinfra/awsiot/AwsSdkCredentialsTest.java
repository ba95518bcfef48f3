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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.credentials.RoleAlias;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.proxy.ForwardProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.crt.auth.credentials.Credentials;
import software.amazon.awssdk.crt.auth.credentials.X509CredentialsProvider;
import software.amazon.awssdk.crt.auth.credentials.X509CredentialsProvider.X509CredentialsProviderBuilder;
import software.amazon.awssdk.crt.http.HttpProxyOptions;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;

/**
 * The X.509 credentials provider of AWS's CRT gets credentials from the emulator. It dials port 443 of the endpoint and
 * nothing else, so a proxy leads it here.
 */
class AwsSdkCredentialsTest {
    private static final int HTTPS_PORT = 443;
    /** The provider allows two seconds for a connection, which a busy machine can exceed. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private static IssuedCertificate identity;
    private static ForwardProxy proxy;

    private final AwsIotEmulator aws = AWS.emulator();

    @BeforeAll
    static void prepare() {
        AwsIotEmulator emulator = AWS.emulator();
        identity = emulator.deviceAuthority()
                .certificate("sdk-thing")
                .keyType(KeyType.RSA)
                .issue();
        proxy = ForwardProxy.http()
                .route(emulator.credentialsEndpoint(), HTTPS_PORT, emulator.port(GatewayPort.MULTIPLEXED_443))
                .start();
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @Test
    void getsCredentials() throws Exception {
        aws.roleAliases().create(RoleAlias.named("sdk"));

        Credentials credentials =
                await().atMost(PATIENCE).ignoreExceptions().until(() -> credentials("sdk", "sdk-thing"), given -> true);

        IamCredentials issued =
                aws.roleAliases().issued().get(aws.roleAliases().issued().size() - 1);
        assertThat(text(credentials.getAccessKeyId())).isEqualTo(issued.accessKeyId());
        assertThat(text(credentials.getSecretAccessKey())).isEqualTo(issued.secretAccessKey());
        assertThat(text(credentials.getSessionToken()))
                .isEqualTo(issued.sessionToken().orElseThrow());
    }

    @Test
    void getsNoneForAnotherThing() {
        aws.roleAliases().create(RoleAlias.named("sdk"));

        assertRefused("sdk", "other-thing", 403);
    }

    @Test
    void getsNoneForAnUnknownRoleAlias() {
        assertRefused("unknown", "sdk-thing", 404);
    }

    private void assertRefused(String roleAlias, String thingName, int status) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThatThrownBy(() -> credentials(roleAlias, thingName)).isInstanceOf(ExecutionException.class);
            assertThat(aws.receivedRequests())
                    .last()
                    .extracting(ReceivedRequest::status)
                    .isEqualTo(status);
        });
    }

    private Credentials credentials(String roleAlias, String thingName) throws Exception {
        try (ClientBootstrap bootstrap = new ClientBootstrap(null, null);
                TlsContextOptions options = TlsContextOptions.createWithMtls(
                                identity.chainPem(), identity.privateKeyPem(KeyFormat.PKCS1))
                        .withCertificateAuthority(aws.serverAuthority().certificatePem());
                TlsContext tls = new TlsContext(options)) {
            HttpProxyOptions proxyOptions = new HttpProxyOptions();
            proxyOptions.setHost("127.0.0.1");
            proxyOptions.setPort(proxy.port());
            try (X509CredentialsProvider provider = new X509CredentialsProviderBuilder()
                    .withClientBootstrap(bootstrap)
                    .withTlsContext(tls)
                    .withEndpoint(aws.credentialsEndpoint())
                    .withRoleAlias(roleAlias)
                    .withThingName(thingName)
                    .withProxyOptions(proxyOptions)
                    .build()) {
                return AwsSdkDevice.await(provider.getCredentials());
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
