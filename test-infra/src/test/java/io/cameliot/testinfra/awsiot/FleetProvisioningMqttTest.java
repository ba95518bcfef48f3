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
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription;
import io.cameliot.testinfra.awsiot.provisioning.CertificateState;
import io.cameliot.testinfra.awsiot.provisioning.FleetProvisioning;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.awsiot.provisioning.ProvisionedThing;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.SigningRequests;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetProvisioningMqttTest {
    private static final String CREATE = "$aws/certificates/create/json";
    private static final String CREATE_FROM_CSR = "$aws/certificates/create-from-csr/json";
    private static final String PROVISION = "$aws/provisioning-templates/factory/provision/json";

    private final AwsIotEmulator aws =
            AwsIotEmulator.builder().customDomain("localhost").build();
    private final FleetProvisioning provisioning = aws.provisioning();
    private final ProvisioningTemplate template = ProvisioningTemplate.named("factory")
            .withThingName(parameters -> "sensor-" + parameters.get("SerialNumber"))
            .withDeviceConfiguration(Map.of("interval", "10s"));
    private final KeyPair keys = KeyType.EC.generate();
    private final CountDownLatch end = new CountDownLatch(1);
    private IssuedCertificate claim;

    @BeforeEach
    void start() {
        provisioning.createTemplate(template);
        claim = provisioning.issueClaim(template);
        aws.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        aws.close();
    }

    @Test
    void provisionsADeviceThatThenConnects() throws Exception {
        provisioning.createTemplate(template.withPolicy(
                DevicePolicy.DENY_ALL.allow(Action.CONNECT, "sensor-*").allow(Action.PUBLISH, "readings")));
        ObjectNode created;
        try (PahoDevice device = claimDevice("any")) {
            created = createFromCsr(device);
            assertThat(created.properties().stream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder("certificateId", "certificatePem", "certificateOwnershipToken");

            assertThat(register(device, token(created), "17"))
                    .isEqualTo(StrictJson.read(
                            "{\"deviceConfiguration\":{\"interval\":\"10s\"},\"thingName\":\"sensor-17\"}"));
        }
        assertThat(provisioning.things())
                .extracting(ProvisionedThing::name, ProvisionedThing::certificateId)
                .containsExactly(tuple("sensor-17", created.get("certificateId").textValue()));
        assertThat(provisioning.certificates().orphans()).isEmpty();
        try (PahoDevice device = new PahoDevice(aws, "sensor-17", identity(created)).connect()) {
            device.publish("readings", "1", 1);
            assertThat(aws.receivedPublishes("readings")).hasSize(1);
        }
        assertThatThrownBy(() -> new PahoDevice(aws, "other", identity(created)).connect())
                .isInstanceOf(MqttException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void makesAKeyForWhoHasNone(String payload) throws Exception {
        try (PahoDevice device = claimDevice("any")) {
            device.publish(CREATE, payload, 1);
            // To generate an RSA key can take seconds on a busy machine.
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() ->
                            assertThat(provisioning.certificates().orphans()).hasSize(1));

            ObjectNode created = answer(device, CREATE + "/accepted");

            assertThat(created.properties().stream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder(
                            "certificateId", "certificatePem", "certificateOwnershipToken", "privateKey");
            assertThat(created.get("privateKey").textValue()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        }
    }

    @Test
    void letsOnlyActiveCertificatesIn() throws Exception {
        try (PahoDevice device = claimDevice("any")) {
            ObjectNode created = createFromCsr(device);
            assertRefused(identity(created));

            register(device, token(created), "17");
            new PahoDevice(aws, "sensor-17", identity(created)).connect().close();

            provisioning.certificates().delete(created.get("certificateId").textValue());
            assertRefused(identity(created));
        }
    }

    @Test
    void forgetsWhatIsNotRegisteredWithinAnHour() throws Exception {
        try (PahoDevice device = claimDevice("any")) {
            ObjectNode created = createFromCsr(device);

            aws.advanceClock(Duration.ofHours(1));

            assertThat(provisioning.certificates().orphans())
                    .extracting(CertificateDescription::state)
                    .containsExactly(CertificateState.EXPIRED);
            device.publish(PROVISION, registration(token(created), "17"), 1);
            assertThat(answer(device, PROVISION + "/rejected").get("errorCode").textValue())
                    .isEqualTo("InvalidCertificateOwnershipToken");
            assertRefused(identity(created));
        }
    }

    @Test
    void refusesATemporaryClaimAfterItsTime() throws Exception {
        IssuedCertificate temporary = provisioning.issueTemporaryClaim(template);
        new PahoDevice(aws, "any", temporary).connect().close();

        aws.advanceClock(Duration.ofMinutes(5));

        assertRefused(temporary);
    }

    @Test
    void answersOnlyTheDeviceThatAsks() throws Exception {
        try (PahoDevice first = claimDevice("first");
                PahoDevice second = claimDevice("second")) {
            ObjectNode ofFirst = createFromCsr(first);
            ObjectNode ofSecond = createFromCsr(second);

            assertThat(ofFirst.get("certificateId")).isNotEqualTo(ofSecond.get("certificateId"));
            assertReceivesNothing(first, CREATE_FROM_CSR);
        }
    }

    @Test
    void doesNotAnswerWhoHasNotSubscribed() throws Exception {
        try (PahoDevice device = new PahoDevice(aws, "any", claim).connect()) {
            device.publish(CREATE_FROM_CSR, signingRequest(), 1);
            await().untilAsserted(() ->
                    assertThat(provisioning.certificates().orphans()).hasSize(1));

            device.subscribe(CREATE_FROM_CSR + "/accepted", 1);
            device.publish(CREATE_FROM_CSR, signingRequest(), 1);

            ObjectNode created = answer(device, CREATE_FROM_CSR + "/accepted");
            assertThat(created.get("certificateId").textValue())
                    .isEqualTo(provisioning.certificates().orphans().get(1).certificateId());
        }
    }

    @ParameterizedTest
    @CsvSource({"readings", "$aws/provisioning-templates/other/provision/json", "$aws/things/x/shadow/get"})
    void disconnectsAClaimThatDoesOtherThings(String topic) throws Exception {
        try (PahoDevice device = claimDevice("any")) {
            assertThatThrownBy(() -> device.publish(topic, "{}", 1)).isInstanceOf(MqttException.class);
            assertThat(aws.receivedPublishes(topic)).isEmpty();
        }
    }

    /** A trap that users report. */
    @Test
    void doesNotLetAClaimSendSigningRequestsByThePolicyForKeys() throws Exception {
        IssuedCertificate documented = provisioning.issueClaim(
                "documented",
                Optional.empty(),
                DevicePolicy.DENY_ALL
                        .allow(Action.CONNECT, "*")
                        .allow(Action.PUBLISH, "$aws/certificates/create/*")
                        .allow(Action.SUBSCRIBE, "$aws/certificates/create/*")
                        .allow(Action.RECEIVE, "$aws/certificates/create/*"));
        try (PahoDevice device = new PahoDevice(aws, "any", documented).connect()) {
            device.subscribe(CREATE + "/accepted", 1);
            assertThatThrownBy(() -> device.publish(CREATE_FROM_CSR, signingRequest(), 1))
                    .isInstanceOf(MqttException.class);
        }
        assertThat(provisioning.certificates().orphans()).isEmpty();
    }

    @Test
    void givesTheHookTheLastWord() throws Exception {
        provisioning.createTemplate(template.withHook(request -> Decision.allow(Map.of(
                "SerialNumber", request.clientId() + "-" + request.parameters().get("SerialNumber")))));
        try (PahoDevice device = claimDevice("line-1")) {
            ObjectNode thing = register(device, token(createFromCsr(device)), "17");

            assertThat(thing.get("thingName").textValue()).isEqualTo("sensor-line-1-17");
        }
    }

    static Stream<PreProvisioningHook> denials() {
        return Stream.of(
                request -> Decision.deny(),
                request -> {
                    throw new IllegalStateException("The hook is broken");
                },
                request -> {
                    throw new StackOverflowError("The hook is more than broken");
                },
                request -> null);
    }

    @ParameterizedTest
    @MethodSource("denials")
    void rejectsWhatTheHookDoesNotAllow(PreProvisioningHook hook) throws Exception {
        provisioning.createTemplate(template.withHook(hook));
        assertDenied();
    }

    @Test
    void rejectsWhatTakesTheHookTooLong() throws Exception {
        provisioning.createTemplate(
                template.withHookTimeout(Duration.ofMillis(300)).withHook(request -> {
                    end.await();
                    return Decision.allow();
                }));

        assertDenied();
    }

    private void assertDenied() throws MqttException, InterruptedException {
        try (PahoDevice device = claimDevice("any")) {
            device.publish(PROVISION, registration(token(createFromCsr(device)), "17"), 1);

            assertThat(answer(device, PROVISION + "/rejected"))
                    .isEqualTo(StrictJson.object()
                            .put("statusCode", 403)
                            .put("errorCode", "AccessDenied")
                            .put("errorMessage", "Access Denied"));
        }
        assertThat(provisioning.things()).isEmpty();
        assertThat(provisioning.certificates().orphans())
                .extracting(CertificateDescription::state)
                .containsExactly(CertificateState.PENDING_ACTIVATION);
    }

    @Test
    void doesNotLetASlowHookHoldUpOthers() throws Exception {
        provisioning.createTemplate(template.withHook(request -> {
            if (request.clientId().equals("slow")) {
                end.await();
            }
            return Decision.allow();
        }));
        try (PahoDevice slow = claimDevice("slow");
                PahoDevice quick = claimDevice("quick")) {
            slow.publish(PROVISION, registration(token(createFromCsr(slow)), "1"), 1);

            register(quick, token(createFromCsr(quick)), "2");
            slow.publish(CREATE_FROM_CSR, signingRequest(), 1);
            answer(slow, CREATE_FROM_CSR + "/accepted");
            end.countDown();

            assertThat(answer(slow, PROVISION + "/accepted").get("thingName").textValue())
                    .isEqualTo("sensor-1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "$aws/certificates/create/json,no JSON,InvalidPayload",
        "$aws/certificates/create-from-csr/json,{},InvalidCertificateSigningRequest",
        "$aws/certificates/create-from-csr/json,'{\"certificateSigningRequest\":17}',InvalidPayload",
        "$aws/provisioning-templates/factory/provision/json,{},InvalidCertificateOwnershipToken",
        "$aws/provisioning-templates/factory/provision/json,'{\"parameters\":[]}',InvalidPayload",
        "$aws/provisioning-templates/factory/provision/json,'{\"parameters\":{\"SerialNumber\":17}}',InvalidPayload"
    })
    void rejectsRequestsThatAreNone(String topic, String payload, String code) throws Exception {
        try (PahoDevice device = claimDevice("any")) {
            device.publish(topic, payload, 1);

            ObjectNode error = answer(device, topic + "/rejected");

            assertThat(error.get("statusCode").intValue()).isEqualTo(400);
            assertThat(error.get("errorCode").textValue()).isEqualTo(code);
            assertThat(error.get("errorMessage").textValue()).isNotEmpty();
            assertThat(error.size()).isEqualTo(3);
        }
    }

    @Test
    void rejectsAsOftenAsATestWants() throws Exception {
        aws.faults()
                .inject(
                        new Fault.RejectRequest(
                                "$aws/provisioning-templates/+/provision/json", "503 ServiceUnavailable", "Later"),
                        2);
        try (PahoDevice device = claimDevice("any")) {
            String token = token(createFromCsr(device));
            for (int i = 0; i < 2; i++) {
                device.publish(PROVISION, registration(token, "17"), 1);
                assertThat(answer(device, PROVISION + "/rejected"))
                        .isEqualTo(StrictJson.object()
                                .put("statusCode", 503)
                                .put("errorCode", "ServiceUnavailable")
                                .put("errorMessage", "Later"));
            }
            register(device, token, "17");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesTheAnswerOfARegistrationThatHasTakenEffect(boolean withConnection) throws Exception {
        InjectedFault loss = aws.faults()
                .inject(
                        withConnection
                                ? new Fault.DropAfterRequest(PROVISION)
                                : new Fault.WithholdMessage(PROVISION + "/accepted"));
        ObjectNode created;
        try (PahoDevice device = claimDevice("any")) {
            created = createFromCsr(device);
            device.publish(PROVISION, registration(token(created), "17"), 1);
            await().untilAsserted(() -> assertThat(loss.triggered()).isEqualTo(1));
            assertThat(provisioning.things()).hasSize(1);
            if (withConnection) {
                device.awaitConnectionLoss();
                assertThat(device.hasReceivedNothing()).isTrue();
            } else {
                assertReceivesNothing(device, PROVISION);
            }
        }
        new PahoDevice(aws, "sensor-17", identity(created)).connect().close();
    }

    @Test
    void leavesAnOrphanWhenTheConnectionEndsBeforeTheAnswer() throws Exception {
        aws.faults().inject(new Fault.DropAfterRequest(CREATE_FROM_CSR));
        try (PahoDevice device = claimDevice("any")) {
            device.publish(CREATE_FROM_CSR, signingRequest(), 1);
            device.awaitConnectionLoss();
        }
        assertThat(provisioning.certificates().orphans()).hasSize(1);
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        try (PahoDevice device = claimDevice("any")) {
            createFromCsr(device);
        }

        aws.close();

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("aws-iot-emulator-provisioning")));
    }

    @Test
    void endsTheRunningHookBeforeItIsClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        provisioning.createTemplate(template.withHook(request -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                end.await(200, TimeUnit.MILLISECONDS); // a hook that does not end at once
                ended.set(true);
            }
            return Decision.deny();
        }));
        try (PahoDevice device = claimDevice("any")) {
            device.publish(PROVISION, registration(token(createFromCsr(device)), "17"), 1);
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            aws.close();

            assertThat(ended).isTrue();
        }
    }

    /** A device that has connected with the claim and subscribed to all answers. */
    private PahoDevice claimDevice(String clientId) throws MqttException {
        PahoDevice device = new PahoDevice(aws, clientId, claim).connect();
        for (String topic : List.of(CREATE, CREATE_FROM_CSR, PROVISION)) {
            device.subscribe(topic + "/accepted", 1).subscribe(topic + "/rejected", 1);
        }
        return device;
    }

    private String signingRequest() {
        return StrictJson.object()
                .put("certificateSigningRequest", SigningRequests.of(keys, "CN=device"))
                .toString();
    }

    private ObjectNode createFromCsr(PahoDevice device) throws MqttException, InterruptedException {
        device.publish(CREATE_FROM_CSR, signingRequest(), 1);
        return answer(device, CREATE_FROM_CSR + "/accepted");
    }

    private static ObjectNode register(PahoDevice device, String token, String serialNumber)
            throws MqttException, InterruptedException {
        device.publish(PROVISION, registration(token, serialNumber), 1);
        return answer(device, PROVISION + "/accepted");
    }

    private static String registration(String token, String serialNumber) {
        ObjectNode request = StrictJson.object().put("certificateOwnershipToken", token);
        request.putObject("parameters").put("SerialNumber", serialNumber);
        return request.toString();
    }

    private static String token(ObjectNode created) {
        return created.get("certificateOwnershipToken").textValue();
    }

    private static ObjectNode answer(PahoDevice device, String topic) throws InterruptedException {
        PahoDevice.Received received = device.next();
        assertThat(received.topic()).as(received.payload()).isEqualTo(topic);
        return StrictJson.read(received.payload());
    }

    /** The next message of the device is one that is sent after all that the device should not receive. */
    private void assertReceivesNothing(PahoDevice device, String topic) throws InterruptedException {
        aws.publish(topic + "/accepted", "marker", 1);
        assertThat(device.next().payload()).isEqualTo("marker");
        assertThat(device.hasReceivedNothing()).isTrue();
    }

    private IssuedCertificate identity(ObjectNode created) throws CertificateException {
        String pem = created.get("certificatePem").textValue();
        return new IssuedCertificate(
                keys.getPrivate(), List.of((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))));
    }

    private void assertRefused(IssuedCertificate identity) {
        long failures = aws.counters().handshakeFailures();
        assertThatThrownBy(() -> new PahoDevice(aws, "sensor-17", identity).connect())
                .isInstanceOf(MqttException.class);
        await().untilAsserted(
                        () -> assertThat(aws.counters().handshakeFailures()).isGreaterThan(failures));
    }
}
