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

import static io.cameliot.azure.dps.DpsRoutes.failure;
import static io.cameliot.azure.dps.DpsRoutes.groupKey;
import static io.cameliot.azure.dps.DpsRoutes.key;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.cameliot.azure.dps.attestation.SasToken;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.ProcessorDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes register devices with the emulator over TLS. */
class RegistrationTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final EnrollmentKey SECONDARY_KEY = EnrollmentKey.random();
    private static final EnrollmentKey GROUP_KEY = EnrollmentKey.random();
    private static final EnrollmentKey STRANGE_KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(
                    Enrollment.individual("dev-1")
                            .symmetricKey(KEY, SECONDARY_KEY)
                            .deviceId("boiler")
                            .build(),
                    Enrollment.group("boilers").symmetricKey(GROUP_KEY).build(),
                    Enrollment.individual("disabled")
                            .symmetricKey(KEY)
                            .disabled()
                            .build(),
                    Enrollment.individual("failing")
                            .symmetricKey(KEY)
                            .failing(400208, "No hub is linked.")
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    @Test
    void putsTheAssignmentIntoBodyAndHeadersAndKeepsTheOthers() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            Exchange exchange = routes.register(null, Map.of("mine", "kept"));

            DeviceRegistrationResult result = result(exchange);
            assertThat(result.getDeviceId()).isEqualTo("boiler");
            assertThat(result.getAssignedHub()).isEqualTo("contoso.azure-devices.net");
            assertThat(exchange.getMessage().getHeaders())
                    .containsEntry("mine", "kept")
                    .containsEntry(DpsConstants.REGISTRATION_ID, "dev-1")
                    .containsEntry(DpsConstants.DEVICE_ID, "boiler")
                    .containsEntry(DpsConstants.ASSIGNED_HUB, "contoso.azure-devices.net")
                    .containsEntry(DpsConstants.STATUS, "assigned")
                    .containsEntry(DpsConstants.SUBSTATUS, "initialAssignment")
                    .containsEntry(DpsConstants.OPERATION_ID, result.getOperationId());
            assertThat(exchange.getMessage().getBody(String.class)).contains("\"deviceId\":\"boiler\"");
        }
        assertThat(dps.assignedDevices()).hasSize(1);
    }

    @Test
    void derivesTheKeysOfAGroup() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(GROUP_KEY)));

            DeviceRegistrationResult result = result(routes.register("boiler-9"));

            assertThat(result.getDeviceId()).isEqualTo("boiler-9");
            assertThat(result.getSymmetricKey()).isEqualTo(Map.of("enrollmentGroupId", "boilers"));
        }
    }

    @Test
    void showsATokenSignedElsewhere() throws Exception {
        String token = token(KEY, "dev-1", Instant.now().plusSeconds(600));
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", "authentication=sasToken", "sasToken=RAW(" + token + ")"));

            assertThat(result(routes.register()).getDeviceId()).isEqualTo("boiler");
        }
    }

    @Test
    void refusesATokenThatExpiredOrIsForAnotherDeviceWithoutConnecting() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> {
                builder.from("direct:expired")
                        .to(routes.uri(
                                "dev-1",
                                "authentication=sasToken",
                                "sasToken=RAW("
                                        + token(KEY, "dev-1", Instant.now().minusSeconds(1)) + ")"));
                builder.from("direct:foreign")
                        .to(routes.uri(
                                "dev-2",
                                "authentication=sasToken",
                                "sasToken=RAW("
                                        + token(KEY, "dev-1", Instant.now().plusSeconds(60)) + ")"));
            });
            routes.start();

            assertThat(failure(routes.context().createProducerTemplate().request("direct:expired", e -> {})))
                    .hasMessageContaining("Option sasToken is a token that expired at");
            assertThat(failure(routes.context().createProducerTemplate().request("direct:foreign", e -> {})))
                    .hasMessageContaining("Option sasToken is a token for 0ne00000001/registrations/dev-1");
        }
        assertThat(dps.connections()).isEmpty();
    }

    private static String token(EnrollmentKey key, String registrationId, Instant expiry) {
        return SasToken.forRegistration(
                        "0ne00000001",
                        registrationId,
                        io.cameliot.azure.dps.attestation.SymmetricKey.parse("key", key.base64()),
                        expiry)
                .text();
    }

    @ParameterizedTest
    @CsvSource({
        "symmetricKey,dev-1,sharedAccessKey,secondarySharedAccessKey",
        "groupKey,boiler-1,groupSharedAccessKey,secondaryGroupSharedAccessKey"
    })
    void triesTheSecondaryKeyWhenThePrimaryIsRefused(
            String authentication, String registrationId, String primary, String secondary) throws Exception {
        EnrollmentKey right = authentication.equals("groupKey") ? GROUP_KEY : SECONDARY_KEY;
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(
                    registrationId,
                    "authentication=" + authentication,
                    primary + "=RAW(" + STRANGE_KEY.base64() + ")",
                    secondary + "=RAW(" + right.base64() + ")"));

            DeviceRegistrationResult result = result(routes.register());

            assertThat(result.getStatus()).isEqualTo("assigned");
            assertThat(result.createHubSasToken()).isNotEmpty();
        }
        assertThat(dps.requests())
                .extracting(request -> request.status().orElseThrow())
                .startsWith(401, 202);
        assertThat(dps.statistics().connects()).isEqualTo(2);
    }

    /** The allocation takes longer than a token of the connection lives. */
    @Test
    void connectsAgainWithTheSameKeyWhenTheTokenExpiresBetweenPolls() throws Exception {
        dps.inject("dev-1", new DpsFault.RetryAfter(DpsStep.REGISTER, "4"), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(
                    "dev-1",
                    key(KEY),
                    "secondarySharedAccessKey=RAW(" + STRANGE_KEY.base64() + ")",
                    "sasTokenTimeToLive=3s",
                    "retryMinDelay=10ms"));

            assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
        }
        assertThat(dps.requests())
                .extracting(request -> request.status().orElseThrow())
                .startsWith(202, 401)
                .endsWith(200);
        assertThat(dps.statistics().connects()).isEqualTo(2);
    }

    @Test
    void failsWith401AndAdviceWhenTheKeyIsWrong() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(STRANGE_KEY)));

            assertThat(failure(routes.register())).satisfies(e -> {
                assertThat(e.getRegistrationId()).isEqualTo("dev-1");
                assertThat(e.getStatus()).isEqualTo(401);
                assertThat(e.getErrorCode()).isEqualTo(401000);
                assertThat(e.getTrackingId()).isNotBlank();
                assertThat(e.getServiceMessage()).isEqualTo("Unauthorized");
                assertThat(e.getOperationId()).isNull();
                assertThat(e.isRetryable()).isFalse();
                assertThat(e)
                        .hasMessageContaining("Registration of device 'dev-1' in ID scope 0ne00000001")
                        .hasMessageContaining("Check that option sharedAccessKey")
                        .hasMessageContaining("clock");
            });
        }
    }

    @Test
    void failsWhenTheDeviceIsNotEnrolled() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("unknown", key(KEY)));

            assertThat(failure(routes.register()))
                    .satisfies(e -> assertThat(e.getStatus()).isBetween(401, 404))
                    .hasMessageContaining("unknown");
        }
    }

    @Test
    void failsWhenTheEnrollmentIsDisabled() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("disabled", key(KEY)));

            assertThat(failure(routes.register())).satisfies(e -> {
                assertThat(e.getRegistrationStatus()).isEqualTo("disabled");
                assertThat(e.getStatus()).isEqualTo(200);
                assertThat(e.isRetryable()).isFalse();
                assertThat(e).hasMessageContaining("is disabled. Enable it");
            });
        }
    }

    @Test
    void failsWhenNoHubCanBeAssigned() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("failing", key(KEY)));

            assertThat(failure(routes.register())).satisfies(e -> {
                assertThat(e.getRegistrationStatus()).isEqualTo("failed");
                assertThat(e.getErrorCode()).isEqualTo(400208);
                assertThat(e.getServiceMessage()).isEqualTo("No hub is linked.");
                assertThat(e).hasMessageContaining("Link an IoT hub");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"site\":\"north\",\"n\":[1,2.50]}", "[1,\"a\"]", "\"text\"", "7", "true", "null"})
    void exchangesPayloadsAsTheJsonValuesTheyAre(String payload) throws Exception {
        dps.enroll(Enrollment.individual("dev-1")
                .symmetricKey(KEY)
                .acceptingAnyPayload()
                .customAllocation(UnaryOperator.identity())
                .build());
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            Exchange exchange = routes.register(payload, Map.of());

            assertThat(result(exchange).toJson()).contains("\"payload\":" + payload);
        }
        assertThat(dps.requests().get(0).body())
                .isEqualTo("{\"registrationId\":\"dev-1\",\"payload\":" + payload + "}");
    }

    @Test
    void hasNoPayloadWithoutACustomAllocation() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            DeviceRegistrationResult result = result(routes.register(Map.of("site", "north"), Map.of()));

            assertThat(result.getPayload()).isNull();
            assertThat(result.toJson()).doesNotContain("payload");
        }
        assertThat(dps.requests().get(0).body()).contains("\"payload\":{\"site\":\"north\"}");
    }

    @Test
    void saysThatThePayloadShouldBeAnObjectWhereTheServiceRefusesIt() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            assertThat(failure(routes.register(17, Map.of()))).satisfies(e -> {
                assertThat(e.getStatus()).isEqualTo(400);
                assertThat(e.isRetryable()).isFalse();
                assertThat(e).hasMessageContaining("JSON object");
            });
        }
    }

    @Test
    void letsTheAllocationReturnAnotherPayload() throws Exception {
        dps.enroll(Enrollment.individual("dev-1")
                .symmetricKey(KEY)
                .customAllocation(payload ->
                        TextNode.valueOf("for " + payload.path("model").asText()))
                .build());
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            assertThat(result(routes.register(Map.of("model", "x"), Map.of())).getPayload())
                    .isEqualTo("for x");
        }
    }

    @Test
    void refusesABodyThatIsNotJsonWithoutConnecting() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("dev-1", key(KEY)));

            assertThat(routes.register("hello", Map.of()).getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not JSON");
        }
        assertThat(dps.connections()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', No device is named", "bad id, Option CamelAzureDpsRegistrationId=bad id is not allowed"})
    void refusesAMissingOrBadRegistrationIdInTheHeader(String registrationId, String message) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", groupKey(GROUP_KEY)));
            Map<String, Object> headers =
                    registrationId.isEmpty() ? Map.of() : Map.of(DpsConstants.REGISTRATION_ID, registrationId);

            assertThat(routes.register(null, headers).getException()).hasMessageContaining(message);
        }
    }

    @Test
    void prefersTheHeadersRegistrationIdToTheUris() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("boiler-1", groupKey(GROUP_KEY)));

            assertThat(result(routes.register("boiler-2")).getRegistrationId()).isEqualTo("boiler-2");
        }
        assertThat(dps.requests()).extracting(DpsRequest::registrationId).containsOnly("boiler-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"to", "toD", "consumer"})
    void registersTheDeviceOfItsUriBehindTheRegistrationOfAnother(String first) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.routes(builder -> {
                        String gateway = routes.uri("boiler-1", groupKey(GROUP_KEY));
                        String dynamic = routes.uri("${header.gateway}", groupKey(GROUP_KEY));
                        ProcessorDefinition<?> route = first.equals("consumer")
                                ? builder.from(gateway).setBody().constant("")
                                : builder.from("direct:gateway");
                        if (first.equals("to")) {
                            route.to(gateway);
                        } else if (first.equals("toD")) {
                            route.setHeader("gateway").constant("boiler-1").toD(dynamic);
                        }
                        route.to(routes.uri("boiler-2", groupKey(GROUP_KEY)))
                                .to(routes.uri("boiler-3", groupKey(GROUP_KEY)))
                                .to("mock:all");
                    })
                    .start();
            MockEndpoint all = routes.context().getEndpoint("mock:all", MockEndpoint.class);
            all.expectedMessageCount(1);
            all.setResultWaitTime(20_000);
            if (!first.equals("consumer")) {
                routes.send("direct:gateway");
            }

            all.assertIsSatisfied();
        }
        assertThat(registered()).containsExactly("boiler-1", "boiler-2", "boiler-3");
    }

    /** The hub has refused the device, for example. */
    @Test
    void registersTheSameDeviceAgainByTheHeader() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String uri = routes.uri("boiler-1", groupKey(GROUP_KEY));
            routes.routes(builder -> builder.from("direct:named")
                            .setHeader(DpsConstants.REGISTRATION_ID)
                            .constant("boiler-2")
                            .to(uri, uri)
                            .removeHeader(DpsConstants.REGISTRATION_ID)
                            .to(uri, routes.uri("", groupKey(GROUP_KEY))))
                    .start();

            result(routes.send("direct:named"));
        }
        assertThat(registered()).containsExactly("boiler-2", "boiler-2", "boiler-1", "boiler-1");
    }

    /** The URI then ends behind the slash, and the header is that of the device before. */
    @ParameterizedTest
    @ValueSource(strings = {"azure-dps:", "azure-dps://"})
    void refusesADynamicUriWithoutADevice(String scheme) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            String dynamic = routes.uri("${header.device}", groupKey(GROUP_KEY)).replaceFirst("azure-dps:", scheme);
            routes.routes(builder -> builder.from("direct:both")
                            .to(routes.uri("boiler-1", groupKey(GROUP_KEY)))
                            .toD(dynamic))
                    .start();

            assertThat(routes.send("direct:both").getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("No device is named");
        }
        assertThat(registered()).containsExactly("boiler-1");
    }

    private List<String> registered() {
        return dps.requests().stream()
                .filter(DpsRequest::isRegister)
                .map(DpsRequest::registrationId)
                .toList();
    }

    @Test
    void givesWhatTheDeviceNeedsToConnectToItsHub() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("boiler-3", groupKey(GROUP_KEY)));

            DeviceRegistrationResult result = result(routes.register());

            assertThat(result.getHubUserName()).isEqualTo("contoso.azure-devices.net/boiler-3/?api-version=2021-04-12");
            assertThat(result.createHubSasToken())
                    .startsWith("SharedAccessSignature sr=contoso.azure-devices.net%2Fdevices%2Fboiler-3&sig=");
        }
    }
}
