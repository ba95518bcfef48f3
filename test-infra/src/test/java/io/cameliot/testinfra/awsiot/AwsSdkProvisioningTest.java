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

import static io.cameliot.testinfra.awsiot.AwsSdkDevice.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.provisioning.CertificateState;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.SigningRequests;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.iot.iotidentity.IotIdentityV2Client;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrResponse;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateResponse;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingResponse;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponse;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponseException;

/** The identity client of AWS's SDK provisions devices at the emulator. */
class AwsSdkProvisioningTest {
    /** To generate an RSA key can take seconds on a busy machine. */
    private static final int PATIENCE_SECONDS = 20;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(AwsSdkDevice.HOST));

    private final AwsIotEmulator aws = AWS.emulator();
    private final ProvisioningTemplate template =
            ProvisioningTemplate.named("sdk").withDeviceConfiguration(Map.of("interval", "10s"));
    private String serialNumber;
    private AwsSdkDevice device;
    private IotIdentityV2Client identities;

    @BeforeEach
    void connect(TestInfo test) throws Exception {
        serialNumber = test.getTestMethod().orElseThrow().getName();
        aws.provisioning().createTemplate(template);
        IssuedCertificate claim = aws.provisioning().issueClaim(template);
        device = new AwsSdkDevice(aws, "claim-" + serialNumber, claim.chainPem(), claim.privateKeyPem(KeyFormat.SEC1));
        identities = IotIdentityV2Client.newFromMqtt5(device.client(), options(PATIENCE_SECONDS));
    }

    @AfterEach
    void disconnect() throws Exception {
        identities.close();
        device.close();
    }

    @Test
    void provisionsWithAKeyOfTheService() throws Exception {
        CreateKeysAndCertificateResponse created =
                await(identities.createKeysAndCertificate(new CreateKeysAndCertificateRequest()));

        RegisterThingResponse registered = await(identities.registerThing(register(created.certificateOwnershipToken)));

        assertThat(registered.thingName).isEqualTo(serialNumber);
        assertThat(registered.deviceConfiguration).containsExactly(Map.entry("interval", "10s"));
        assertConnects(created.certificateId, created.certificatePem, created.privateKey);
    }

    @Test
    void provisionsWithAKeyOfItsOwn() throws Exception {
        KeyPair keys = KeyType.EC.generate();
        CreateCertificateFromCsrRequest request = new CreateCertificateFromCsrRequest();
        request.certificateSigningRequest = SigningRequests.of(keys, "CN=sdk");

        CreateCertificateFromCsrResponse created = await(identities.createCertificateFromCsr(request));
        RegisterThingResponse registered = await(identities.registerThing(register(created.certificateOwnershipToken)));

        assertThat(registered.thingName).isEqualTo(serialNumber);
        String key = new IssuedCertificate(keys.getPrivate(), List.of()).privateKeyPem(KeyFormat.SEC1);
        assertConnects(created.certificateId, created.certificatePem, key);
    }

    @Test
    void learnsThatItsSigningRequestIsNone() {
        CreateCertificateFromCsrRequest request = new CreateCertificateFromCsrRequest();
        request.certificateSigningRequest = "-----BEGIN CERTIFICATE-----";

        assertRejected(identities.createCertificateFromCsr(request), 400, "InvalidCertificateSigningRequest");
    }

    @Test
    void learnsThatItsTokenIsEmpty() {
        V2ErrorResponse error =
                assertRejected(identities.registerThing(register("")), 400, "InvalidCertificateOwnershipToken");

        assertThat(error.errorMessage).isEqualTo("Certificate ownership token cannot be empty.");
    }

    @Test
    void learnsThatTheHookDenies() throws Exception {
        aws.provisioning().createTemplate(template.withHook(request -> Decision.deny()));
        CreateKeysAndCertificateResponse created =
                await(identities.createKeysAndCertificate(new CreateKeysAndCertificateRequest()));

        assertRejected(identities.registerThing(register(created.certificateOwnershipToken)), 403, "AccessDenied");
    }

    @Test
    void learnsThatItIsThrottledAndTriesAgain() throws Exception {
        aws.faults().inject(new Fault.RejectRequest("$aws/certificates/create/json", "429 Throttling", "Slow down"));

        assertRejected(identities.createKeysAndCertificate(new CreateKeysAndCertificateRequest()), 429, "Throttling");

        assertThat(await(identities.createKeysAndCertificate(new CreateKeysAndCertificateRequest())).certificateId)
                .isNotEmpty();
    }

    @Test
    void waitsInVainForALostAnswer() throws Exception {
        identities.close();
        identities = IotIdentityV2Client.newFromMqtt5(device.client(), options(1));
        aws.faults().inject(new Fault.WithholdMessage("$aws/certificates/create/json/accepted"));

        assertThatThrownBy(() -> await(identities.createKeysAndCertificate(new CreateKeysAndCertificateRequest())))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(CrtRuntimeException.class)
                .hasMessageContaining("timeout");
    }

    private static MqttRequestResponseClientOptions options(int timeoutSeconds) {
        return MqttRequestResponseClientOptions.builder()
                .withMaxRequestResponseSubscriptions(4)
                .withMaxStreamingSubscriptions(1)
                .withOperationTimeoutSeconds(timeoutSeconds)
                .build();
    }

    private RegisterThingRequest register(String token) {
        RegisterThingRequest request = new RegisterThingRequest();
        request.templateName = template.name();
        request.certificateOwnershipToken = token;
        request.parameters = new HashMap<>(Map.of(ProvisioningTemplate.SERIAL_NUMBER, serialNumber));
        return request;
    }

    private void assertConnects(String certificateId, String certificate, String key) throws Exception {
        assertThat(aws.provisioning()
                        .certificates()
                        .find(certificateId)
                        .orElseThrow()
                        .state())
                .isEqualTo(CertificateState.ACTIVE);
        try (AwsSdkDevice provisioned = new AwsSdkDevice(aws, serialNumber, certificate, key)) {
            assertThat(provisioned.client().getIsConnected()).isTrue();
            assertThat(aws.connectionsOf(serialNumber))
                    .singleElement()
                    .extracting(connection -> connection.principal().identifier())
                    .isEqualTo(certificateId);
        }
    }

    private static V2ErrorResponse assertRejected(CompletableFuture<?> request, int status, String code) {
        V2ErrorResponse[] error = new V2ErrorResponse[1];
        assertThatThrownBy(() -> await(request))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .asInstanceOf(type(V2ErrorResponseException.class))
                .satisfies(rejected -> error[0] = rejected.getModeledError());
        assertThat(error[0].statusCode).isEqualTo(status);
        assertThat(error[0].errorCode).isEqualTo(code);
        return error[0];
    }
}
