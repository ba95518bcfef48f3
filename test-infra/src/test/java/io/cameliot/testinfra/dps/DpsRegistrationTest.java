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
package io.cameliot.testinfra.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.dps.PahoDevice.Message;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.dps.session.ResponseTopicStyle;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices register over real TLS sockets. */
class DpsRegistrationTest {

    private static final EnrollmentKey KEY = EnrollmentKey.random();
    private static final EnrollmentKey GROUP_KEY = EnrollmentKey.random();
    private static final TestCertificateAuthority DEVICE_CA =
            TestCertificateAuthority.create("Root").createIntermediate("Boilers Inc.");
    private static final IssuedCertificate CERTIFICATE = DEVICE_CA.issueDevice("boiler-x509");

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .enroll(
                    Enrollment.individual("boiler-7")
                            .symmetricKey(KEY)
                            .deviceId("boiler")
                            .build(),
                    Enrollment.group("boilers").symmetricKey(GROUP_KEY).build(),
                    Enrollment.group("certified")
                            .certificateAuthority(DEVICE_CA.certificate())
                            .build()));

    private final DpsEmulator dps = DPS.emulator();

    @Test
    void assignsADeviceWithASymmetricKey() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            Message registered = device.register("{\"registrationId\":\"boiler-7\"}");
            Message assigning = device.poll(registered.at("/operationId"));
            Message assigned = device.poll(registered.at("/operationId"));

            assertThat(registered.topic()).isEqualTo("$dps/registrations/res/202/?$rid=1&retry-after=3");
            assertThat(assigning.topic()).isEqualTo("$dps/registrations/res/202/?$rid=2&retry-after=3");
            assertThat(assigned.topic()).isEqualTo("$dps/registrations/res/200/?$rid=3");
            assertThat(assigned.qos()).isEqualTo(1);
            assertThat(assigned.at("/registrationState/assignedHub")).isEqualTo("contoso.azure-devices.net");
            assertThat(assigned.at("/registrationState/deviceId")).isEqualTo("boiler");
        }
        assertThat(dps.assignedDevices()).singleElement().satisfies(assignment -> {
            assertThat(assignment.registrationId()).isEqualTo("boiler-7");
            assertThat(assignment.deviceId()).isEqualTo("boiler");
        });
    }

    @Test
    void assignsADeviceWithAKeyDerivedFromItsGroups() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-8", GROUP_KEY.deriveDeviceKey("boiler-8"))) {
            assertThat(device.provision("").at("/registrationState/deviceId")).isEqualTo("boiler-8");
        }
    }

    @Test
    void assignsADeviceWithACertificateChain() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-x509", CERTIFICATE)) {
            assertThat(device.provision("").at("/registrationState/x509/enrollmentGroupId"))
                    .isEqualTo("certified");
        }
        assertThat(dps.connections())
                .singleElement()
                .extracting(DpsConnect::certificateSubject)
                .isEqualTo(Optional.of("CN=boiler-x509"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/$iothub/websocket", "/mqtt", "/", "/$iothub/websocket?iothub-no-client-cert=true"})
    void assignsADeviceOverWebSocket(String path) throws Exception {
        try (PahoDevice device = PahoDevice.overWebSocket(dps, "boiler-7", path)
                .userName(PahoDevice.userName(dps, "boiler-7"))
                .password(PahoDevice.token(dps, "boiler-7", KEY))
                .connect()
                .subscribed()) {
            assertThat(device.provision("").at("/status")).isEqualTo("assigned");
        }
        assertThat(dps.connections().get(0).webSocketPath())
                .contains(path.contains("?") ? path.substring(0, path.indexOf('?')) : path);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void acceptsRequestsOfBothQos(int qos) throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            device.sendRegister("", qos);
            Message registered = device.receive();
            device.sendPoll(registered.at("/operationId"), qos);

            assertThat(device.receive().status()).isEqualTo(202);
        }
        assertThat(dps.requests()).extracting(DpsRequest::qos).containsOnly(qos);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 1"})
    void grantsAndDeliversAtMostQos1(int asked, int granted) throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, "boiler-7")
                .userName(PahoDevice.userName(dps, "boiler-7"))
                .password(PahoDevice.token(dps, "boiler-7", KEY))
                .connect()) {
            assertThat(device.subscribe(PahoDevice.RESPONSES, asked)).isEqualTo(granted);
            assertThat(device.register("").qos()).isEqualTo(granted);
        }
    }

    @Test
    void answersOnlyTheSenderOfARequest() throws Exception {
        try (PahoDevice asking = PahoDevice.connected(dps, "boiler-7", KEY);
                PahoDevice other = PahoDevice.connected(dps, "boiler-8", GROUP_KEY.deriveDeviceKey("boiler-8"))) {
            asking.provision("");
            other.register("");

            // The other device has received its own answer and nothing before it.
            assertThat(other.hasReceivedNothing()).isTrue();
        }
    }

    @Test
    void sendsNoAnswerWithoutASubscription() throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, "boiler-7")
                .userName(PahoDevice.userName(dps, "boiler-7"))
                .password(PahoDevice.token(dps, "boiler-7", KEY))
                .connect()) {
            device.sendRegister("", 1);
            await().until(() -> dps.requests().size() == 1);
            device.subscribed();
            device.client().unsubscribe(PahoDevice.RESPONSES);
            device.sendRegister("", 1);
            await().until(() -> dps.requests().size() == 2);
            device.subscribed();

            assertThat(device.register("").properties()).startsWith("$rid=3&");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RID_FIRST, $rid=1&retry-after=3",
        "RETRY_AFTER_FIRST, retry-after=3&$rid=1",
        "CAPITALIZED_RETRY_AFTER, $rid=1&Retry-After=3",
        "UNKNOWN_PROPERTY, something=89&$rid=1&retry-after=3",
        "EMPTY_RID, $rid=&retry-after=3",
    })
    void writesTheTopicsOfItsAnswersInTheConfiguredForm(ResponseTopicStyle style, String properties) throws Exception {
        dps.responseTopics(style);
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            assertThat(device.register("").properties()).isEqualTo(properties);
        }
    }

    /** Observed at the service: a client sent {@code rid} instead of {@code $rid}. */
    @Test
    void answersARequestWithoutRequestIdWithAnEmptyOne() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            device.publish("$dps/registrations/PUT/iotdps-register/?rid=1", "{\"payload\":{\"a\":1}}", 1);

            assertThat(device.receive().topic()).isEqualTo("$dps/registrations/res/202/?$rid=&retry-after=3");
        }
    }

    @Test
    void echoesTheRequestIdUnchanged() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            device.publish("$dps/registrations/PUT/iotdps-register/?$rid=invalid%24request%3Fid", "", 1);

            assertThat(device.receive().properties()).isEqualTo("$rid=invalid%24request%3Fid&retry-after=3");
        }
    }

    @Test
    void acceptsABadTokenAtConnectAndAnswers401AtRegister() throws Exception {
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", EnrollmentKey.random())) {
            Message answer = device.register("");

            assertThat(answer.topic()).isEqualTo("$dps/registrations/res/401/?$rid=1");
            assertThat(answer.at("/errorCode")).isEqualTo("401000");
            assertThat(answer.at("/message")).isEqualTo("Unauthorized");
        }
        assertThat(dps.requests()).singleElement().satisfies(request -> {
            assertThat(request.status()).hasValue(401);
            assertThat(request.reason()).contains("signed with another key");
        });
    }

    @Test
    void answers401002ToACertificateThatIsNotEnrolled() throws Exception {
        IssuedCertificate stranger = TestCertificateAuthority.create("Stranger").issueDevice("boiler-9");
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-9", stranger)) {
            assertThat(device.register("").at("/errorCode")).isEqualTo("401002");
        }
    }

    @Test
    void answers404ToAnUnknownRegistrationIdAndAnUnknownOperation() throws Exception {
        dps.enroll(Enrollment.individual("boiler-7").symmetricKey(KEY).build());
        try (DpsEmulator small = DpsEmulator.builder().build().start();
                PahoDevice unknown = PahoDevice.connected(small, "unknown", KEY);
                PahoDevice known = PahoDevice.connected(dps, "boiler-7", KEY)) {
            assertThat(unknown.register("").at("/errorCode")).isEqualTo("404201");
            assertThat(known.poll("4.unknown").status()).isEqualTo(404);
        }
    }

    @Test
    void answers429WithRetryAfterWhenPolledTooOften() throws Exception {
        dps.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .assigningPolls(100)
                .build());
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            String operationId = device.register("").at("/operationId");
            for (int i = 0; i < 5; i++) {
                assertThat(device.poll(operationId).status()).isEqualTo(202);
            }

            Message throttled = device.poll(operationId);

            assertThat(throttled.status()).isEqualTo(429);
            assertThat(throttled.properties()).matches("\\$rid=7&retry-after=([1-9]|10)");
        }
        assertThat(dps.statistics().throttled()).isEqualTo(1);
    }

    @Test
    void keepsTheOperationAfterALostConnection() throws Exception {
        String operationId;
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            operationId = device.register("").at("/operationId");
        }
        try (PahoDevice device = PahoDevice.connected(dps, "boiler-7", KEY)) {
            assertThat(device.poll(operationId).status()).isEqualTo(202);
            assertThat(device.poll(operationId).at("/status")).isEqualTo("assigned");
        }
    }

    @Test
    void waitsForASlowCustomAllocationWithoutDelayingOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        dps.enroll(Enrollment.individual("boiler-7")
                .symmetricKey(KEY)
                .assigningPolls(0)
                .customAllocation(payload -> {
                    awaitRelease(release);
                    return payload;
                })
                .build());
        try (PahoDevice slow = PahoDevice.connected(dps, "boiler-7", KEY);
                PahoDevice other = PahoDevice.connected(dps, "boiler-8", GROUP_KEY.deriveDeviceKey("boiler-8"))) {
            slow.sendPoll(slow.register("{\"payload\":{\"a\":[1]}}").at("/operationId"), 1);
            assertThat(other.provision("").at("/status")).isEqualTo("assigned");
            assertThat(slow.hasReceivedNothing()).isTrue();

            release.countDown();

            assertThat(slow.receive().at("/registrationState/payload/a/0")).isEqualTo("1");
        }
    }

    private static void awaitRelease(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void recordsConnectionsAndRequests() throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, "boiler-7")
                .userName(PahoDevice.userName(dps, "boiler-7") + "&ClientVersion=c/1.2.3")
                .password(PahoDevice.token(dps, "boiler-7", KEY))) {
            device.options().setKeepAliveInterval(30);
            device.options().setCleanSession(false);
            device.connect().subscribed().provision("{\"payload\":{\"a\":7}}");
            assertThat(dps.statistics().openConnections()).isEqualTo(1);
        }

        assertThat(dps.connections()).singleElement().satisfies(connection -> {
            assertThat(connection.clientId()).isEqualTo("boiler-7");
            assertThat(connection.userName()).endsWith("&ClientVersion=c/1.2.3");
            assertThat(connection.cleanSession()).isFalse();
            assertThat(connection.keepAliveSeconds()).isEqualTo(30);
            assertThat(connection.webSocketPath()).isEmpty();
            assertThat(connection.serverName()).contains(DpsEmulator.GLOBAL_HOST_NAME);
            assertThat(connection.tlsVersion()).isEqualTo("TLSv1.2");
            assertThat(connection.certificateSubject()).isEmpty();
            assertThat(connection.returnCode()).hasValue(0);
            assertThat(connection.toString()).doesNotContain("SharedAccessSignature");
        });
        assertThat(dps.requests("BOILER-7")).hasSize(3).isEqualTo(dps.requests());
        assertThat(dps.requests().get(0)).satisfies(request -> {
            assertThat(request.isRegister()).isTrue();
            assertThat(request.body()).isEqualTo("{\"payload\":{\"a\":7}}");
            assertThat(request.requestId()).isEqualTo("1");
        });
        assertThat(dps.requests().get(2)).satisfies(request -> {
            assertThat(request.isRegister()).isFalse();
            assertThat(request.operationId()).isPresent();
            assertThat(request.status()).hasValue(200);
            assertThat(request.receivedAt())
                    .isAfterOrEqualTo(dps.requests().get(0).receivedAt());
        });
        assertThat(dps.statistics().registers()).isEqualTo(1);
        assertThat(dps.statistics().polls()).isEqualTo(2);
        assertThat(dps.statistics().mostOpenConnections()).isEqualTo(1);
    }

    @Test
    void keepsNoSessionAfterTheConnection() throws Exception {
        try (PahoDevice device = PahoDevice.at(dps, "boiler-7")
                .userName(PahoDevice.userName(dps, "boiler-7"))
                .password(PahoDevice.token(dps, "boiler-7", KEY))) {
            device.options().setCleanSession(false);
            device.connect().subscribed();
            device.client().disconnect();

            assertThat(device.client().connectWithResult(device.options()).getSessionPresent())
                    .isFalse();
            device.sendRegister("", 1);
            await().until(() -> dps.requests().size() == 1);
            device.subscribed();
            assertThat(device.register("").properties())
                    .as("the answer to the second request, as the first was asked without subscription")
                    .startsWith("$rid=2&");
        }
    }

    @Test
    void closesTheConnectionWhenItsClientIdConnectsAgain() throws MqttException, InterruptedException {
        try (PahoDevice first = PahoDevice.connected(dps, "boiler-7", KEY);
                PahoDevice second = PahoDevice.connected(dps, "boiler-7", KEY)) {
            first.awaitLoss();

            assertThat(second.client().isConnected()).isTrue();
        }
    }

    @Test
    void acceptsTls13IfConfigured() throws Exception {
        try (DpsEmulator modern = DpsEmulator.builder()
                        .tlsVersions("TLSv1.2", "TLSv1.3")
                        .retryAfter(Duration.ZERO)
                        .enroll(Enrollment.individual("boiler-7")
                                .symmetricKey(KEY)
                                .build())
                        .build()
                        .start();
                PahoDevice device = PahoDevice.connected(modern, "boiler-7", KEY)) {
            assertThat(device.register("").properties()).isEqualTo("$rid=1&retry-after=0");
            assertThat(modern.connections().get(0).tlsVersion()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void acceptsAnAdditionalServerName() throws Exception {
        String name = "boilers.azure-devices-provisioning.net";
        try (DpsEmulator named = DpsEmulator.builder().serverName(name).build().start();
                PahoDevice device = PahoDevice.at(named, "boiler-7")
                        .tls(named.serverAuthority(), null, name)
                        .userName(PahoDevice.userName(named, "boiler-7"))
                        .connect()) {
            assertThat(device.client().isConnected()).isTrue();
            assertThat(named.connections().get(0).serverName()).contains(name);
        }
    }
}
