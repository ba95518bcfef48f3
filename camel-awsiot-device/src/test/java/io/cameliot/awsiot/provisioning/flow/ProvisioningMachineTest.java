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
package io.cameliot.awsiot.provisioning.flow;

import static io.cameliot.awsiot.provisioning.flow.Walk.CERTIFICATE;
import static io.cameliot.awsiot.provisioning.flow.Walk.CREATE;
import static io.cameliot.awsiot.provisioning.flow.Walk.REGISTER;
import static io.cameliot.awsiot.provisioning.flow.Walk.THING;
import static io.cameliot.awsiot.provisioning.flow.Walk.TOKEN_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Backoff;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Commit;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.ConnectClaim;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.ConnectDevice;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Create;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Finish;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Ignore;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Open;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Register;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Save;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Store;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Subscribe;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Cancelled;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Committed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectProblem;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Connected;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectionLost;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.DeadlinePassed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.FilesFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Opened;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Recorded;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Started;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Stored;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Subscribed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.TimedOut;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.NotProvisioned;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.Provisioned;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisioningMachineTest {

    private static final RegisteredThing SENSOR = new RegisteredThing("sensor-17", Map.of("interval", "10s"));
    private static final StoredIdentity IDENTITY =
            new StoredIdentity("c0ffee", Path.of("certificate.pem"), Path.of("key.pem"), Optional.of(SENSOR));
    private static final ConnectionLost LOST = new ConnectionLost(false, "the network broke", null);

    @Test
    void storesBeforeItRegistersAndProvesBeforeItIsDone() {
        Walk walk = Walk.started();
        assertThat(walk.action).isInstanceOf(Open.class);
        walk.on(new Opened(Optional.empty(), Optional.empty()));
        assertThat(walk.action).isInstanceOf(ConnectClaim.class);
        walk.on(new Connected());
        assertThat(walk.action).isInstanceOf(Subscribe.class);
        walk.subscribed();
        assertThat(walk.action).isInstanceOf(Create.class);
        walk.answer(CREATE + "/accepted", CERTIFICATE);
        assertThat(((Store) walk.action).created().certificateId()).isEqualTo("c0ffee");
        walk.on(new Stored());
        assertThat(((Register) walk.action).ownershipToken()).isEqualTo("t0ken");
        walk.answer(REGISTER + "/accepted", THING);
        assertThat(((Save) walk.action).thing()).isEqualTo(SENSOR);
        walk.on(new Recorded());
        assertThat(((ConnectDevice) walk.action).thingName()).contains("sensor-17");
        walk.on(new Connected());
        assertThat(((Commit) walk.action).thing()).contains(SENSOR);
        walk.on(new Committed(IDENTITY));

        assertThat(walk.outcome()).isEqualTo(new Provisioned(IDENTITY, true));
    }

    @Test
    void sendsNothingWhereThereIsAnIdentity() {
        Walk walk = Walk.started().on(new Opened(Optional.of(IDENTITY), pending(Duration.ZERO, Optional.empty())));

        assertThat(walk.outcome()).isEqualTo(new Provisioned(IDENTITY, false));
    }

    @Test
    void provisionsAnewWhenAskedTo() {
        Walk walk = Walk.reprovisioning().on(new Opened(Optional.of(IDENTITY), Optional.empty()));

        assertThat(walk.action).isInstanceOf(ConnectClaim.class);
    }

    /** A crash after the answer to the registration. */
    @Test
    void onlyProvesWhatAnEarlierRunHasRegistered() {
        Walk walk = Walk.started().on(new Opened(Optional.empty(), pending(Duration.ofDays(9), Optional.of(SENSOR))));

        assertThat(((ConnectDevice) walk.action).thingName()).contains("sensor-17");
        assertThat(walk.on(new Connected()).action).isInstanceOf(Commit.class);
    }

    /** A crash between the storing and the answer to the registration. */
    @Test
    void registersWhatAnEarlierRunHasStoredWithoutAnotherCertificate() {
        Walk walk = leftBehind(Duration.ofMinutes(59));
        assertThat(((ConnectDevice) walk.action).thingName()).isEmpty();

        walk.on(refusal(ConnectProblem.REFUSED));
        assertThat(walk.action).isInstanceOf(ConnectClaim.class);
        walk.reconnected();

        assertThat(((Register) walk.action).ownershipToken()).isEqualTo("left");
    }

    @Test
    void asksForAnotherCertificateWhenTheTokenOfAnEarlierRunHasExpired() {
        Walk walk = leftBehind(Duration.ofHours(1))
                .on(refusal(ConnectProblem.REFUSED))
                .reconnected();

        assertThat(walk.action).isInstanceOf(Create.class);
    }

    /** It is registered, so it stays. AWS does not repeat the name of the thing for a token that has expired. */
    @Test
    void takesACertificateThatIsLetInIntoUseWhenItsTokenHasExpired() {
        Walk walk = leftBehind(Duration.ofHours(1)).on(new Connected());

        assertThat(((Commit) walk.action).thing()).isEmpty();
    }

    @Test
    void takesACertificateThatIsLetInIntoUseWhenItsTokenExpiresBeforeTheNameIsAskedFor() {
        Walk walk = leftBehind(Duration.ofMinutes(59)).on(new Connected());
        assertThat(walk.action).isInstanceOf(ConnectClaim.class);

        walk.after(Duration.ofMinutes(1)).reconnected();

        assertThat(((Commit) walk.action).thing()).isEmpty();
    }

    /** The network may have closed the connection of a certificate that is registered. */
    @ParameterizedTest
    @ValueSource(ints = {30, 60})
    void triesACertificateAgainThatWasNotRefusedBeforeItAsksForAnother(int minutes) {
        Walk walk = leftBehind(Duration.ofMinutes(minutes));
        closed(walk);

        assertThat(walk.action).isInstanceOf(Backoff.class);
        assertThat(walk.pauseOver().action).isInstanceOf(ConnectDevice.class);
        assertThat(walk.on(new Connected()).action).isInstanceOf(minutes < 60 ? ConnectClaim.class : Commit.class);
    }

    /** AWS does not always say why. */
    @ParameterizedTest
    @ValueSource(ints = {30, 60})
    void asksForAnotherCertificateWhenAllConnectionsWithTheFirstWereClosed(int minutes) {
        Walk walk = leftBehind(Duration.ofMinutes(minutes));
        for (int i = 0; i < 3; i++) {
            closed(walk);
            walk.pauseOver();
        }

        closed(walk);

        assertThat(walk.action).isInstanceOf(Create.class);
    }

    @Test
    void keepsTheCertificateWhenNotAllAttemptsWereClosed() {
        Walk walk = leftBehind(Duration.ofHours(1))
                .on(refusal(ConnectProblem.TRANSIENT))
                .pauseOver();
        for (int i = 0; i < 2; i++) {
            closed(walk);
            walk.pauseOver();
        }

        closed(walk);

        assertThat(walk.failure().retryable()).isTrue();
        assertThat(walk.failure().step()).isEqualTo(ProvisioningStep.PROVE);
    }

    /** A status from 500 does not say whether the registration has taken effect. */
    @Test
    void triesACertificateAgainWhenAwsHadAProblemWithItsRegistration() {
        Walk walk =
                leftBehind(Duration.ZERO).on(refusal(ConnectProblem.REFUSED)).reconnected();
        walk.answer(REGISTER + "/rejected", rejection(500, "InternalError"));
        walk.pauseOver().reconnected();

        walk.answer(REGISTER + "/rejected", TOKEN_REFUSED);

        assertThat(walk.pauseOver().action).isInstanceOf(ConnectDevice.class);
    }

    @Test
    void triesACertificateWhoseRegistrationMayHaveTakenEffectAlthoughAwsHadAProblem() {
        Walk walk = Walk.at(ProvisioningStep.REGISTER).answer(REGISTER + "/rejected", rejection(500, "InternalError"));
        walk.pauseOver().reconnected();

        walk.answer(REGISTER + "/rejected", TOKEN_REFUSED);

        assertThat(walk.pauseOver().action).isInstanceOf(ConnectDevice.class);
        assertThat(walk.on(new Connected()).action).isInstanceOf(ConnectClaim.class);
        walk.reconnected().answer(REGISTER + "/rejected", TOKEN_REFUSED);
        assertThat(walk.action).isInstanceOf(Commit.class);
    }

    /** A device without a clock of its own starts in 1970. */
    @Test
    void triesTheTokenOfTheFuture() {
        Walk walk = leftBehind(Duration.ofDays(-365))
                .on(refusal(ConnectProblem.REFUSED))
                .reconnected();

        assertThat(walk.action).isInstanceOf(Register.class);
        assertThat(walk.answer(REGISTER + "/rejected", TOKEN_REFUSED).action).isInstanceOf(Create.class);
    }

    @Test
    void triesTheCertificateFirstWhenTheAnswerToTheRegistrationIsMissing() {
        for (ProvisioningEvent missing : List.of(LOST, new TimedOut())) {
            Walk walk = Walk.at(ProvisioningStep.REGISTER).on(missing);
            assertThat(walk.action).isInstanceOf(Backoff.class);

            assertThat(walk.pauseOver().action).isInstanceOf(ConnectDevice.class);
        }
    }

    /** AWS may repeat the answer. If it does not, the device is provisioned all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void asksForTheNameOfTheThingThatWasRegisteredWithoutAnAnswer(boolean repeated) {
        Walk walk = Walk.at(ProvisioningStep.REGISTER).on(LOST).pauseOver().on(new Connected());
        assertThat(walk.action).isInstanceOf(ConnectClaim.class);
        walk.reconnected();
        assertThat(walk.action).isInstanceOf(Register.class);

        if (repeated) {
            walk.answer(REGISTER + "/accepted", THING).on(new Recorded());
        } else {
            walk.answer(REGISTER + "/rejected", TOKEN_REFUSED);
        }

        assertThat(((Commit) walk.action).thing()).isEqualTo(repeated ? Optional.of(SENSOR) : Optional.empty());
    }

    @Test
    void isDoneWithoutTheNameWhenTheClaimIsOfNoUseAnyMore() {
        for (ProvisioningEvent event : List.of(
                new DeadlinePassed(),
                refusal(ConnectProblem.REFUSED),
                refusal(ConnectProblem.TRANSIENT),
                refusal(ConnectProblem.PERMANENT))) {
            Walk walk = Walk.at(ProvisioningStep.REGISTER)
                    .on(LOST)
                    .pauseOver()
                    .on(new Connected())
                    .on(event);

            assertThat(walk.action).isInstanceOf(Commit.class);
        }
    }

    @Test
    void registersAgainWhenTheRegistrationHadNotTakenEffect() {
        Walk walk = Walk.at(ProvisioningStep.REGISTER)
                .on(LOST)
                .pauseOver()
                .on(refusal(ConnectProblem.REFUSED))
                .reconnected();

        assertThat(((Register) walk.action).ownershipToken()).isEqualTo("t0ken");
    }

    /** It was registered, but the policy does not let it in with the client id that was tried. */
    @Test
    void asksForAnotherCertificateWhenTheTokenIsUsedUp() {
        Walk walk = Walk.at(ProvisioningStep.REGISTER)
                .on(LOST)
                .pauseOver()
                .on(refusal(ConnectProblem.REFUSED))
                .reconnected()
                .answer(REGISTER + "/rejected", TOKEN_REFUSED);

        assertThat(walk.action).isInstanceOf(Create.class);
    }

    @Test
    void doesNotAskForCertificatesForEver() {
        Walk walk = Walk.at(ProvisioningStep.REGISTER).answer(REGISTER + "/rejected", TOKEN_REFUSED);

        assertThat(walk.failure().rejection().orElseThrow().code()).isEqualTo("InvalidCertificateOwnershipToken");
        assertThat(walk.failure().retryable()).isFalse();
    }

    /** Someone has deleted it at AWS, or has corrected the template since. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void asksForAnotherCertificateInThePlaceOfARefusedOneOnlyWhenAskedTo(boolean reprovision) {
        Walk walk = (reprovision ? Walk.reprovisioning() : Walk.started())
                .on(new Opened(Optional.empty(), pending(Duration.ofDays(9), Optional.of(SENSOR))));
        for (int i = 0; i < 3; i++) {
            walk.on(refusal(ConnectProblem.REFUSED)).pauseOver();
        }

        walk.on(refusal(ConnectProblem.REFUSED));

        if (!reprovision) {
            assertThat(walk.failure().problem()).contains("reprovision=true");
            return;
        }
        assertThat(walk.action).isInstanceOf(ConnectClaim.class);
        assertThat(walk.reconnected().action).isInstanceOf(Create.class);
        walk.answer(CREATE + "/accepted", CERTIFICATE).on(new Stored());
        walk.answer(REGISTER + "/accepted", THING).on(new Recorded());
        for (int i = 0; i < 3; i++) {
            walk.on(refusal(ConnectProblem.REFUSED)).pauseOver();
        }
        walk.on(refusal(ConnectProblem.REFUSED));
        assertThat(walk.failure().step())
                .as("not one certificate after the other")
                .isEqualTo(ProvisioningStep.PROVE);
    }

    @Test
    void keepsARegisteredCertificateThatTheNetworkKeptOutWhenAskedForAnother() {
        Walk walk = Walk.reprovisioning()
                .on(new Opened(Optional.empty(), pending(Duration.ofDays(9), Optional.of(SENSOR))));
        for (int i = 0; i < 3; i++) {
            walk.on(refusal(ConnectProblem.TRANSIENT)).pauseOver();
        }

        walk.on(refusal(ConnectProblem.CLOSED));

        assertThat(walk.failure().step()).isEqualTo(ProvisioningStep.PROVE);
    }

    /** Before, AWS closed the connection because the certificate was not registered. */
    @Test
    void keepsARegisteredCertificateThatWasClosedOutBeforeItsRegistration() {
        Walk walk = Walk.reprovisioning()
                .on(new Opened(Optional.empty(), pending(Duration.ZERO, Optional.empty())))
                .on(refusal(ConnectProblem.CLOSED))
                .reconnected();
        walk.answer(REGISTER + "/accepted", THING).on(new Recorded());
        for (int i = 0; i < 2; i++) {
            walk.on(refusal(ConnectProblem.CLOSED)).pauseOver();
        }
        walk.on(refusal(ConnectProblem.TRANSIENT)).pauseOver();

        walk.on(refusal(ConnectProblem.CLOSED));

        assertThat(walk.failure().step()).isEqualTo(ProvisioningStep.PROVE);
    }

    @Test
    void asksForAnotherCertificateWhenTheAnswerWithTheFirstIsMissing() {
        Walk walk = Walk.at(ProvisioningStep.CREATE).on(LOST).pauseOver().reconnected();

        assertThat(walk.action).isInstanceOf(Create.class);
    }

    @Test
    void connectsAgainWhenTheConnectionIsLostWhileItStores() {
        Walk walk = Walk.at(ProvisioningStep.STORE).on(LOST);
        assertThat(walk.action).isInstanceOf(Ignore.class);

        assertThat(walk.on(new Stored()).action).isInstanceOf(ConnectClaim.class);
        assertThat(walk.reconnected().action).isInstanceOf(Register.class);
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503"})
    void registersAgainAfterWhatCanPass(int status) {
        Walk walk = Walk.at(ProvisioningStep.REGISTER).answer(REGISTER + "/rejected", rejection(status, "Throttling"));
        assertThat(((Backoff) walk.action).time()).isEqualTo(Duration.ofSeconds(1));

        assertThat(walk.pauseOver().reconnected().action).isInstanceOf(Register.class);
    }

    @ParameterizedTest
    @CsvSource({"429,REGISTER,maxConcurrentProvisionings", "503,REGISTER,Try again later", "429,CREATE,quota raised"})
    void endsWithTheRejectionThatItHasNoTimeToWaitFor(int status, ProvisioningStep step, String advice) {
        String topic = (step == ProvisioningStep.CREATE ? CREATE : REGISTER) + "/rejected";
        Walk walk = Walk.at(step).after(Duration.ofSeconds(119)).answer(topic, rejection(status, "Throttling"));

        NotProvisioned failure = walk.failure();
        assertThat(failure.step()).isEqualTo(step);
        assertThat(failure.rejection().orElseThrow().status()).isEqualTo(status);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.problem()).contains(status + " Throttling (Why)", "provisioningTimeout=120000 ms", advice);
    }

    @ParameterizedTest
    @CsvSource({"400,Parameters of the template", "403,hook", "404,Check the name", "409,OverrideSettings"})
    void endsWithWhatCannotPass(int status, String advice) {
        Walk walk = Walk.at(ProvisioningStep.REGISTER).answer(REGISTER + "/rejected", rejection(status, "Code"));

        NotProvisioned failure = walk.failure();
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.step()).isEqualTo(ProvisioningStep.REGISTER);
        assertThat(failure.rejection().orElseThrow().status()).isEqualTo(status);
        assertThat(failure.problem()).contains(status + " Code (Why)", advice);
    }

    @Test
    void givesUpAfterSoManyRetries() {
        Walk walk = Walk.at(ProvisioningStep.CREATE);
        for (int i = 0; i < 3; i++) {
            walk.on(LOST).pauseOver().reconnected();
        }
        walk.on(LOST);

        assertThat(walk.failure().retryable()).isTrue();
        assertThat(walk.failure().problem())
                .contains("3 retries", "the network broke", "iot:Publish on topic/" + CREATE, "does not cover it");
    }

    /** AWS closes the connection of a claim certificate that is not active, and gives no reason. */
    @ParameterizedTest
    @CsvSource({"CLOSED,false", "CLOSED,true", "TRANSIENT,false", "TRANSIENT,true"})
    void saysWhatToLookAtWhenAwsClosesTheConnectionsOfTheClaim(ConnectProblem problem, boolean outOfTime) {
        Walk walk = Walk.at(ProvisioningStep.CONNECT);
        if (outOfTime) {
            walk.after(Duration.ofSeconds(119));
        } else {
            for (int i = 0; i < 3; i++) {
                walk.on(refusal(problem)).pauseOver();
            }
        }
        walk.on(refusal(problem));

        assertThat(walk.failure().retryable()).isTrue();
        assertThat(walk.failure().problem().contains("Check that the claim certificate is registered, active"))
                .isEqualTo(problem == ConnectProblem.CLOSED);
    }

    @Test
    void waitsForAnActivatedCertificateToBeKnownAndSaysAtLastWhatToLookAt() {
        Walk walk = Walk.at(ProvisioningStep.PROVE);
        for (int i = 0; i < 3; i++) {
            walk.on(refusal(ConnectProblem.REFUSED));
            assertThat(walk.pauseOver().action).isInstanceOf(ConnectDevice.class);
        }
        walk.on(refusal(ConnectProblem.REFUSED));

        assertThat(walk.failure().retryable()).isFalse();
        assertThat(walk.failure().problem()).contains("sensor-17", "iot:Connect");
    }

    /** The session that a device has at the server would be lost otherwise. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsTheSessionOfADeviceThatHasAnIdentity(boolean reprovision) {
        Walk walk = (reprovision ? Walk.reprovisioning() : Walk.started())
                .on(new Opened(Optional.empty(), pending(Duration.ZERO, Optional.of(SENSOR))));

        assertThat(((ConnectDevice) walk.action).resume()).isEqualTo(reprovision);
        walk.on(refusal(ConnectProblem.REFUSED)).pauseOver();
        assertThat(((ConnectDevice) walk.action).resume()).isEqualTo(reprovision);
    }

    /** Its policy may lack PersistentConnect; or AWS does not know the certificate everywhere yet, which passes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triesWithoutASessionBeforeARefusalByThePolicyCounts(boolean registered) {
        Walk walk = Walk.reprovisioning()
                .on(new Opened(
                        Optional.empty(),
                        pending(Duration.ofMinutes(30), registered ? Optional.of(SENSOR) : Optional.empty())));

        walk.on(refusal(ConnectProblem.NOT_AUTHORIZED)).pauseOver();
        assertThat(((ConnectDevice) walk.action).resume()).isTrue();
        walk.on(refusal(ConnectProblem.NOT_AUTHORIZED)).pauseOver();
        assertThat(((ConnectDevice) walk.action).resume()).isFalse();
        walk.on(new Connected());

        assertThat(walk.action).isInstanceOf(registered ? Commit.class : ConnectClaim.class);
    }

    @Test
    void countsARefusalByThePolicyWhereThereWasNoSessionToRefuse() {
        Walk walk = Walk.reprovisioning().on(new Opened(Optional.empty(), pending(Duration.ZERO, Optional.empty())));
        for (int i = 0; i < 2; i++) {
            walk.on(refusal(ConnectProblem.NOT_AUTHORIZED)).pauseOver();
        }
        walk.on(refusal(ConnectProblem.NOT_AUTHORIZED));
        assertThat(walk.action).isInstanceOf(ConnectClaim.class);
        walk.reconnected();
        assertThat(walk.action).isInstanceOf(Register.class);

        assertThat(walk.answer(REGISTER + "/rejected", TOKEN_REFUSED).action).isInstanceOf(Create.class);
    }

    @Test
    void endsAtOnceWhenTheServerSaysThatThePolicyForbids() {
        Walk walk = Walk.at(ProvisioningStep.CREATE).on(new ConnectionLost(true, "not authorized", null));

        assertThat(walk.failure().retryable()).isFalse();
        assertThat(walk.failure().problem()).contains("iot:Publish on topic/" + CREATE);
    }

    @Test
    void namesTheSubscriptionThatIsRefused() {
        Walk walk = Walk.at(ProvisioningStep.SUBSCRIBE).on(new Subscribed(List.of(1, 0x87, 1, 1)));

        assertThat(walk.failure().retryable()).isFalse();
        assertThat(walk.failure().problem()).contains("topicfilter/" + CREATE + "/rejected");
    }

    @ParameterizedTest
    @CsvSource({"CREATE,no JSON", "CREATE,{}", "REGISTER,[]", "REGISTER,{}"})
    void refusesAnswersThatLackSomething(ProvisioningStep step, String body) {
        String topic = step == ProvisioningStep.CREATE ? CREATE : REGISTER;
        Walk walk = Walk.at(step).answer(topic + "/accepted", body);

        assertThat(walk.failure().problem()).contains("could not be read");
        assertThat(walk.failure().retryable()).isFalse();
    }

    @Test
    void waitsForAnotherProcessToLeaveTheDirectory() {
        Walk walk = Walk.started().on(new FilesFailed(true, "in use", null)).pauseOver();

        assertThat(walk.action).isInstanceOf(Open.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProvisioningStep.class,
            names = {"OPEN", "CREATE", "STORE", "RECORD", "COMMIT"})
    void endsWhenAFileCannotBeWritten(ProvisioningStep step) {
        Walk walk = Walk.at(step).on(new FilesFailed(false, "No space left on device", null));

        assertThat(walk.failure().problem()).contains("No space left");
        assertThat(walk.failure().step()).isEqualTo(step);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProvisioningStep.class,
            names = {"FINISHED", "BACKOFF"},
            mode = EnumSource.Mode.EXCLUDE)
    void endsAtAnyStepWhenCancelledOrOutOfTime(ProvisioningStep step) {
        Throwable cause = new CancellationException();
        assertThat(Walk.at(step).on(new Cancelled("Stopped", cause)).failure())
                .satisfies(failure -> assertThat(failure.cause()).isSameAs(cause))
                .satisfies(failure -> assertThat(failure.retryable()).isTrue())
                .satisfies(failure -> assertThat(failure.step()).isEqualTo(step));
        assertThat(Walk.at(step).on(new DeadlinePassed()).failure().problem()).contains("provisioningTimeout=120000");
    }

    /** Every event at every step leads somewhere, and nothing follows the end. */
    @ParameterizedTest
    @EnumSource(
            value = ProvisioningStep.class,
            names = {"FINISHED", "BACKOFF"},
            mode = EnumSource.Mode.EXCLUDE)
    void survivesEventsThatComeTooLate(ProvisioningStep step) {
        List<ProvisioningEvent> all = List.of(
                new Started(),
                new Opened(Optional.empty(), Optional.empty()),
                new Connected(),
                refusal(ConnectProblem.TRANSIENT),
                new Stored(),
                new Recorded(),
                new TimedOut(),
                LOST);
        for (ProvisioningEvent event : all) {
            Walk walk = Walk.at(step).on(event);
            assertThat(walk.action).isNotNull();
            if (walk.action instanceof Ignore) {
                assertThat(walk.state.step()).isEqualTo(step);
            }
            walk.on(new Cancelled("Stopped", null));
            assertThat(walk.action).isInstanceOf(Finish.class);
            assertThat(walk.on(event).action).isInstanceOf(Ignore.class);
        }
    }

    @Test
    void showsNoSecretInEventsActionsAndStates() {
        Walk walk = Walk.at(ProvisioningStep.STORE);
        assertThat(walk.action.toString() + walk.state).doesNotContain("t0ken");
        walk.on(new Stored());
        assertThat(walk.action.toString() + walk.state).doesNotContain("t0ken");
        assertThat(new ProvisioningEvent.Answered(CREATE, CERTIFICATE.getBytes()).toString())
                .doesNotContain("t0ken");
        assertThat(pending(Duration.ZERO, Optional.empty()).toString()).doesNotContain("left");
    }

    /** Lets a connection with the certificate end, and the token be of no use. */
    private static void closed(Walk walk) {
        walk.on(refusal(ConnectProblem.CLOSED)).reconnected();
        if (walk.action instanceof Register) {
            walk.answer(REGISTER + "/rejected", TOKEN_REFUSED);
        }
    }

    private static Walk leftBehind(Duration age) {
        return Walk.started().on(new Opened(Optional.empty(), pending(age, Optional.empty())));
    }

    private static Optional<PendingCertificate> pending(Duration age, Optional<RegisteredThing> thing) {
        return Optional.of(new PendingCertificate("c0ffee", "left", age, thing));
    }

    private static ConnectFailed refusal(ConnectProblem problem) {
        return new ConnectFailed(problem, "no", null);
    }

    private static String rejection(int status, String code) {
        return "{\"statusCode\":" + status + ",\"errorCode\":\"" + code + "\",\"errorMessage\":\"Why\"}";
    }
}
