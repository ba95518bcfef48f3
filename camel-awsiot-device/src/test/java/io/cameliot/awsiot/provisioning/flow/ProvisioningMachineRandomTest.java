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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Backoff;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Commit;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.ConnectClaim;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.ConnectDevice;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Create;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Finish;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Open;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Register;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Save;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Store;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Subscribe;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Answered;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Committed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectProblem;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Connected;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectionLost;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.DeadlinePassed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Opened;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.PauseOver;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Recorded;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Started;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Stored;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Subscribed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.TimedOut;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.Provisioned;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.awsiot.service.ReservedRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is lost, whenever the process dies and however long it stays dead: no certificate that AWS has activated is
 * deleted, none that AWS has not let in is taken into use, and the device has an identity in the end.
 */
class ProvisioningMachineRandomTest {

    private static final int MAX_RETRIES = 3;
    private static final Duration TOKEN_VALIDITY = Duration.ofHours(1);
    private static final List<Duration> AGES = List.of(
            Duration.ZERO,
            Duration.ofSeconds(10),
            Duration.ofMinutes(59),
            TOKEN_VALIDITY,
            Duration.ofMinutes(61),
            Duration.ofDays(9));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNoCertificateThatWasActivatedAndUsesNoneThatWasNot(long seed) {
        for (int i = 0; i < 2000; i++) {
            new Device(seed * 10_000 + i).go();
        }
    }

    /** A device with its disk, and what AWS knows of it. */
    private static final class Device {

        /** What a process keeps on the disk of a certificate that is not in use. */
        private record Pending(String id, Duration created, Optional<RegisteredThing> thing) {}

        private static final RegisteredThing THING = new RegisteredThing("sensor-17", Map.of("interval", "10s"));

        private final long seed;
        private final Random random;
        private final ProvisioningMachine machine;
        private final Duration timeout;
        /** Whether AWS says why it refuses a certificate. */
        private final boolean explains;
        /** Whether AWS answers a registration again. */
        private final boolean repeats;
        /** Whether its policy allows a session that is kept. */
        private final boolean persistent;

        private final Map<String, Duration> createdAt = new HashMap<>();
        private final Set<String> active = new HashSet<>();
        private final Set<String> letIn = new HashSet<>();
        private final Set<String> used = new HashSet<>();

        private Optional<Pending> pending = Optional.empty();
        private Optional<String> current = Optional.empty();

        private Duration time = Duration.ofDays(1);
        private boolean faults = true;
        private int glitches;

        Device(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.explains = random.nextBoolean();
            this.repeats = random.nextBoolean();
            this.persistent = random.nextBoolean();
            this.timeout = random.nextBoolean() ? Duration.ofMinutes(2) : Duration.ofHours(3);
            this.machine = new ProvisioningMachine(new ProvisioningPolicy(
                    ReservedRequest.of(Walk.CREATE),
                    ReservedRequest.of(Walk.REGISTER),
                    random.nextInt(4) == 0,
                    timeout,
                    MAX_RETRIES,
                    failures -> Duration.ofSeconds(failures + 1L)));
        }

        void go() {
            for (int runs = random.nextInt(8); runs > 0; runs--) {
                run();
                time = time.plus(AGES.get(random.nextInt(AGES.size())));
            }
            faults = false;

            ProvisioningOutcome outcome = run().orElseThrow();

            assertThat(outcome).as("seed %d", seed).isInstanceOf(Provisioned.class);
            assertThat(((Provisioned) outcome).identity().certificateId()).isEqualTo(current.orElseThrow());
            assertThat(used).as("seed %d, all that are active", seed).isEqualTo(active);
        }

        /** Returns what becomes of a process; empty if it dies. */
        private Optional<ProvisioningOutcome> run() {
            Duration started = time;
            glitches = 0;
            ProvisioningState state = ProvisioningState.INITIAL;
            ProvisioningEvent event = new Started();
            while (true) {
                Transition next = machine.on(state, event, time.minus(started));
                state = next.state();
                if (next.action() instanceof Finish finish) {
                    return Optional.of(finish.outcome());
                }
                if (faults && random.nextInt(20) == 0) {
                    return Optional.empty();
                }
                event = perform(next.action());
                if (faults && random.nextInt(20) == 0) {
                    return Optional.empty();
                }
                time = time.plus(faults && random.nextInt(20) == 0 ? Duration.ofMinutes(50) : Duration.ofSeconds(1));
                if (time.minus(started).compareTo(timeout) >= 0) {
                    event = new DeadlinePassed();
                }
            }
        }

