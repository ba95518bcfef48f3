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
package io.cameliot.awsiot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.provisioning.flow.ProvisioningStep;
import io.cameliot.awsiot.provisioning.wire.RejectionAdvice;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user is told when a device is not provisioned. */
class ProvisioningErrorsTest extends ProvisioningTestSupport {

    private static final String CREATE = "$aws/certificates/create-from-csr/json";
    private static final String REGISTER = "$aws/provisioning-templates/factory/provision/json";
    private static final Path PAGE = Path.of("..", "docs", "awsiot-provisioning.md");

    @Test
    void saysWhichTemplateThereIsNot() throws Exception {
        aws.provisioning().deleteTemplate("factory");
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStep()).isEqualTo(ProvisioningStep.REGISTER);
        assertThat(refused.getStatus()).isEqualTo(404);
        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused.getTemplate()).isEqualTo("factory");
        assertThat(refused).hasMessageContaining("by template factory").hasMessageContaining("Check the name");
    }

    @Test
    void saysThatTheHookDenies() throws Exception {
        aws.provisioning().createTemplate(template.withHook(request -> Decision.deny()));
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStatus()).isEqualTo(403);
        assertThat(refused.getErrorCode()).isEqualTo("AccessDenied");
        assertThat(refused.getServiceMessage()).isEqualTo("Access Denied");
        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused).hasMessageContaining("pre-provisioning hook");
    }

    @Test
    void registersTheSameCertificateOnceTheHookAllows() throws Exception {
        aws.provisioning().createTemplate(template.withHook(request -> Decision.deny()));
        start(provisioning(""));
        refused(serial("17"));
        aws.provisioning().createTemplate(template);

        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");

        assertThat(aws.provisioning().certificates().orphans()).isEmpty();
    }

    @Test
    void saysThatParametersAreMissing() throws Exception {
        start(provisioning(""));

        DeviceProvisioningException refused = refused(null);

        assertThat(refused.getStatus()).isEqualTo(400);
        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused).hasMessageContaining("SerialNumber").hasMessageContaining("parameter.<name>");
    }

    @ParameterizedTest
    @CsvSource({
        "$aws/certificates/create-from-csr/json,429 ThrottlingException,CREATE",
        "$aws/certificates/create-from-csr/json,500 InternalFailure,CREATE",
        "$aws/provisioning-templates/factory/provision/json,503 ServiceUnavailable,REGISTER"
    })
    void triesAgainWhatCanPassUpToMaxRetries(String topic, String code, ProvisioningStep step) throws Exception {
        aws.faults().inject(new Fault.RejectRequest(topic, code, "Later"), 3);
        start(provisioning("&maxRetries=1"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.isRetryable()).isTrue();
        assertThat(refused.getStep()).isEqualTo(step);
        assertThat(refused).hasMessageContaining("maxRetries").hasMessageContaining(code + " (Later)");
        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");
    }

    @ParameterizedTest
    @CsvSource({"400 InvalidCertificateSigningRequest,keyAlgorithm", "403 AccessDenied,claim certificate"})
    void saysWhyThereIsNoCertificate(String code, String advice) throws Exception {
        aws.faults().inject(new Fault.RejectRequest(CREATE, code, "No"));
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStep()).isEqualTo(ProvisioningStep.CREATE);
        assertThat(refused).hasMessageContaining(code).hasMessageContaining(advice);
    }

    /** A trap that users report: the policy in AWS's documents does not cover create-from-csr. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatThePolicyOfTheClaimDoesNotCoverSigningRequests(boolean subscribing) throws Exception {
        DevicePolicy policy = DevicePolicy.DENY_ALL
                .allow(Action.CONNECT, "*")
                .allow(Action.PUBLISH, "$aws/certificates/create/*")
                .allow(Action.SUBSCRIBE, subscribing ? "$aws/*" : "$aws/certificates/create/*");
        useClaim(aws.provisioning().issueClaim("documented", Optional.empty(), policy));
        start(provisioning("&maxRetries=1&requestTimeout=3s"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused)
                .hasMessageContaining("$aws/certificates/create/* does not cover it")
                .hasMessageContaining(CREATE)
                .hasMessageContaining(subscribing ? "iot:Publish" : "iot:Subscribe");
    }

    @Test
    void saysThatTheClaimHasExpired() throws Exception {
        useClaim(aws.provisioning().issueTemporaryClaim(template));
        aws.advanceClock(Duration.ofMinutes(5));
        start(provisioning("&maxRetries=1"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStep()).isEqualTo(ProvisioningStep.CONNECT);
        assertThat(refused).hasMessageContaining("claim certificate");
    }

    /** The thing is registered, but its policy forbids the client id. */
    @Test
    void saysThatTheDeviceMayNotConnect() throws Exception {
        aws.provisioning().createTemplate(template.withPolicy(DevicePolicy.DENY_ALL.allow(Action.CONNECT, "another")));
        start(provisioning("&maxRetries=1"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStep()).isEqualTo(ProvisioningStep.PROVE);
        assertThat(refused).hasMessageContaining("sensor-17").hasMessageContaining("iot:Connect");
        aws.provisioning().createTemplate(template);
    }

    @Test
    void saysThatAnotherProcessUsesTheDirectory() throws Exception {
        Files.createDirectories(identity);
        start(provisioning("&maxRetries=1"));
        try (FileChannel file = FileChannel.open(
                        identity.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            DeviceProvisioningException refused = refused(serial("17"));

            assertThat(refused.isRetryable()).isTrue();
            assertThat(refused).hasMessageContaining("in use").hasMessageContaining(identity.toString());
            assertThat(lock.isValid()).isTrue();
        }
        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");
    }

    @Test
    void saysThatTheDirectoryCannotBeUsed() throws Exception {
        Files.writeString(identity, "a file");
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused).hasMessageContaining("identityDirectory");
        assertThat(aws.receivedConnects()).isEmpty();
    }

    @Test
    void saysThatTheClaimIsMissing() throws Exception {
        Files.delete(folder.resolve("claim.cert.pem"));
        start(provisioning(""));

        assertThat(refused(serial("17"))).hasMessageContaining("certificateFile");
    }

    @Test
    void saysThatTimeIsUp() throws Exception {
        aws.faults().inject(new Fault.WithholdMessage(REGISTER + "/accepted"));
        start(provisioning("&provisioningTimeout=12s"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.isRetryable()).isTrue();
        assertThat(refused).hasMessageContaining("provisioningTimeout=12000");
        assertThat(provision(serial("17"), Map.of()).getCertificateId()).isNotEmpty();
        assertThat(thingNames()).containsExactly("sensor-17");
    }

    @ParameterizedTest
    @EnumSource(RejectionAdvice.class)
    void isInTheTableOfThePage(RejectionAdvice advice) throws Exception {
        assertThat(Files.readAllLines(PAGE))
                .contains("| " + advice.answer() + " | " + advice.meaning() + " | " + advice.whatToDo() + " |");
    }
}
