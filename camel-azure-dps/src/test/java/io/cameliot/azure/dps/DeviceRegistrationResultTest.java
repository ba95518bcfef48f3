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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.azure.dps.attestation.SasToken;
import io.cameliot.azure.dps.attestation.SymmetricKey;
import io.cameliot.azure.dps.wire.DpsJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConverter;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceRegistrationResultTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String JSON = "{\"x509\":{\"enrollmentGroupId\":\"group\"},\"registrationId\":\"dev\","
            + "\"createdDateTimeUtc\":\"2020-04-10T03:11:13.0276997Z\",\"assignedHub\":\"contoso.azure-devices.net\","
            + "\"deviceId\":\"my-device-id1\",\"status\":\"assigned\",\"substatus\":\"initialAssignment\","
            + "\"lastUpdatedDateTimeUtc\":\"2020-04-10T03:11:13.2096201Z\",\"etag\":\"IjYx\","
            + "\"payload\":{\"a\":[1,2.50,null]},\"future\":{\"b\":true},"
            + "\"issuedCertificateChain\":[\"LEAF\",\"ROOT\"],\"connectionProfile\":\"mqttV5\"}";

    private final DeviceRegistrationResult result = result(JSON, Optional.of(SymmetricKey.parse("key", KEY)));

    @Test
    void givesEveryFieldOfTheService() {
        assertThat(result.getRegistrationId()).isEqualTo("dev");
        assertThat(result.getDeviceId()).isEqualTo("my-device-id1");
        assertThat(result.getAssignedHub()).isEqualTo("contoso.azure-devices.net");
        assertThat(result.getStatus()).isEqualTo("assigned");
        assertThat(result.getSubstatus()).isEqualTo("initialAssignment");
        assertThat(result.getCreatedDateTimeUtc()).isEqualTo(Instant.parse("2020-04-10T03:11:13.0276997Z"));
        assertThat(result.getLastUpdatedDateTimeUtc()).isEqualTo(Instant.parse("2020-04-10T03:11:13.2096201Z"));
        assertThat(result.getEtag()).isEqualTo("IjYx");
        assertThat(result.getX509()).isEqualTo(Map.of("enrollmentGroupId", "group"));
        assertThat(result.getSymmetricKey()).isNull();
        assertThat(result.getIssuedCertificateChain()).isEqualTo(List.of("LEAF", "ROOT"));
        assertThat(result.getConnectionProfile()).isEqualTo("mqttV5");
        assertThat(result.getOperationId()).isEqualTo("4.op");
        assertThat(result.getPayload()).isInstanceOfSatisfying(Map.class, payload -> assertThat(payload)
                .containsOnlyKeys("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"payload\":null,\"x509\":null,\"connectionProfile\":null}"})
    void isNullWhereTheServiceSaysNothing(String json) {
        DeviceRegistrationResult empty = result(json, Optional.empty());

        assertThat(empty.getDeviceId()).isNull();
        assertThat(empty.getCreatedDateTimeUtc()).isNull();
        assertThat(empty.getPayload()).isNull();
        assertThat(empty.getX509()).isNull();
        assertThat(empty.getConnectionProfile()).isEqualTo("classic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"b\":{}}", "[1,\"a\"]", "\"text\"", "1", "true", "null"})
    void givesAnyPayload(String payload) throws Exception {
        DeviceRegistrationResult any = result("{\"payload\":" + payload + "}", Optional.empty());

        assertThat(any.getPayload()).isEqualTo(new ObjectMapper().readValue(payload, Object.class));
    }

    @Test
    void convertsToJsonWithUnknownFieldsAndWithoutTheKey() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            TypeConverter converter = context.getTypeConverter();

            assertThat(converter.mandatoryConvertTo(String.class, result)).isEqualTo(JSON);
            assertThat(converter.mandatoryConvertTo(byte[].class, result))
                    .isEqualTo(JSON.getBytes(StandardCharsets.UTF_8));
            assertThat(converter.mandatoryConvertTo(InputStream.class, result)).hasContent(JSON);
            assertThat(converter.mandatoryConvertTo(Map.class, result)).containsEntry("future", Map.of("b", true));
        }
    }

    @Test
    void isWrittenByJacksonAsWhatTheServiceSent() throws Exception {
        ObjectMapper mapper = new ObjectMapper();

        assertThat(mapper.readTree(mapper.writeValueAsString(result))).isEqualTo(mapper.readTree(JSON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"mqttV5\"", "\"mqttV9-quantum\"", "5", "{\"name\":\"classic\"}"})
    void givesNoUserNameForAHubOfAnotherConnectionProfile(String profile) {
        DeviceRegistrationResult other = result(
                "{\"assignedHub\":\"contoso.azure-devices.net\",\"connectionProfile\":" + profile + "}",
                Optional.empty());

        assertThatThrownBy(other::getHubUserName)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("contoso.azure-devices.net", profile.replaceAll("^\"|\"$", ""), "classic");
    }

    @Test
    void givesWhatAHubConnectionNeeds() {
        Instant before = Instant.now();
        DeviceRegistrationResult classic =
                result(JSON.replace("mqttV5", "classic"), Optional.of(SymmetricKey.parse("key", KEY)));

        SasToken token = SasToken.parse("password", classic.createHubSasToken());

        assertThat(classic.getHubUserName())
                .isEqualTo("contoso.azure-devices.net/my-device-id1/?api-version=2021-04-12");
        assertThat(token.resource()).isEqualTo("contoso.azure-devices.net/devices/my-device-id1");
        assertThat(token.expiry())
                .isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));
        assertThat(token.text())
                .isEqualTo(SasToken.forHub(
                                result.getAssignedHub(),
                                result.getDeviceId(),
                                SymmetricKey.parse("key", KEY),
                                token.expiry())
                        .text());
    }

    @Test
    void canBeReadBySimpleExpressions() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(result);
            Language simple = context.resolveLanguage("simple");

            assertThat(simple.createExpression("${body.deviceId}").evaluate(exchange, String.class))
                    .isEqualTo("my-device-id1");
            assertThat(simple.createExpression("${body.payload[a][0]}").evaluate(exchange, String.class))
                    .isEqualTo("1");
            assertThat(simple.createExpression("${body.createHubSasToken}").evaluate(exchange, String.class))
                    .startsWith("SharedAccessSignature sr=contoso");
        }
    }

    @Test
    void saysWhyThereIsNoTokenWithoutAKey() {
        assertThatIllegalStateException()
                .isThrownBy(() -> result(JSON, Optional.empty()).createHubSasToken())
                .withMessageContaining("my-device-id1")
                .withMessageContaining("x509");
    }

    @Test
    void showsNeitherKeyNorToken() {
        assertThat(result.toString()).contains("dev", "contoso").doesNotContain(KEY, "Signature");
    }

    private static DeviceRegistrationResult result(String json, Optional<SymmetricKey> key) {
        try {
            return new DeviceRegistrationResult(
                    "dev", (ObjectNode) DpsJson.read(json), "4.op", key, Duration.ofHours(1));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