        private ProvisioningEvent perform(ProvisioningAction action) {
            if (action instanceof Open) {
                return new Opened(current.map(Device::identity), pending.map(this::left));
            } else if (action instanceof ConnectClaim) {
                return fails(4) ? failed(random.nextBoolean()) : new Connected();
            } else if (action instanceof ConnectDevice device) {
                return connect(pending.orElseThrow().id(), device.resume());
            } else if (action instanceof Subscribe) {
                return fails(6) ? lost() : new Subscribed(List.of(1, 1, 1, 1));
            } else if (action instanceof Create) {
                return create();
            } else if (action instanceof Store store) {
                pending.ifPresent(replaced ->
                        assertThat(active).as("seed %d, deleted", seed).doesNotContain(replaced.id()));
                pending = Optional.of(new Pending(store.created().certificateId(), time, Optional.empty()));
                return new Stored();
            } else if (action instanceof Register register) {
                return register(register.ownershipToken());
            } else if (action instanceof Save save) {
                Pending registered = pending.orElseThrow();
                pending = Optional.of(new Pending(registered.id(), registered.created(), Optional.of(save.thing())));
                return new Recorded();
            } else if (action instanceof Commit) {
                String id = pending.orElseThrow().id();
                assertThat(letIn).as("seed %d, taken into use", seed).contains(id);
                current = Optional.of(id);
                used.add(id);
                pending = Optional.empty();
                return new Committed(identity(id));
            } else if (action instanceof Backoff backoff) {
                time = time.plus(backoff.time());
                return new PauseOver();
            }
            throw new AssertionError("seed " + seed + ": no event follows " + action);
        }

        /** The clock of the device is sometimes wrong. */
        private PendingCertificate left(Pending stored) {
            Duration wrong = faults && random.nextInt(5) == 0 ? Duration.ofDays(random.nextInt(3) - 1) : Duration.ZERO;
            return new PendingCertificate(
                    stored.id(), stored.id(), time.minus(stored.created()).plus(wrong), stored.thing());
        }

        /** The network breaks fewer connections than a run makes attempts. */
        private ProvisioningEvent connect(String id, boolean resume) {
            if (fails(5)) {
                return failed(false);
            }
            if (!active.contains(id)) {
                ConnectProblem refused = random.nextBoolean() ? ConnectProblem.REFUSED : ConnectProblem.NOT_AUTHORIZED;
                return explains ? new ConnectFailed(refused, "refused", null) : failed(true);
            }
            if (resume && !persistent) {
                return new ConnectFailed(ConnectProblem.NOT_AUTHORIZED, "no PersistentConnect", null);
            }
            if (fails(3) && glitches < MAX_RETRIES) {
                glitches++;
                return failed(true);
            }
            letIn.add(id);
            return new Connected();
        }

        private ProvisioningEvent create() {
            if (fails(6)) {
                return lost();
            }
            if (fails(6)) {
                return rejected(Walk.CREATE, 503, "ServiceUnavailable");
            }
            String id = "certificate-" + createdAt.size();
            createdAt.put(id, time);
            return fails(6)
                    ? lost()
                    : answer(
                            Walk.CREATE + "/accepted",
                            "{\"certificateId\":\"" + id
                                    + "\",\"certificatePem\":\"PEM\",\"certificateOwnershipToken\":\"" + id + "\"}");
        }

        /** The token of a certificate is its id. */
        private ProvisioningEvent register(String id) {
            if (fails(6)) {
                return lost();
            }
            if (fails(6)) {
                return rejected(Walk.REGISTER, random.nextBoolean() ? 503 : 403, "Problem");
            }
            boolean valid = time.minus(createdAt.get(id)).compareTo(TOKEN_VALIDITY) < 0;
            if (!(active.contains(id) ? repeats : valid)) {
                return answer(Walk.REGISTER + "/rejected", Walk.TOKEN_REFUSED);
            }
            active.add(id);
            if (fails(3)) {
                return lost();
            }
            return fails(6)
                    ? rejected(Walk.REGISTER, 500, "InternalError")
                    : answer(Walk.REGISTER + "/accepted", Walk.THING);
        }

        private boolean fails(int oneIn) {
            return faults && random.nextInt(oneIn) == 0;
        }

        private ProvisioningEvent lost() {
            return random.nextBoolean() ? new TimedOut() : new ConnectionLost(false, "the network broke", null);
        }

        private static ProvisioningEvent failed(boolean closed) {
            return new ConnectFailed(closed ? ConnectProblem.CLOSED : ConnectProblem.TRANSIENT, "no", null);
        }

        private static ProvisioningEvent rejected(String topic, int status, String code) {
            return answer(
                    topic + "/rejected",
                    "{\"statusCode\":" + status + ",\"errorCode\":\"" + code + "\",\"errorMessage\":\"Why\"}");
        }

        private static ProvisioningEvent answer(String topic, String body) {
            return new Answered(topic, body.getBytes(StandardCharsets.UTF_8));
        }

        private static StoredIdentity identity(String id) {
            return new StoredIdentity(id, Path.of("certificate.pem"), Path.of("key.pem"), Optional.of(THING));
        }
    }
}
