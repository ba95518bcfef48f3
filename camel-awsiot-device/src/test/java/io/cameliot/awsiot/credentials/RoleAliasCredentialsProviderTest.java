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
package io.cameliot.awsiot.credentials;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okXml;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.credentials.RoleAlias;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** The provider as a user's bean. */
@Timeout(60)
class RoleAliasCredentialsProviderTest {

    private static final String ALIAS = "telemetry";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    static final WireMockExtension STS =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    private Path folder;

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();
    private final SettableClock clock = new SettableClock();
    private final RoleAliasCredentialsProvider provider = new RoleAliasCredentialsProvider(clock);
    private int issuedBefore;

    @BeforeEach
    void configure() {
        CertificateFiles files = aws.issueDevice("sensor").writeTo(folder, "sensor");
        aws.roleAliases().create(RoleAlias.named(ALIAS));
        issuedBefore = aws.roleAliases().issued().size();
        provider.setCredentialsEndpoint(aws.credentialsEndpoint());
        provider.setRoleAlias(ALIAS);
        provider.setCertificateFile(files.certificate().toString());
        provider.setPrivateKeyFile(files.privateKey().toString());
        provider.setCaFile(
                aws.serverAuthority().writeCertificate(folder.resolve("ca.pem")).toString());
        provider.setConnectTo(aws.address(GatewayPort.MULTIPLEXED_443));
        camel.getRegistry().bind("role", provider);
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        aws.faults().clear();
    }

    @Test
    void signsTheRequestsOfAnAwsSdkClient() {
        camel.start();
        STS.stubFor(post(urlEqualTo("/"))
                .willReturn(okXml("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                        + "<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>"
                        + "</GetCallerIdentityResponse>")));

        Locale before = Locale.getDefault();
        // The SDK writes the port of its endpoint in the digits of the locale.
        Locale.setDefault(Locale.ROOT);
        try (StsClient sts = StsClient.builder()
                .region(Region.EU_WEST_1)
                .endpointOverride(URI.create(STS.baseUrl()))
                .httpClient(new JdkHttpClient())
                .credentialsProvider(provider)
                .build()) {
            assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
            assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
        } finally {
            Locale.setDefault(before);
        }

        assertThat(issued()).hasSize(1);
        List<LoggedRequest> requests = STS.findAll(anyRequestedFor(anyUrl()));
        assertThat(requests).hasSize(2).allSatisfy(request -> {
            assertThat(request.getHeader("Authorization"))
                    .contains("Credential=" + issued().get(0).accessKeyId() + "/");
            assertThat(request.getHeader("X-Amz-Security-Token"))
                    .isEqualTo(issued().get(0).sessionToken().orElseThrow());
        });
    }

    @Test
    void refreshesFiveMinutesBeforeTheEnd() {
        camel.start();
        AwsCredentials first = provider.resolveCredentials();

        clock.advance(Duration.ofMinutes(54));
        assertThat(provider.resolveCredentials()).isEqualTo(first);

        clock.advance(Duration.ofMinutes(2));
        aws.advanceClock(Duration.ofMinutes(55));
        assertThat(provider.resolveCredentials()).isEqualTo(first);
        await().until(() -> !provider.resolveCredentials().equals(first));
        assertThat(issued()).hasSize(2);
        assertThat(((AwsSessionCredentials) first).expirationTime()).isPresent();
    }

    /** Its milliseconds do not fit into a {@code long}. */
    @Test
    void takesTheLongestTimeLimit() {
        provider.setConnectionTimeout(ChronoUnit.FOREVER.getDuration());
        camel.start();

        assertThat(provider.resolveCredentials()).isNotNull();
    }

    @Test
    void sendsOneRequestForManyCallersAndLetsAsynchronousOnesNotWait() {
        camel.start();

        List<CompletableFuture<AwsCredentialsIdentity>> callers = Stream.generate(() -> provider.resolveIdentity(
                        ResolveIdentityRequest.builder().build()))
                .limit(50)
                .map(future -> future.thenApply(AwsCredentialsIdentity.class::cast))
                .toList();

        assertThat(callers)
                .extracting(CompletableFuture::join)
                .allMatch(callers.get(0).join()::equals);
        assertThat(issued()).hasSize(1);
    }

    @Test
    void remembersARefusal() {
        camel.start();
        aws.faults().inject(new Fault.AnswerCredentials(403, "{\"message\":\"Access Denied\"}"));

        assertThatThrownBy(provider::resolveCredentials)
                .isInstanceOf(RoleAliasException.class)
                .hasMessageContaining("iot:AssumeRoleWithCertificate");
        assertThatThrownBy(provider::resolveCredentials).hasMessageContaining("HTTP 403");
        clock.advance(Duration.ofSeconds(120));
        assertThat(provider.resolveCredentials()).isNotNull();
    }

    @Test
    void isABeanOfYaml() throws Exception {
        String yaml =
                """
                - beans:
                    - name: device-role
                      type: "#class:io.cameliot.awsiot.credentials.RoleAliasCredentialsProvider"
                      initMethod: checkOptions
                      properties:
                        credentialsEndpoint: %s
                        roleAlias: telemetry
                        thingName: sensor
                        certificateFile: %s
                        privateKeyFile: %s
                        caFile: %s
                        connectTo: %s
                        connectionTimeout: 10s
                """
                        .formatted(
                                provider.getCredentialsEndpoint(),
                                provider.getCertificateFile(),
                                provider.getPrivateKeyFile(),
                                provider.getCaFile(),
                                provider.getConnectTo());
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("beans.yaml", yaml));
        camel.start();

        RoleAliasCredentialsProvider bean =
                camel.getRegistry().lookupByNameAndType("device-role", RoleAliasCredentialsProvider.class);
        assertThat(bean.getConnectionTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(((AwsCredentialsProvider) bean).resolveCredentials()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "roleAlias | null | Option roleAlias is missing",
                "roleAlias | a/b | Option roleAlias 'a/b' is not the name of a role alias",
                "credentialsEndpoint | null | Option credentialsEndpoint is missing",
                "credentialsEndpoint | a b | Option credentialsEndpoint 'a b' is not a host name",
                "thingName | a/b | Option thingName 'a/b' is not the name of a thing",
                "certificateFile | null | Option certificateFile is missing",
            })
    void namesAnOptionThatCannotBe(String option, String value, String message) {
        switch (option) {
            case "roleAlias" -> provider.setRoleAlias(value);
            case "credentialsEndpoint" -> provider.setCredentialsEndpoint(value);
            case "thingName" -> provider.setThingName(value);
            default -> provider.setCertificateFile(value);
        }

        assertThatThrownBy(provider::checkOptions)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void asksForACamelContextThatIsStarted() {
        assertThatThrownBy(() -> new RoleAliasCredentialsProvider().resolveCredentials())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no Camel context");
        assertThatThrownBy(provider::resolveCredentials)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not started");
        camel.start();
        camel.stop();
        assertThatThrownBy(provider::resolveCredentials)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not started");
    }

    private List<IamCredentials> issued() {
        List<IamCredentials> all = aws.roleAliases().issued();
        return all.subList(issuedBefore, all.size());
    }
}
