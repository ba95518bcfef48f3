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
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.provisioning.flow.ProvisioningStep;
import io.cameliot.awsiot.provisioning.wire.RejectionAdvice;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.pki.KeyFormat;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
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

    @ParameterizedTest
    @EnumSource(Hook.class)
    void saysThatTheHookDeniesFailsOrIsSlow(Hook hook) throws Exception {
        aws.provisioning()
                .createTemplate(
                        template.withHookTimeout(hook == Hook.SLOW ? Duration.ofMillis(100) : Duration.ofSeconds(30))
                                .withHook(hook));
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStatus()).isEqualTo(403);
        assertThat(refused.getErrorCode()).isEqualTo("AccessDenied");
        assertThat(refused.getServiceMessage()).isEqualTo("Access Denied");
        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused).hasMessageContaining("pre-provisioning hook").hasMessageContaining("has five seconds");
    }

    private enum Hook implements PreProvisioningHook {
        DENYING,
        FAILING,
        SLOW;

        @Override
        public Decision decide(Request request) throws Exception {
            if (this == FAILING) {
                throw new IllegalStateException("no such table");
            }
            if (this == SLOW) {
                new CountDownLatch(1).await();
            }
            return Decision.deny();
        }
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
    @Shows("Gave up after … retries in a row (maxRetries)")
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
    @EnumSource(RejectionAdvice.class)
    void saysWhatToDoAboutARejection(RejectionAdvice advice) throws Exception {
        Fault.RejectRequest rejection = rejection(advice);
        int status = Integer.parseInt(rejection.code().split(" ")[0]);
        aws.faults().inject(rejection);
        start(provisioning("&maxRetries=0"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused)
                .hasMessageContaining(rejection.code() + " (No)")
                .hasMessageEndingWith(". " + advice.whatToDo());
        assertThat(refused.getStep())
                .isEqualTo(
                        rejection.topicFilter().equals(CREATE) ? ProvisioningStep.CREATE : ProvisioningStep.REGISTER);
        assertThat(refused.getStatus() + " " + refused.getErrorCode()).isEqualTo(rejection.code());
        assertThat(refused.isRetryable()).isEqualTo(status == 429 || status >= 500);
    }

    /** An answer that each row is about; a row without one does not compile. */
    private static Fault.RejectRequest rejection(RejectionAdvice advice) {
        return switch (advice) {
            case TOKEN -> new Fault.RejectRequest(REGISTER, "400 InvalidCertificateOwnershipToken", "No");
            case SIGNING_REQUEST -> new Fault.RejectRequest(CREATE, "400 InvalidCertificateSigningRequest", "No");
            case PARAMETERS -> new Fault.RejectRequest(REGISTER, "400 InvalidParameters", "No");
            case CREATE_DENIED -> new Fault.RejectRequest(CREATE, "403 AccessDenied", "No");
            case DENIED -> new Fault.RejectRequest(REGISTER, "403 AccessDenied", "No");
            case NO_TEMPLATE -> new Fault.RejectRequest(REGISTER, "404 ResourceNotFound", "No");
            case CONFLICT -> new Fault.RejectRequest(REGISTER, "409 ResourceConflict", "No");
            case THROTTLED -> new Fault.RejectRequest(CREATE, "429 ThrottlingException", "No");
            case SERVICE_TROUBLE -> new Fault.RejectRequest(CREATE, "500 InternalFailure", "No");
            case OTHER -> new Fault.RejectRequest(REGISTER, "418 Teapot", "No");
        };
    }

    /** A trap that users report: the policy in AWS's documents does not cover create-from-csr. */
    @Test
    @Shows("refused the subscription")
    void saysThatThePolicyOfTheClaimAllowsNoAnswersToSigningRequests() throws Exception {
        useClaimWithTheDocumentedPolicyAnd("$aws/certificates/create/*");
        start(provisioning("&maxRetries=1&requestTimeout=3s"));

        assertThat(refused(serial("17")))
                .hasMessageContaining("$aws/certificates/create/* does not cover it")
                .hasMessageContaining(CREATE)
                .hasMessageContaining("iot:Subscribe");
    }

    @Test
    void saysThatThePolicyOfTheClaimAllowsNoSigningRequests() throws Exception {
        useClaimWithTheDocumentedPolicyAnd("$aws/*");
        start(provisioning("&maxRetries=1&requestTimeout=3s"));

        assertThat(refused(serial("17")))
                .hasMessageContaining("$aws/certificates/create/* does not cover it")
                .hasMessageContaining(CREATE)
                .hasMessageContaining("iot:Publish");
    }

    private void useClaimWithTheDocumentedPolicyAnd(String subscriptions) {
        DevicePolicy policy = DevicePolicy.DENY_ALL
                .allow(Action.CONNECT, "*")
                .allow(Action.PUBLISH, "$aws/certificates/create/*")
                .allow(Action.SUBSCRIBE, subscriptions)
                .allow(Action.RECEIVE, subscriptions);
        useClaim(aws.provisioning().issueClaim("documented", Optional.empty(), policy));
    }

    /** What AWS does is not documented, so that silence is explained, too. */
    @ParameterizedTest
    @ValueSource(strings = {CREATE, REGISTER})
    @Shows("closes the connection, or does not answer, when the policy of the claim certificate does not allow")
    void saysWhatSilenceCanMean(String topic) throws Exception {
        aws.faults().inject(new Fault.WithholdMessage(topic + "/accepted"), Faults.ALWAYS);
        aws.provisioning().createTemplate(template.withPolicy(DevicePolicy.DENY_ALL));
        start(provisioning("&maxRetries=0&requestTimeout=3s"));

        assertThat(refused(serial("17"))).hasMessageContaining("iot:Publish on topic/" + topic);
    }

    @Test
    @Shows("The answer on topic … could not be read")
    void saysThatAnAnswerCannotBeRead() throws Exception {
        aws.faults().inject(new Fault.WithholdMessage(CREATE + "/accepted"));
        start(provisioning(""));
        CompletableFuture<Exchange> waiting = sendAsync(serial("17"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !aws.provisioning().certificates().orphans().isEmpty());

        aws.publish(CREATE + "/accepted", "no JSON", 1);

        assertThat(waiting.get(20, TimeUnit.SECONDS).getException(DeviceProvisioningException.class))
                .hasMessageContaining("it is no JSON object")
                .satisfies(refused -> assertThat(refused.isRetryable()).isFalse());
    }

    @Test
    @Shows("The message body is no JSON object")
    void saysThatTheBodyHoldsNoParameters() throws Exception {
        start(provisioning(""));

        assertThat(send("SerialNumber=17", Map.of()).getException()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Shows("Check that the claim certificate is registered, active and not expired")
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
    @Shows("The thing is registered as")
    void saysThatTheDeviceMayNotConnect() throws Exception {
        aws.provisioning().createTemplate(template.withPolicy(DevicePolicy.DENY_ALL.allow(Action.CONNECT, "another")));
        start(provisioning("&maxRetries=1"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.getStep()).isEqualTo(ProvisioningStep.PROVE);
        assertThat(refused).hasMessageContaining("sensor-17").hasMessageContaining("iot:Connect");
        aws.provisioning().createTemplate(template);
    }

    @Test
    @Shows("is in use by another process")
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
    @Shows("The identity directory cannot be used")
    void saysThatTheDirectoryCannotBeUsed() throws Exception {
        Files.writeString(identity, "a file");
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused).hasMessageContaining("identityDirectory");
        assertThat(aws.receivedConnects()).isEmpty();
    }

    /** As on a file system that is mounted read-only. Permissions do not stop who runs tests as root. */
    @Test
    void saysThatTheDirectoryCannotBeWrittenTo() throws Exception {
        identity = Path.of("/proc/identity");
        start(provisioning(""));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused).hasMessageContaining("identityDirectory").hasMessageContaining("/proc/identity");
        assertThat(aws.receivedConnects()).isEmpty();
    }

    /** Files that someone has put there, or a broken disk. */
    @Test
    @Shows("are no certificate with its key")
    void saysThatTheFilesBelongToDifferentDevicesAndReplacesThemWhenAskedTo() throws Exception {
        start(provisioning(""));
        Files.createDirectories(identity);
        Files.copy(folder.resolve("claim.cert.pem"), identity.resolve("certificate.pem"));
        Files.writeString(
                identity.resolve("private-key.pem"), aws.issueDevice("other").privateKeyPem(KeyFormat.PKCS8));

        assertThat(refused(serial("17")))
                .hasMessageContaining("are no certificate with its key")
                .hasMessageContaining("reprovision=true");
        assertThat(aws.receivedConnects()).isEmpty();

        Map<String, Object> anew = Map.of(AwsIotProvisioningConstants.REPROVISION, true);
        assertThat(provision(serial("17"), anew).getThingName()).isEqualTo("sensor-17");
        assertThat(provision(serial("17"), Map.of()).getThingName()).isEqualTo("sensor-17");
    }

    @Test
    void saysThatTheClaimIsMissing() throws Exception {
        Files.delete(folder.resolve("claim.cert.pem"));
        start(provisioning(""));

        assertThat(refused(serial("17"))).hasMessageContaining("certificateFile");
    }

    @Test
    @Shows("Not done within provisioningTimeout")
    void saysThatTimeIsUp() throws Exception {
        aws.faults().inject(new Fault.WithholdMessage(REGISTER + "/accepted"));
        start(provisioning("&provisioningTimeout=12s"));

        DeviceProvisioningException refused = refused(serial("17"));

        assertThat(refused.isRetryable()).isTrue();
        assertThat(refused).hasMessageContaining("provisioningTimeout=12000");
        assertThat(provision(serial("17"), Map.of()).getCertificateId()).isNotEmpty();
        assertThat(thingNames()).containsExactly("sensor-17");
    }

    @Test
    void everyMessageInTheTableOfThePageIsShownByATest() throws Exception {
        List<String> page = Files.readString(PAGE)
                .replaceFirst("(?s).*What else the message can say:", "")
                .replaceFirst("(?s)\n## .*", "")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();

        assertThat(Stream.of(ProvisioningErrorsTest.class, ProvisioningRouteTest.class)
                        .flatMap(tests -> Stream.of(tests.getDeclaredMethods()))
                        .filter(test -> test.isAnnotationPresent(Shows.class))
                        .map(test -> test.getAnnotation(Shows.class).value()))
                .containsExactlyInAnyOrderElementsOf(page);
    }

    @ParameterizedTest
    @EnumSource(RejectionAdvice.class)
    void isInTheTableOfThePage(RejectionAdvice advice) throws Exception {
        assertThat(Files.readAllLines(PAGE))
                .contains("| " + advice.answer() + " | " + advice.meaning() + " | " + advice.whatToDo() + " |");
    }
}
