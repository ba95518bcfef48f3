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
package io.cameliot.azure.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options are checked when the endpoint is made; each message names the option and what is allowed, and no secret. */
class EndpointOptionsTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String AUTHENTICATED = "sharedAccessKey=RAW(" + KEY + ")";

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    @Test
    void readsIdScopeAndRegistrationIdFromThePath() {
        DpsEndpoint endpoint = endpoint("azure-dps:0ne00000001/sn-007:a.b_C-1?" + AUTHENTICATED);

        assertThat(endpoint.getIdScope()).isEqualTo("0ne00000001");
        assertThat(endpoint.getRegistrationId()).isEqualTo("sn-007:a.b_C-1");
        assertThat(endpoint.getServiceUrl()).isEqualTo("global.azure-devices-provisioning.net:8883");
        assertThat(endpoint.getServiceProtocol()).isEqualTo("mqtts");
        assertThat(endpoint.getServiceMetadata()).containsOnlyKeys("idScope");
        assertThat(endpoint.isRemote()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"azure-dps:0ne00000001", "azure-dps:0ne00000001/", "azure-dps://0ne00000001"})
    void leavesTheRegistrationIdToTheHeader(String path) {
        assertThat(endpoint(path + "?" + AUTHENTICATED).getRegistrationId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0ne 1", "0ne#1", "0ne_1", "{scope}", "a%26b"})
    void refusesABadIdScope(String idScope) {
        assertRefused("azure-dps:" + idScope + "/dev?" + AUTHENTICATED, "Option idScope=", "letters and digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev 1", "dev/1", "dev.", "dev:", "dev_", "d\u00e9v", "a+b"})
    void refusesABadRegistrationId(String registrationId) {
        assertRefused(
                "azure-dps:0ne00000001/" + registrationId + "?" + AUTHENTICATED,
                "Option registrationId=",
                "1 to 128 letters, digits");
    }

    @Test
    void refusesARegistrationIdThatIsTooLong() {
        endpoint("azure-dps:0ne00000001/" + "d".repeat(128) + "?" + AUTHENTICATED);

        assertRefused("azure-dps:0ne00000001/" + "d".repeat(129) + "?" + AUTHENTICATED, "Option registrationId=");
    }

    @ParameterizedTest
    @CsvSource({
        "serviceHost, https://x, a host name",
        "serviceHost, x:8883, a host name",
        "serviceHost, tcp://x:1883, a host name",
        "apiVersion, latest, 2019-03-31",
        "webSocketPath, mqtt, begins with /",
        "connectTo, somewhere, host:port",
        "registrationTimeout, 0, at least 1",
        "requestTimeout, 0, at least 1",
        "defaultPollInterval, 0, at least 1",
        "sasTokenTimeToLive, 0, at least 1000",
        "maxRetries, -1, at least 0",
        "retryMinDelay, 0, at least 1",
        "retryMaxDelay, 999, at least 1000",
        "maxConcurrentRegistrations, 0, at least 1",
        "registrationsPerMinute, -1, at least 0",
        "reprovisionInterval, -1, at least 0",
        "assignmentStore, somewhere, file: and the path of a directory",
        "assignmentStore, classpath:here, file: and the path of a directory",
        "assignmentStore, file:, file: and the path of a directory",
    })
    void refusesABadValue(String option, String value, String allowed) {
        assertRefused(
                "azure-dps:0ne00000001/dev?" + AUTHENTICATED + "&" + option + "=" + value, "ption " + option, allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transport=mqtts | Option transport=mqtts is not one of [mqtt, websocket]",
                "transport=tcp | Option transport=tcp is not one of [mqtt, websocket]",
                "TRANSPORT=amqp | is not one of [mqtt, websocket]",
                "authentication=password | is not one of [symmetricKey, groupKey, sasToken, x509, tpm]",
                "exchangePattern=OutIn | Option exchangePattern=OutIn is not one of [InOnly, InOut]",
            })
    void namesTheValuesThatAnOptionCanHave(String option, String allowed) {
        assertRefused("azure-dps:0ne00000001/dev?" + AUTHENTICATED + "&" + option, allowed);
    }

    @ParameterizedTest
    @CsvSource({"transport=mqtts", "transport=tcp", "authentication=password", "maxRetries=many"})
    void refusesAValueOfNoMeaning(String option) {
        assertRefused("azure-dps:0ne00000001/dev?" + AUTHENTICATED + "&" + option, option);
    }

    @Test
    void refusesTpmAndSaysWhatToUse() {
        assertRefused(
                "azure-dps:0ne00000001/dev?authentication=tpm",
                "authentication=tpm",
                "HTTPS and AMQP only",
                "symmetricKey",
                "PKCS#11");
    }

    @ParameterizedTest
    @CsvSource({
        "symmetricKey, sharedAccessKey",
        "groupKey, groupSharedAccessKey",
        "sasToken, sasToken",
        "x509, certificateFile",
    })
    void refusesAMissingCredential(String authentication, String option) {
        assertRefused("azure-dps:0ne00000001/dev?authentication=" + authentication, option, "is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "symmetricKey, secondarySharedAccessKey",
        "groupKey, secondaryGroupSharedAccessKey",
    })
    void refusesASecondaryKeyAlone(String authentication, String option) {
        assertRefused(
                "azure-dps:0ne00000001/dev?authentication=" + authentication + "&" + option + "=RAW(" + KEY + ")",
                "is missing");
    }

    static Stream<List<String>> optionsOfAnotherAuthentication() {
        String key = "RAW(" + KEY + ")";
        return Stream.of(
                List.of("symmetricKey", "sharedAccessKey=" + key, "groupSharedAccessKey=" + key),
                List.of(
                        "symmetricKey",
                        "sharedAccessKey=" + key,
                        "sasToken=RAW(SharedAccessSignature sr=a&sig=b&se=1)"),
                List.of("symmetricKey", "sharedAccessKey=" + key, "certificateFile=device.pem"),
                List.of("groupKey", "groupSharedAccessKey=" + key, "sharedAccessKey=" + key),
                List.of("groupKey", "groupSharedAccessKey=" + key, "keyStoreFile=device.p12"),
                List.of("x509", "certificateFile=device.pem&privateKeyFile=key.pem", "sharedAccessKey=" + key),
                List.of("sasToken", "sasToken=RAW(SharedAccessSignature sr=a&sig=b&se=1)", "sharedAccessKey=" + key));
    }

    @ParameterizedTest
    @MethodSource("optionsOfAnotherAuthentication")
    void refusesOptionsOfAnotherAuthentication(List<String> options) {
        String foreign = options.get(2).substring(0, options.get(2).indexOf('='));

        assertRefused(
                "azure-dps:0ne00000001/dev?authentication=" + options.get(0) + "&" + options.get(1) + "&"
                        + options.get(2),
                "With authentication=" + options.get(0) + " the option " + foreign + " is not allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "symmetricKey, sharedAccessKey, secret-that-is-not-base64",
        "groupKey, groupSharedAccessKey, YWJjx",
        "sasToken, sasToken, SharedAccessSignature secret",
    })
    void refusesAMalformedCredentialWithoutShowingIt(String authentication, String option, String value) {
        assertThatExceptionOfType(ResolveEndpointFailedException.class)
                .isThrownBy(() -> endpoint(
                        "azure-dps:0ne00000001/dev?authentication=" + authentication + "&" + option + "=" + value))
                .satisfies(e -> assertThat(e.getCause().getMessage())
                        .contains("Option " + option + " is not ")
                        .doesNotContain(value))
                .withMessageNotContaining(value);
    }

    @Test
    void refusesAMalformedSecondaryKey() {
        assertRefused(
                "azure-dps:0ne00000001/dev?" + AUTHENTICATED + "&secondarySharedAccessKey=YWJjx",
                "Option secondarySharedAccessKey is not base64");
    }

    @Test
    void refusesAConsumerWithoutRegistrationId() {
        DpsEndpoint endpoint = endpoint("azure-dps:0ne00000001?" + AUTHENTICATED);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> endpoint.createConsumer(exchange -> {}))
                .withMessageContaining("Option registrationId is missing");
    }

    @Test
    void hidesSecretsInTheEndpointsText() {
        String text = endpoint(
                        "azure-dps:0ne00000001/dev?" + AUTHENTICATED + "&secondarySharedAccessKey=RAW(" + KEY + ")")
                .toString();

        assertThat(text).contains("sharedAccessKey=xxxxxx").doesNotContain(KEY);
    }

    @Test
    void usesTheComponentsOptionsWhereTheEndpointSetsNone() {
        DpsComponent component = context.getComponent("azure-dps", DpsComponent.class);
        component.getConfiguration().setServiceHost("a.azure-devices-provisioning.net");
        component.getConfiguration().setSharedAccessKey(KEY);

        DpsEndpoint endpoint = endpoint("azure-dps:0ne00000001/dev?maxRetries=1");
        endpoint.getConfiguration().setServiceHost("b.azure-devices-provisioning.net");

        assertThat(endpoint.getConfiguration().getSharedAccessKey()).isEqualTo(KEY);
        assertThat(endpoint.getConfiguration().getMaxRetries()).isOne();
        assertThat(component.getConfiguration().getServiceHost()).isEqualTo("a.azure-devices-provisioning.net");
        assertThat(component.getConfiguration().getMaxRetries()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authentication=x509&certificateFile=/c.pem&privateKeyFile=/k.pem",
                "authentication=x509&keyStoreFile=/s.p12&keyStorePassword=x",
                AUTHENTICATED + "&caFile=/ca.pem",
            })
    void prefersTheEndpointsOwnOptionsToTheGlobalParameters(String own) {
        context.setSSLContextParameters(new SSLContextParameters());
        context.getComponent("azure-dps", DpsComponent.class).setUseGlobalSslContextParameters(true);

        assertThat(endpoint("azure-dps:0ne00000001/dev?" + own)
                        .getConfiguration()
                        .getSslContextParameters())
                .isNull();
    }

    @Test
    void prefersTheEndpointsOwnParametersToTheGlobalOnes() {
        SSLContextParameters own = new SSLContextParameters();
        context.getRegistry().bind("own", own);
        context.setSSLContextParameters(new SSLContextParameters());
        context.getComponent("azure-dps", DpsComponent.class).setUseGlobalSslContextParameters(true);

        assertThat(endpoint("azure-dps:0ne00000001/dev?sslContextParameters=#own&" + AUTHENTICATED)
                        .getConfiguration()
                        .getSslContextParameters())
                .isSameAs(own);
    }

    @Test
    void usesGlobalSslContextParametersOnlyWhereAskedAndWithoutOthers() {
        SSLContextParameters global = new SSLContextParameters();
        context.setSSLContextParameters(global);
        assertThat(endpoint("azure-dps:0ne00000001/one?" + AUTHENTICATED)
                        .getConfiguration()
                        .getSslContextParameters())
                .isNull();

        context.getComponent("azure-dps", DpsComponent.class).setUseGlobalSslContextParameters(true);

        assertThat(endpoint("azure-dps:0ne00000001/two?" + AUTHENTICATED)
                        .getConfiguration()
                        .getSslContextParameters())
                .isSameAs(global);
        assertThat(endpoint("azure-dps:0ne00000001/three?caFile=ca.pem&" + AUTHENTICATED)
                        .getConfiguration()
                        .getSslContextParameters())
                .isNull();
    }

    private DpsEndpoint endpoint(String uri) {
        return context.getEndpoint(uri, DpsEndpoint.class);
    }

    private void assertRefused(String uri, String... messageParts) {
        assertThatExceptionOfType(ResolveEndpointFailedException.class)
                .isThrownBy(() -> endpoint(uri))
                .satisfies(
                        e -> assertThat(e.getMessage()).contains(messageParts).doesNotContain(KEY));
    }
}
