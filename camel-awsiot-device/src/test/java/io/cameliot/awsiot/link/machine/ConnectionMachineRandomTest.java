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
package io.cameliot.awsiot.link.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.link.machine.ConnectionAction.Answer;
import io.cameliot.awsiot.link.machine.ConnectionAction.Connect;
import io.cameliot.awsiot.link.machine.ConnectionAction.Disconnect;
import io.cameliot.awsiot.link.machine.ConnectionAction.Drop;
import io.cameliot.awsiot.link.machine.ConnectionAction.EndTraffic;
import io.cameliot.awsiot.link.machine.ConnectionAction.Finish;
import io.cameliot.awsiot.link.machine.ConnectionAction.GiveUp;
import io.cameliot.awsiot.link.machine.ConnectionAction.HoldTraffic;
import io.cameliot.awsiot.link.machine.ConnectionAction.Pause;
import io.cameliot.awsiot.link.machine.ConnectionAction.Publish;
import io.cameliot.awsiot.link.machine.ConnectionAction.Subscribe;
import io.cameliot.awsiot.link.machine.ConnectionAction.SubscribeRefused;
import io.cameliot.awsiot.link.machine.ConnectionEvent.AttemptFailed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Awaited;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Closed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Established;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Lost;
import io.cameliot.awsiot.link.machine.ConnectionEvent.PauseOver;
import io.cameliot.awsiot.link.machine.ConnectionEvent.ReconnectAsked;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Subscribed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.TimePassed;
import io.cameliot.awsiot.link.machine.ConnectionEvent.Wanted;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Events in any order, late, twice and of attempts long gone: what must hold after each of them. */
class ConnectionMachineRandomTest {

    private static final int SEQUENCES = 1500;
    private static final int EVENTS = 100;
    private static final Duration SPACING = Duration.ofSeconds(1);

    private static final List<Throwable> CAUSES = List.of(
            new IOException("no route"),
            new TlsConnectException(Reason.CONNECTION_LOST, "closed", null),
            new MqttReasonException(0x8E, "taken over"),
            new MqttReasonException(0x97, "quota exceeded"));

    @Test
    void holdsItsPromisesWhateverComes() {
        long first = new Random().nextLong();
        for (long seed = first; seed < first + SEQUENCES; seed++) {
            World world = new World(seed);
            try {
                world.live();
            } catch (Throwable e) {
                throw new AssertionError("With seed " + seed + "L after " + world.past, e);
            }
        }
    }

    /** Does what the machine says, as badly as a network, a server and threads can. */
    private static final class World {

        private final Random random;
        private final ConnectionMachine machine;
        private final List<String> past = new ArrayList<>();
        private final Set<Integer> attempts = new HashSet<>(); // that have no outcome yet
        private final Set<Integer> abandoned = new HashSet<>(); // given up, and their session may come all the same
        private final Set<Integer> open = new HashSet<>(); // sessions
        private final Set<Integer> publishing = new HashSet<>();
        private final Set<Integer> waiting = new HashSet<>(); // for an answer
        private ConnectionMemory memory = ConnectionMemory.INITIAL;
        private Duration now = Duration.ZERO;
        private Duration connectedAt; // a CONNECT was sent at the latest
        private boolean closed;
        private boolean finished;
        private int pausing;
        private int lastWaiter;

        World(long seed) {
            random = new Random(seed);
            machine = new ConnectionMachine(
                    new ReconnectPolicy(
                            Duration.ofMillis(random.nextInt(1, 2000)), Duration.ofSeconds(2), random.nextBoolean()),
                    "dev at host",
                    "dev");
        }

        void live() {
            for (int i = 0; i < EVENTS; i++) {
                now = now.plusMillis(random.nextInt(4) == 0 ? 0 : random.nextInt(20_000));
                on(next());
            }
            on(new Closed());
            closed = true;
            new ArrayList<>(abandoned).forEach(this::established);

            assertThat(waiting).as("who waits is answered").isEmpty();
            assertThat(open).as("sessions are closed").isEmpty();
            assertThat(attempts).as("attempts are ended").isEmpty();
            assertThat(finished).isTrue();
        }

        private ConnectionEvent next() {
            int any = random.nextInt(-1, memory.number() + 2);
            int number = random.nextBoolean() ? memory.number() : any;
            Throwable cause = CAUSES.get(random.nextInt(CAUSES.size()));
            return switch (random.nextInt(closed ? 9 : 30)) {
                case 0 -> awaited();
                case 1 -> new Wanted();
                case 2 -> new TimePassed();
                case 3 -> new PauseOver(any);
                case 4 -> new Subscribed(any);
                case 5 -> new Lost(any, cause);
                case 6 -> outcome(cause);
                case 7 -> new Closed();
                case 8, 9 -> awaited();
                case 10 -> new ReconnectAsked();
                case 11, 12, 13, 14, 15 -> new PauseOver(number);
                case 16, 17, 18, 19 -> new Subscribed(number);
                case 20, 21, 22, 23 -> new Lost(number, cause);
                default -> outcome(cause);
            };
        }

