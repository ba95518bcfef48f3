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

import static io.cameliot.azure.dps.DpsRoutes.base64;
import static io.cameliot.azure.dps.DpsRoutes.failure;
import static io.cameliot.azure.dps.DpsRoutes.groupKey;
import static io.cameliot.azure.dps.DpsRoutes.key;
import static io.cameliot.azure.dps.DpsRoutes.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.azure.dps.attestation.SasToken;
import io.cameliot.azure.dps.wire.DpsTopics;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.dps.session.ResponseTopicStyle;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import io.cameliot.testinfra.process.JavaCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client of DPS over MQTT has to do right, one group of tests for each line of the list that was drawn from
 * Microsoft's documents, SDKs and issues. All but the vectors run as a Camel route against the emulator.
 */
class DpsConformanceTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final EnrollmentKey GROUP_KEY = EnrollmentKey.random();
    private static final TestCertificateAuthority ROOT = TestCertificateAuthority.create("Root");
    private static final TestCertificateAuthority INTERMEDIATE = ROOT.createIntermediate("Intermediate");
    private static final IssuedCertificate CERTIFICATE = INTERMEDIATE.issueDevice("dev-x509");

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(
                    Enrollment.individual("dev").symmetricKey(KEY).build(),
                    Enrollment.individual("quick")
                            .symmetricKey(KEY)
                            .assigningPolls(0)
                            .build(),
                    Enrollment.group("group")
                            .symmetricKey(GROUP_KEY)
                            .assigningPolls(0)
                            .build(),
                    Enrollment.group("certified")
                            .certificateAuthority(INTERMEDIATE.certificate())
                            .assigningPolls(0)
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    @Nested
    @DisplayName("connect fields (sym, x509, WS)")
    class ConnectFields {

        @Test
        void ofASymmetricKey() throws Exception {
            assertThat(register("quick", key(KEY))).isNull();

            assertThat(connection()).satisfies(connection -> {
                assertDeviceConnected(connection, "quick");
                assertThat(connection.certificateSubject()).isEmpty();
                assertThat(connection.webSocketPath()).isEmpty();
            });
        }

        @Test
        void ofACertificateWithItsChain() throws Exception {
            assertThat(register("dev-x509", certificate(CERTIFICATE))).isNull();

            assertThat(connection()).satisfies(connection -> {
                assertDeviceConnected(connection, "dev-x509");
                assertThat(connection.certificateSubject()).contains("CN=dev-x509");
            });
        }

        @Test
        void ofACertificateWhoseCommonNameIsNotTheRegistrationId() throws Exception {
            assertThat(register("other", certificate(CERTIFICATE))).satisfies(e -> {
                assertThat(e).hasMessageContaining("common name must be the registration id");
                assertThat(e.isRetryable()).isFalse();
            });
            assertThat(connection().returnCode()).hasValue(5);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/$iothub/websocket", "/mqtt", "/"})
        void ofAWebSocket(String path) throws Exception {
            try (DpsRoutes routes = new DpsRoutes(dps, DpsTransport.websocket)) {
                routes.registering(
                        path.isEmpty()
                                ? routes.uri("quick", key(KEY))
                                : routes.uri("quick", key(KEY), "webSocketPath=" + path));

                assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
            }
            assertThat(connection()).satisfies(connection -> {
                assertDeviceConnected(connection, "quick");
                assertThat(connection.webSocketPath()).contains(path.isEmpty() ? "/$iothub/websocket" : path);
            });
        }

        @Test
        void ofAWebSocketWithACertificate() throws Exception {
            try (DpsRoutes routes = new DpsRoutes(dps, DpsTransport.websocket)) {
                routes.registering(routes.uri("dev-x509", certificate(CERTIFICATE)));

                assertThat(result(routes.register()).getStatus()).isEqualTo("assigned");
            }
            assertThat(connection().certificateSubject()).contains("CN=dev-x509");
        }

        private static void assertDeviceConnected(DpsConnect connection, String registrationId) {
            assertThat(connection.clientId()).isEqualTo(registrationId);
            assertThat(connection.userName())
                    .startsWith("0ne00000001/registrations/" + registrationId + "/api-version=2019-03-31"
                            + "&ClientVersion=camel-azure-dps%20%28Camel%20");
            assertThat(connection.cleanSession()).isTrue();
            assertThat(connection.serverName()).contains(DpsEmulator.GLOBAL_HOST_NAME);
            assertThat(connection.tlsVersion()).isEqualTo("TLSv1.2");
            assertThat(connection.keepAliveSeconds()).isPositive();
        }
    }

    @Nested
    @DisplayName("V1-V6")
    class Vectors {

        private static final String K32 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        private static final Instant EXPIRY = Instant.ofEpochSecond(1700003600);

        @Test
        @DisplayName("V1: the key of a device of a group")
        void v1() {
            String group = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==";

            assertThat(parse(group)
                            .derive("sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6")
                            .sign("text"))
                    .isEqualTo(parse("Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=")
                            .sign("text"));
        }

        @Test
        @DisplayName("V2: the token of a registration")
        void v2() {
            assertThat(SasToken.forRegistration("0ne00000001", "ut-device", parse(K32), EXPIRY)
                            .text())
                    .isEqualTo("SharedAccessSignature sr=0ne00000001%2fregistrations%2fut-device"
                            + "&sig=nfgjIUfmDHBv8oCGcLAcWu2fieJcGyogj%2F8V3iBMPHo%3D&se=1700003600&skn=registration");
        }

        @Test
        @DisplayName("V3: the password of a device of a group")
        void v3() throws Exception {
            assertThat(register("boiler", groupKey(GROUP_KEY))).isNull();
        }

        @Test
        @DisplayName("V4: the token of a hub")
        void v4() {
            assertThat(SasToken.forHub("broker.example", "ut-device", parse(K32), EXPIRY)
                            .text())
                    .isEqualTo("SharedAccessSignature sr=broker.example%2Fdevices%2Fut-device"
                            + "&sig=gqgacRa%2FNHRRK0%2FCjw6CUls%2BkHtn3nhT2hrASNZQan0%3D&se=1700003600");
        }

        @Test
        @DisplayName("V5: the token of a hub, with a key of 64 bytes")
        void v5() {
            String key = "18RQk/hOPJR9EbsJlk2j8WA6vWaj/yi+oaYg7zmxfQNdOyMSu+SJ8O7TSlZhDJCYmn4rzEiVKIzNiVAWjLxrGA==";

            assertThat(SasToken.forHub(
                                    "MyExampleHub.azure-devices.net",
                                    "my-symkey-device",
                                    parse(key),
                                    Instant.ofEpochSecond(1663119026))
                            .text())
                    .contains("&sig=f%2BwW8XOKeJOtiPc9Iwjc4OpExvPM7NlhM9qxN2a1aAM%3D&");
        }

        @Test
        @DisplayName("V6: the signature of a text")
        void v6() {
            assertThat(parse("NMgJDvdKTxjLi+xBxxkDDEwDJxEvOE5u8BiT0mVgPeg=").sign("sign this message"))
                    .isEqualTo("8NJRMT83CcplGrAGaUVIUM/md5914KpWVNngSVoF9/M=");
        }

        private static io.cameliot.azure.dps.attestation.SymmetricKey parse(String key) {
            return io.cameliot.azure.dps.attestation.SymmetricKey.parse("key", key);
        }
    }

    @Nested
    @DisplayName("register/poll topic text")
    class TopicText {

        @Test
        void isThatOfTheDocuments() {
            assertThat(DpsTopics.RESPONSE_FILTER).isEqualTo("$dps/registrations/res/#");
            assertThat(DpsTopics.register(1)).isEqualTo("$dps/registrations/PUT/iotdps-register/?$rid=1");
            assertThat(DpsTopics.operationStatus(1, "4.d0a671905ea5b2c8.42d78160-4c78-479e-8be7-61d5e55dac0d"))
                    .isEqualTo("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1"
                            + "&operationId=4.d0a671905ea5b2c8.42d78160-4c78-479e-8be7-61d5e55dac0d");
        }

        /** The emulator refuses every other topic and filter. */
        @Test
        void isTakenByTheService() throws Exception {
            assertThat(register("quick", key(KEY))).isNull();

            assertThat(dps.requests()).extracting(DpsRequest::requestId).containsExactly("1", "2");
            assertThat(dps.requests().get(1).operationId()).isPresent();
        }
    }

    @Nested
    @DisplayName("202 -> 202 -> 200")
    class Flow {

        @Test
        void registersPollsAndIsAssigned() throws Exception {
            assertThat(register("dev", key(KEY))).isNull();

            assertThat(dps.requests())
                    .extracting(request -> request.status().orElseThrow())
                    .containsExactly(202, 202, 200);
            assertThat(dps.requests()).extracting(DpsRequest::isRegister).containsExactly(true, false, false);
            assertThat(dps.requests()).extracting(DpsRequest::qos).containsOnly(1);
        }
    }

    @Nested
    @DisplayName("retry-after at any place and any case, 0/empty/huge/negative")
    class RetryAfter {

        @ParameterizedTest
        @EnumSource(names = "EMPTY_RID", mode = EnumSource.Mode.EXCLUDE)
        void atAnyPlaceAndInAnyCase(ResponseTopicStyle style) throws Exception {
            dps.responseTopics(style);
            dps.inject("quick", new DpsFault.RetryAfter(DpsStep.REGISTER, "1"), 1);

            assertThat(register("quick", key(KEY))).isNull();

            assertThat(pauseBeforeThePoll()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "", "-1", "soon"})
        void thatNamesNoTime(String value) throws Exception {
            dps.inject("quick", new DpsFault.RetryAfter(DpsStep.REGISTER, value), 1);

            assertThat(register("quick", key(KEY), "defaultPollInterval=300")).isNull();

            assertThat(pauseBeforeThePoll()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }

        @Test
        void thatIsHuge() throws Exception {
            dps.inject("quick", new DpsFault.RetryAfter(DpsStep.REGISTER, "99999999999999999999"), 1);

            assertThat(register("quick", key(KEY))).satisfies(e -> {
                assertThat(e).hasMessageContaining("registrationTimeout=120000 ms");
                assertThat(e.isRetryable()).isTrue();
            });
        }

        private Duration pauseBeforeThePoll() {
            return Duration.between(
                    dps.requests().get(0).receivedAt(), dps.requests().get(1).receivedAt());
        }
    }

    @Nested
    @DisplayName("status 200 failed/disabled")
    class EndedWithoutAssignment {

        @Test
        void failed() throws Exception {
            dps.enroll(Enrollment.individual("failing")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .failing(400207, "Custom allocation failed with status code: 400")
                    .build());

            assertThat(register("failing", key(KEY))).satisfies(e -> {
                assertThat(e.getStatus()).isEqualTo(200);
                assertThat(e.getRegistrationStatus()).isEqualTo("failed");
                assertThat(e.getErrorCode()).isEqualTo(400207);
                assertThat(e.isRetryable()).isFalse();
            });
        }

        @Test
        void disabled() throws Exception {
            dps.enroll(Enrollment.individual("disabled")
                    .symmetricKey(KEY)
                    .disabled()
                    .build());

            assertThat(register("disabled", key(KEY))).satisfies(e -> {
                assertThat(e.getStatus()).isEqualTo(200);
                assertThat(e.getRegistrationStatus()).isEqualTo("disabled");
                assertThat(e.isRetryable()).isFalse();
            });
        }
    }

    @Nested
    @DisplayName("401 after good CONNACK")
    class UnauthorizedAfterConnack {

        @Test
        void ofAKey() throws Exception {
            assertThat(register("quick", key(EnrollmentKey.random()))).satisfies(e -> {
                assertThat(e.getStatus()).isEqualTo(401);
                assertThat(e.getErrorCode()).isEqualTo(401000);
                assertThat(e.getTrackingId()).isNotBlank();
            });
            assertThat(connection().returnCode()).hasValue(0);
        }

        @Test
        void ofACertificate() throws Exception {
            IssuedCertificate stranger =
                    TestCertificateAuthority.create("Stranger").issueDevice("dev-x509");

            assertThat(register("dev-x509", certificate(stranger))).satisfies(e -> {
                assertThat(e.getErrorCode()).isEqualTo(401002);
                assertThat(e).hasMessageContaining("Present the enrolled leaf certificate");
            });
            assertThat(connection().returnCode()).hasValue(0);
        }
    }

    @Nested
    @DisplayName("429/503 on register and on poll keep operationId")
    class Busy {

        @ParameterizedTest
        @CsvSource({"429, REGISTER, 3", "503, REGISTER, 3", "429, RESULT, 1", "503, RESULT, 1"})
        void redoesTheSameStep(int status, DpsStep step, int registers) throws Exception {
            dps.inject("quick", DpsFault.Answer.error(step, status), 2);

            assertThat(register("quick", key(KEY))).isNull();

            assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(registers);
            assertThat(dps.requests())
                    .extracting(DpsRequest::operationId)
                    .filteredOn(Optional::isPresent)
                    .containsOnly(dps.requests().get(dps.requests().size() - 1).operationId());
            assertThat(dps.statistics().connects()).isOne();
        }
    }

    @Nested
    @DisplayName("foreign or empty rid")
    class ForeignRid {

        @ParameterizedTest
        @EnumSource(names = {"REGISTER", "RESULT"})
        void ofAnotherRequest(DpsStep step) throws Exception {
            dps.inject("quick", new DpsFault.ForeignAnswerFirst(step), 1);
            try (DpsRoutes routes = new DpsRoutes(dps)) {
                routes.registering(routes.uri("quick", key(KEY)));

                assertThat(result(routes.register()).getRegistrationId()).isEqualTo("quick");
            }
            assertThat(dps.pendingFaults()).isEmpty();
        }

        @Test
        void ofNone() throws Exception {
            dps.responseTopics(ResponseTopicStyle.EMPTY_RID);

            assertThat(register("quick", key(KEY), "requestTimeout=2000", "maxRetries=0"))
                    .hasMessageContaining("waiting for the answer to the register request");
        }
    }

    @Nested
    @DisplayName("reply before PUBACK")
    class ReplyBeforePuback {

        @ParameterizedTest
        @EnumSource(names = {"REGISTER", "RESULT"})
        void isTaken(DpsStep step) throws Exception {
            dps.inject("quick", new DpsFault.AnswerBeforePubAck(step), 1);

            assertThat(register("quick", key(KEY))).isNull();

            assertThat(dps.pendingFaults()).isEmpty();
            assertThat(dps.requests()).hasSize(2);
        }
    }

    @Nested
    @DisplayName("late reply after timeout")
    class LateReply {

        @Test
        void isIgnored() throws Exception {
            dps.inject("quick", new DpsFault.Delay(DpsStep.REGISTER, Duration.ofMillis(2300)), 1);

            assertThat(register("quick", key(KEY), "requestTimeout=2000")).isNull();

            assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(2);
        }
    }

    @Nested
    @DisplayName("connection lost between register and poll (re-register or poll again with cached id)")
    class ConnectionLost {

        @Test
        void pollsAgainWithTheIdThatItHas() throws Exception {
            dps.inject("quick", new DpsFault.DropAfter(DpsStep.REGISTER, Duration.ofMillis(200)), 1);

            assertThat(register("quick", key(KEY), "defaultPollInterval=800")).isNull();

            assertThat(dps.statistics().connects()).isEqualTo(2);
            assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(1);
        }

        @Test
        void registersAgainWithoutOne() throws Exception {
            dps.inject("quick", new DpsFault.DropBefore(DpsStep.REGISTER), 1);

            assertThat(register("quick", key(KEY))).isNull();

            assertThat(dps.requests()).filteredOn(DpsRequest::isRegister).hasSize(2);
        }
    }

    @Nested
    @DisplayName("payload object/string/array/null in both directions")
    class Payload {

        @ParameterizedTest
        @ValueSource(strings = {"{\"testData\":1,\"testData2\":{\"a\":\"b\"}}", "\"text\"", "[1,[2]]", "null", "{}"})
        void isTheJsonValueThatItIs(String payload) throws Exception {
            dps.enroll(Enrollment.individual("quick")
                    .symmetricKey(KEY)
                    .assigningPolls(0)
                    .acceptingAnyPayload()
                    .customAllocation(UnaryOperator.identity())
                    .build());
            try (DpsRoutes routes = new DpsRoutes(dps)) {
                routes.registering(routes.uri("quick", key(KEY)));

                assertThat(result(routes.register(payload, Map.of())).toJson()).contains("\"payload\":" + payload);
            }
            assertThat(dps.requests().get(0).body())
                    .isEqualTo("{\"registrationId\":\"quick\",\"payload\":" + payload + "}");
        }
    }

    @Nested
    @DisplayName("unknown fields ignored")
    class UnknownFields {

        @Test
        void areNoHindranceAndAreKept() throws Exception {
            String body = "{\"operationId\":\"4.op\",\"status\":\"assigned\",\"new\":[],\"registrationState\":"
                    + "{\"assignedHub\":\"h\",\"deviceId\":\"d\",\"status\":\"assigned\",\"newer\":{\"a\":1}}}";
            dps.inject("quick", new DpsFault.Answer(DpsStep.REGISTER, 200, OptionalInt.empty(), body), 1);
            try (DpsRoutes routes = new DpsRoutes(dps)) {
                routes.registering(routes.uri("quick", key(KEY)));

                assertThat(result(routes.register()).toMap()).containsEntry("newer", Map.of("a", 1));
            }
        }
    }

    @Nested
    @DisplayName("cancel/stop during wait leaves no thread")
    class StopDuringWait {

        @Test
        void leavesNoThreadAndNoConnection() throws Exception {
            dps.inject("boiler", new DpsFault.RetryAfter(DpsStep.REGISTER, "60"), 1);
            try (DpsRoutes routes = new DpsRoutes(dps)) {
                routes.registering(routes.uri("", groupKey(GROUP_KEY)));
                CompletableFuture<Exchange> registered = routes.registerAsync("boiler");
                await().until(() -> dps.requests().size() == 1);

                routes.context().getRouteController().stopRoute("register");

                assertThat(failure(registered.get(1, TimeUnit.SECONDS))).hasMessageContaining("the route is stopped");
                await().untilAsserted(() ->
                        assertThat(dps.statistics().openConnections()).isZero());
                assertThat(DpsRoutes.threads()).noneMatch(name -> name.contains("AzureDpsResult"));
            }
            await().untilAsserted(() -> assertThat(DpsRoutes.threads()).isEmpty());
        }
    }

    @Nested
    @DisplayName("poll rate <= 5 per 10 s")
    class PollRate {

        /** The emulator, like the service, answers 429 to the sixth poll in ten seconds. */
        @Test
        void isKeptWhateverTheServiceAsks() throws Exception {
            dps.enroll(Enrollment.individual("dev")
                    .symmetricKey(KEY)
                    .assigningPolls(5)
                    .build());
            assertThat(register("dev", key(KEY))).isNull();

            assertThat(dps.statistics().throttled()).isZero();
            assertThat(dps.statistics().polls()).isEqualTo(6);
        }
    }

    @Nested
    @DisplayName("no key or token in logs/toString")
    class NoSecrets {

        @Test
        void inNothingThatIsLoggedAtTheFinestLevel() throws Exception {
            EnrollmentKey strange = EnrollmentKey.random();
            List<String> options = List.of(
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                    // At TRACE Camel shows every endpoint's URI as it stands in the route.
                    "-Dorg.slf4j.simpleLogger.log.org.apache.camel=debug");
            Process jvm = new ProcessBuilder(JavaCommand.of(
                            LoggedRegistrations.class, options, KEY.base64(), GROUP_KEY.base64(), strange.base64()))
                    .redirectErrorStream(true)
                    .start();
            String logged = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(jvm.exitValue()).as(logged).isZero();
            assertThat(logged.lines())
                    .anyMatch(line -> line.startsWith("Outcome: DeviceRegistrationResult[registrationId=dev,"))
                    .anyMatch(line -> line.startsWith("Outcome: DeviceRegistrationResult[registrationId=boiler,"))
                    .anyMatch(line -> line.startsWith("Outcome: null") && line.contains("401000"))
                    .anyMatch(line -> line.contains("RegistrationRun - dev: Connected at CONNECT"))
                    .anyMatch(line -> line.contains("MqttSession[dev] is connected"));
            List<String> secrets = Stream.of(KEY, GROUP_KEY, strange, GROUP_KEY.deriveDeviceKey("boiler"))
                    .map(EnrollmentKey::base64)
                    .toList();
            assertThat(logged.lines()
                            .filter(line ->
                                    line.contains("sig=") || secrets.stream().anyMatch(line::contains)))
                    .isEmpty();
        }

        @Test
        void inWhatCarriesThem() {
            DpsConfiguration options = new DpsConfiguration();
            options.setSharedAccessKey(KEY.base64());

            assertThat(AuthenticationOptions.attestation(options)
                            .credentialsOf("dev")
                            .toString())
                    .contains("sharedAccessKey")
                    .doesNotContain(KEY.base64());
        }
    }

    private DpsConnect connection() {
        assertThat(dps.connections()).hasSize(1);
        return dps.connections().get(0);
    }

    private static String certificate(IssuedCertificate certificate) {
        return "authentication=x509&certificateFile=RAW(" + base64(certificate.chainPem()) + ")&privateKeyFile=RAW("
                + base64(certificate.privateKeyPem(KeyFormat.PKCS8)) + ")";
    }

    /** Registers a device by a route; null if it was assigned. */
    private DeviceRegistrationException register(String registrationId, String... options) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(registrationId, options));
            Exchange exchange = routes.register();
            if (exchange.getException() == null) {
                assertThat(result(exchange).getStatus()).isEqualTo("assigned");
            }
            return failure(exchange);
        }
    }
}
