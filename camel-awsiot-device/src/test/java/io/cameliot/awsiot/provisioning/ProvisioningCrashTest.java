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

import static io.cameliot.awsiot.provisioning.DyingDevices.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.awsiot.provisioning.DyingDevices.Device;
import io.cameliot.awsiot.provisioning.flow.ProvisioningStep;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription.Purpose;
import io.cameliot.testinfra.awsiot.provisioning.CertificateState;
import io.cameliot.testinfra.awsiot.provisioning.ProvisionedThing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} at each step: the next start ends with a working device. A process that is killed has a device for each
 * step, which stands still where that step begins; one emulator serves all cases of a method.
 */
class ProvisioningCrashTest extends ProvisioningTestSupport {

    private static final int TIMES = 3;
    private static final String CREATE = "$aws/certificates/create-from-csr/json";
    private static final String REGISTER = "$aws/provisioning-templates/factory/provision/json";
    private static final Duration LONG = Duration.ofSeconds(100);
    private static final String BUSY = "$aws/provisioning-templates/busy/provision/json";

    /** All steps but the first, in which nothing was done. */
    private static final List<ProvisioningStep> STEPS = Stream.of(ProvisioningStep.values())
            .filter(step -> step != ProvisioningStep.QUEUED)
            .toList();

    /** By serial number. */
    private final Map<String, CompletableFuture<DeviceProvisioningResult>> firstStarts = new HashMap<>();

    @BeforeEach
    void letOneTemplateBeBusy() {
        useClaim(aws.provisioning()
                .issueClaim(
                        "batch",
                        Optional.empty(),
                        DevicePolicy.DENY_ALL
                                .allow(Action.CONNECT, "*")
                                .allow(Action.PUBLISH, "$aws/*")
                                .allow(Action.SUBSCRIBE, "$aws/*")
                                .allow(Action.RECEIVE, "$aws/*")));
        aws.faults().inject(new Fault.RejectRequest(BUSY, "503 ServiceUnavailable", "Later"), Faults.ALWAYS);
    }

    @TestFactory
    Stream<DynamicTest> endsWithAWorkingDeviceWhereverItWasKilled() throws Exception {
        start(provisioning(""));
        return IntStream.rangeClosed(1, TIMES)
                .boxed()
                .flatMap(time -> Stream.concat(
                        Stream.of(dynamicTest("kill -9, " + time, () -> {
                            kill(step -> step + "-" + time, "");
                            provisionAll(step -> step + "-" + time);
                        })),
                        STEPS.stream()
                                .map(step -> dynamicTest(
                                        step + ", " + time,
                                        () -> assertRecovers(
                                                step + "-" + time, step == ProvisioningStep.STORE ? 1 : 0)))));
    }

    @TestFactory
    Stream<DynamicTest> keepsAWorkingDeviceWhereverItWasKilledWhileReprovisioning() throws Exception {
        start(provisioning(""));
        provisionAll(Enum::name);
        Map<ProvisioningStep, DeviceProvisioningResult> before = new EnumMap<>(ProvisioningStep.class);
        for (ProvisioningStep step : STEPS) {
            before.put(step, firstStarts.get(step.name()).get());
        }

        kill(Enum::name, "&reprovision=true");

        return STEPS.stream()
                .map(step -> dynamicTest(step.name(), () -> {
                    DeviceProvisioningResult still = provisioned(step.name());
                    assertWorks(still);
                    if (step == ProvisioningStep.FINISHED) {
                        assertThat(still.getCertificateId())
                                .isNotEqualTo(before.get(step).getCertificateId());
                        return;
                    }
                    assertThat(still.toMap()).isEqualTo(before.get(step).toMap());

                    DeviceProvisioningResult after = provision(
                            null,
                            Map.of(
                                    AwsIotProvisioningConstants.SERIAL_NUMBER,
                                    step.name(),
                                    AwsIotProvisioningConstants.REPROVISION,
                                    true));

                    assertWorks(after);
                    assertThat(certificates(step.name()))
                            .filteredOn(certificate -> certificate.state() == CertificateState.ACTIVE)
                            .as("the one that was replaced, and the one that replaces it")
                            .extracting(CertificateDescription::certificateId)
                            .containsExactly(still.getCertificateId(), after.getCertificateId());
                    assertThat(unregistered(step.name())).hasSize(step == ProvisioningStep.STORE ? 1 : 0);
                }));
    }