        private ConnectionEvent awaited() {
            waiting.add(++lastWaiter);
            return new Awaited(lastWaiter);
        }

        /** Of an attempt under way, or of one that was given up too late. */
        private ConnectionEvent outcome(Throwable cause) {
            boolean late = attempts.isEmpty() || random.nextInt(5) == 0;
            Set<Integer> candidates = late ? abandoned : attempts;
            if (candidates.isEmpty()) {
                return new AttemptFailed(memory.number() - 1, cause);
            }
            int number = candidates.iterator().next();
            candidates.remove(number);
            if (!late) {
                connectedAt = now;
            }
            if (!late && random.nextInt(3) == 0) {
                return new AttemptFailed(number, cause);
            }
            open.add(number);
            return new Established(number);
        }

        private void established(int number) {
            abandoned.remove(number);
            open.add(number);
            on(new Established(number));
        }

        private void on(ConnectionEvent event) {
            past.add(event.toString());
            ConnectionStep before = memory.step();
            Transition<ConnectionMemory, ConnectionAction> transition = machine.on(memory, event, now, random);
            memory = transition.memory();
            transition.actions().forEach(this::perform);

            closed |= event instanceof Closed;
            assertThat(memory.step() == ConnectionStep.CLOSED)
                    .as("closed when asked to, and for good")
                    .isEqualTo(closed);
            if (before == ConnectionStep.CLOSED) {
                assertThat(transition.actions())
                        .as("nothing but answers and ends after the end")
                        .allMatch(action -> action instanceof Answer || action instanceof Disconnect);
            }
            assertThat(attempts).as("attempts at a time").hasSizeLessThanOrEqualTo(1);
            assertThat(open).as("sessions at a time").hasSizeLessThanOrEqualTo(1);
            assertThat(attempts.isEmpty() || open.isEmpty())
                    .as("no attempt beside a session")
                    .isTrue();
            assertThat(memory.step() == ConnectionStep.CONNECTING).isEqualTo(!attempts.isEmpty());
            assertThat(memory.step().isConnected()).isEqualTo(!open.isEmpty());
            assertThat(open).containsAll(publishing);
            assertThat(memory.waiters()).as("who waits").containsExactlyInAnyOrderElementsOf(waiting);
            if (memory.step() == ConnectionStep.PACING || memory.step() == ConnectionStep.WAITING) {
                assertThat(pausing).as("something wakes it").isEqualTo(memory.number());
            }
            if (memory.step().isConnected() || memory.step() == ConnectionStep.IDLE) {
                assertThat(waiting)
                        .as("nobody waits for what is there, or for nothing")
                        .isEmpty();
            }
        }

        private void perform(ConnectionAction action) {
            assertThat(finished && !(action instanceof Answer || action instanceof Disconnect))
                    .as("%s after the end", action)
                    .isFalse();
            if (action instanceof Connect connect) {
                attempts.add(connect.number());
                assertThat(connectedAt == null || now.minus(connectedAt).compareTo(SPACING) >= 0)
                        .as("a second between CONNECTs")
                        .isTrue();
                connectedAt = now;
            } else if (action instanceof GiveUp giveUp) {
                if (attempts.remove(giveUp.number())) {
                    abandoned.add(giveUp.number());
                    connectedAt = now;
                }
            } else if (action instanceof Pause pause) {
                assertThat(pause.time()).isPositive();
                pausing = pause.number();
            } else if (action instanceof Subscribe subscribe) {
                assertThat(open).contains(subscribe.number());
            } else if (action instanceof Publish publish) {
                assertThat(open).contains(publish.number());
                assertThat(publishing.add(publish.number()))
                        .as("publishes once")
                        .isTrue();
            } else if (action instanceof SubscribeRefused refused) {
                assertThat(open).contains(refused.number());
            } else if (action instanceof Drop drop) {
                close(drop.number());
            } else if (action instanceof HoldTraffic || action instanceof EndTraffic) {
                publishing.clear();
            } else if (action instanceof Disconnect disconnect) {
                assertThat(publishing)
                        .as("takes back its messages before it ends")
                        .doesNotContain(disconnect.number());
                close(disconnect.number());
            } else if (action instanceof Answer answer) {
                for (Integer waiter : answer.waiters()) {
                    assertThat(waiting.remove(waiter))
                            .as("answers %s once", waiter)
                            .isTrue();
                }
            } else if (action instanceof Finish) {
                finished = true;
            }
        }

        private void close(int number) {
            assertThat(open.remove(number)).as("closes session %s once", number).isTrue();
            publishing.remove(number);
        }
    }
}