    /** AWS has deleted what was not registered by then, and takes no token of that time. */
    @TestFactory
    Stream<DynamicTest> endsWithAWorkingDeviceWhereverItWasKilledTwoHoursAgo() throws Exception {
        start(provisioning(""));
        kill(Enum::name, "");
        twoHoursPass();
        provisionAll(Enum::name);
        Set<ProvisioningStep> unregistered =
                EnumSet.of(ProvisioningStep.STORE, ProvisioningStep.REGISTER, ProvisioningStep.BACKOFF);
        return STEPS.stream()
                .map(step -> dynamicTest(
                        step.name(), () -> assertRecovers(step.name(), unregistered.contains(step) ? 1 : 0)));
    }

    /** What the certificates of the earlier run hold of the time, and the clock of AWS. */
    private void twoHoursPass() throws IOException {
        Duration time = Duration.ofHours(2);
        aws.advanceClock(time);
        ObjectMapper json = new ObjectMapper();
        try (Stream<Path> files = Files.walk(identity)) {
            for (Path file :
                    files.filter(path -> path.endsWith("pending-identity.json")).toList()) {
                ObjectNode description = (ObjectNode) json.readTree(file.toFile());
                Instant created = Instant.parse(description.get("created").asText());
                description.put("created", created.minus(time).toString());
                json.writeValue(file.toFile(), description);
            }
        }
    }

    /** The name of the thing is lost, and the certificate must not be. */
    @Test
    void keepsTheCertificateThatWasRegisteredWithoutAnAnswerTwoHoursAgo() throws Exception {
        killBeforeAnAnswer(REGISTER);
        twoHoursPass();
        // A hook that admits a device once.
        aws.faults().inject(new Fault.RejectRequest(REGISTER, "403 AccessDenied", "Once"), Faults.ALWAYS);

        start(provisioning(""));
        assertRecovers("17", 0);

        assertThat(provisioned("17").getThingName()).isNull();
    }

    /** The request has taken effect, and the device dies before it hears of it. */
    @ParameterizedTest
    @ValueSource(strings = {CREATE, REGISTER})
    void endsWithAWorkingDeviceWhenItWasKilledBeforeAnAnswer(String topic) throws Exception {
        killBeforeAnAnswer(topic);

        start(provisioning(""));
        assertRecovers("17", topic.equals(CREATE) ? 1 : 0);
    }

    private void killBeforeAnAnswer(String topic) throws IOException {
        aws.faults().inject(new Fault.WithholdMessage(topic + "/accepted"));
        try (DyingDevices dying = DyingDevices.start(List.of(new Device("17", uri(PATIENCE), "never")))) {
            await().atMost(LONG)
                    .until(() -> topic.equals(CREATE)
                            ? !certificates("17").isEmpty()
                            : thingNames().contains("sensor-17"));
        }
    }

    /**
     * The policy allows the name of the thing only, which nobody knows when the answer to the registration is lost. The
     * parameter ThingName is what the device tries.
     */
    @Test
    void connectsByTheParameterThingNameWhenItWasKilledBeforeItKnewTheName() throws Exception {
        aws.provisioning()
                .createTemplate(template.withRequiredParameters("ThingName")
                        .withThingName(parameters -> parameters.get("ThingName"))
                        .withPolicy(DevicePolicy.DENY_ALL
                                .allow(Action.CONNECT, "lamp-1")
                                .allow(Action.PUBLISH, "readings")));
        aws.faults().inject(new Fault.WithholdMessage(REGISTER + "/accepted"));
        String lamp = "&parameter.ThingName=lamp-1";
        try (DyingDevices dying = DyingDevices.start(List.of(new Device("1", uri(PATIENCE + lamp), "never")))) {
            await().atMost(LONG).until(() -> thingNames().contains("lamp-1"));
        }

        start(provisioning(lamp));
        DeviceProvisioningResult result = provisioned("1");

        publish(result, "lamp-1");
        assertThat(certificates("1"))
                .extracting(CertificateDescription::state)
                .containsExactly(CertificateState.ACTIVE);
    }

    @Test
    void leavesTheDirectoryToAnotherProcessUntilItIsKilled() throws Exception {
        start(provisioning("&maxRetries=0"));
        List<Device> other = List.of(new Device("17", uri(PATIENCE), " leads to CREATE"));
        try (DyingDevices holding = DyingDevices.start(other)) {
            holding.awaitStandstill(other);

            DeviceProvisioningException refused = send(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, "17"))
                    .getException(DeviceProvisioningException.class);

            assertThat(refused.isRetryable()).isTrue();
            assertThat(refused).hasMessageContaining("is in use by another process");
        }
        assertRecovers("17", 0);
    }

    @Test
    void asksForNoCertificateThatItCouldNotKeep() throws Exception {
        try (DyingDevices full = DyingDevices.startWithFileLimit(16, new Device("17", uri(""), "never"))) {
            assertThat(full.nextWords())
                    .contains("The identity directory cannot be used", identity.toString(), "the disk is not full");
        }
        assertThat(aws.receivedConnects()).isEmpty();

        start(provisioning(""));
        assertRecovers("17", 0);
    }

    /** Kills a process with a device for each step. */
    private void kill(Function<ProvisioningStep, String> serialNumber, String options) throws Exception {
        List<Device> devices = STEPS.stream()
                .map(step -> new Device(
                        serialNumber.apply(step),
                        step == ProvisioningStep.BACKOFF
                                ? uri(PATIENCE + options).replace(":factory?", ":busy?")
                                : uri(PATIENCE + options),
                        // A loaded machine may lose a connection and back off before.
                        (step == ProvisioningStep.BACKOFF ? " at REGISTER" : "") + " leads to " + step))
                .toList();
        try (DyingDevices dying = DyingDevices.start(devices)) {
            dying.awaitStandstill(devices);
        }
    }

    /** Provisions a device for each step side by side, because each waits a second between its connections. */
    private void provisionAll(Function<ProvisioningStep, String> serialNumber) {
        ExecutorService threads = Executors.newFixedThreadPool(STEPS.size());
        try {
            STEPS.stream()
                    .map(serialNumber)
                    .forEach(device ->
                            firstStarts.put(device, CompletableFuture.supplyAsync(() -> provisioned(device), threads)));
            CompletableFuture.allOf(firstStarts.values().toArray(CompletableFuture[]::new))
                    .exceptionally(reportedByTheTestOfItsDevice -> null)
                    .join();
        } finally {
            threads.shutdownNow();
        }
    }

    private void assertRecovers(String device, int orphans) throws Exception {
        CompletableFuture<DeviceProvisioningResult> firstStart = firstStarts.get(device);
        DeviceProvisioningResult result = firstStart == null ? provisioned(device) : firstStart.get();

        assertWorks(result);
        assertThat(certificates(device))
                .filteredOn(certificate -> certificate.state() == CertificateState.ACTIVE)
                .as("no certificate is active without a device that has its key")
                .extracting(CertificateDescription::certificateId)
                .containsExactly(result.getCertificateId());
        assertThat(unregistered(device)).as("orphans").hasSize(orphans);
        assertThat(aws.provisioning().things())
                .filteredOn(thing -> thing.name().equals("sensor-" + device))
                .extracting(ProvisionedThing::certificateId)
                .containsExactly(result.getCertificateId());
    }

    /** The certificates that were made for a device: its serial number is the common name of its signing requests. */
    private List<CertificateDescription> certificates(String device) {
        return aws.provisioning().certificates().all().stream()
                .filter(certificate -> certificate.purpose() == Purpose.DEVICE)
                .filter(certificate -> certificate
                        .certificate()
                        .getSubjectX500Principal()
                        .getName()
                        .equals("CN=" + device))
                .toList();
    }

    private List<CertificateDescription> unregistered(String device) {
        return certificates(device).stream()
                .filter(certificate -> certificate.thingName().isEmpty())
                .toList();
    }

    private void assertWorks(DeviceProvisioningResult result) {
        publish(result, "check-" + result.getCertificateId());
    }

    /** The server takes the signature of the key for the certificate of the result, and no other. */
    private void publish(DeviceProvisioningResult result, String clientId) {
        producer.sendBody(
                "awsiot-device:readings?" + connection() + "&clientId=" + clientId + "&certificateFile="
                        + result.getCertificateFile() + "&privateKeyFile=" + result.getPrivateKeyFile(),
                "21.5");
        assertThat(aws.connectionsOf(clientId))
                .extracting(ConnectionInfo::principal)
                .extracting(principal -> principal.identifier())
                .containsOnly(result.getCertificateId());
        assertThat(aws.receivedPublishes("readings"))
                .extracting(published -> published.clientId().orElseThrow())
                .contains(clientId);
    }

    private DeviceProvisioningResult provisioned(String device) {
        return provision(null, Map.of(AwsIotProvisioningConstants.SERIAL_NUMBER, device));
    }
}
