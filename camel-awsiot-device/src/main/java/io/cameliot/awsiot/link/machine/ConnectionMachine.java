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

import io.cameliot.awsiot.concurrent.Transition;
import io.cameliot.awsiot.failure.ConnectHints;
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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Keeps a connection up, as a pure function: it maps a memory and an event to the next memory and the actions. It uses
 * no network, clock or thread; "now" is the time since the connection object was created.
 *
 * <p>Before its first connection it makes single attempts, so that a route's start fails with the reason, unless a
 * connection is {@link Wanted}. After that it reconnects whenever the connection is lost.
 */
public final class ConnectionMachine {

    private final ReconnectPolicy policy;
    private final String name;
    private final String clientId;

    /**
     * @param name the connection's name in messages
     * @param clientId the connection's client identifier
     */
    public ConnectionMachine(ReconnectPolicy policy, String name, String clientId) {
        this.policy = policy;
        this.name = name;
        this.clientId = clientId;
    }

    /**
     * Processes an event. Events that are late, or that do not apply to the current step, change nothing.
     *
     * @param random source of the jitter of delays
     */
    public Transition<ConnectionMemory, ConnectionAction> on(
            ConnectionMemory memory, ConnectionEvent event, Duration now, RandomGenerator random) {
        if (event instanceof Awaited awaited) {
            return awaited(memory, awaited.waiter(), now);
        } else if (event instanceof Established established) {
            return established(memory, established.number(), now);
        } else if (memory.step() == ConnectionStep.CLOSED) {
            return nothing(memory);
        } else if (event instanceof Wanted) {
            return wanted(memory, now);
        } else if (event instanceof PauseOver over && isPause(memory.step()) && over.number() == memory.number()) {
            return connect(memory, now);
        } else if (event instanceof AttemptFailed failed && isAttempt(memory, failed.number())) {
            return attemptFailed(memory, failed.cause(), now, random);
        } else if (event instanceof Subscribed subscribed
                && memory.step() == ConnectionStep.SUBSCRIBING
                && subscribed.number() == memory.number()) {
            return then(memory.at(ConnectionStep.READY), new Publish(memory.number()));
        } else if (event instanceof Lost lost && memory.step().isConnected() && lost.number() == memory.number()) {
            return lost(memory, lost.cause(), now, random);
        } else if (event instanceof ReconnectAsked) {
            return reconnect(memory, now);
        } else if (event instanceof TimePassed) {
            return timePassed(memory, now);
        } else if (event instanceof Closed) {
            return close(memory, now);
        }
        return nothing(memory);
    }

    private static boolean isPause(ConnectionStep step) {
        return step == ConnectionStep.PACING || step == ConnectionStep.WAITING;
    }

    private static boolean isAttempt(ConnectionMemory memory, int number) {
        return memory.step() == ConnectionStep.CONNECTING && number == memory.number();
    }

    private static Transition<ConnectionMemory, ConnectionAction> then(
            ConnectionMemory memory, ConnectionAction... actions) {
        return new Transition<>(memory, List.of(actions));
    }

    private static Transition<ConnectionMemory, ConnectionAction> nothing(ConnectionMemory memory) {
        return then(memory);
    }

    private Transition<ConnectionMemory, ConnectionAction> awaited(ConnectionMemory memory, int waiter, Duration now) {
        if (memory.step().isConnected()) {
            return then(memory, new Answer(List.of(waiter), null));
        } else if (memory.step() == ConnectionStep.CLOSED) {
            return then(
                    memory, new Answer(List.of(waiter), new IOException("The connection with " + name + " is closed")));
        }
        ConnectionMemory awaited = memory.awaitedBy(waiter);
        return memory.step() == ConnectionStep.IDLE ? connect(awaited, now) : nothing(awaited);
    }

    private static Transition<ConnectionMemory, ConnectionAction> wanted(ConnectionMemory memory, Duration now) {
        return memory.step() == ConnectionStep.IDLE ? connect(memory.trying(), now) : nothing(memory.trying());
    }

    private static Transition<ConnectionMemory, ConnectionAction> connect(ConnectionMemory memory, Duration now) {
        Duration tooEarly = memory.history().untilNextConnect(now);
        if (!tooEarly.isZero()) {
            ConnectionMemory pacing = memory.atNext(ConnectionStep.PACING);
            return then(pacing, new Pause(pacing.number(), tooEarly, null));
        }
        ConnectionMemory connecting =
                memory.atNext(ConnectionStep.CONNECTING).with(memory.history().attempted(now));
        return then(connecting, new Connect(connecting.number()));
    }

    private static Transition<ConnectionMemory, ConnectionAction> established(
            ConnectionMemory memory, int number, Duration now) {
        if (!isAttempt(memory, number)) {
            // The attempt was given up before its session was established.
            return then(memory, new Disconnect(number));
        }
        ConnectionMemory connected = memory.at(ConnectionStep.SUBSCRIBING)
                .trying()
                .answered()
                .asked(now)
                .with(memory.history().connected(now));
        List<ConnectionAction> actions = new ArrayList<>();
        // Before the waiters add to the subscriptions, so that each filter is sent once.
        actions.add(new Subscribe(number, memory.history().isReconnect()));
        answer(memory.waiters(), null, actions);
        return new Transition<>(connected, actions);
    }

    private Transition<ConnectionMemory, ConnectionAction> attemptFailed(
            ConnectionMemory memory, Throwable cause, Duration now, RandomGenerator random) {
        List<ConnectionAction> actions = new ArrayList<>();
        actions.add(new GiveUp(memory.number()));
        ConnectionMemory failed = memory.failed(cause).answered().attemptEnded(now);
        ConnectionMemory next = memory.keepsTrying() ? pause(failed, random, actions) : failed.at(ConnectionStep.IDLE);
        answer(memory.waiters(), cause, actions);
        return new Transition<>(next, actions);
    }

    private Transition<ConnectionMemory, ConnectionAction> lost(
            ConnectionMemory memory, Throwable cause, Duration now, RandomGenerator random) {
        List<ConnectionAction> actions = new ArrayList<>();
        actions.add(new Drop(memory.number(), cause));
        ReconnectHistory history = memory.history().lost(now, cause, policy.guessesTakeovers());
        ConnectionMemory lost = memory.with(history).failed(explain(cause, history, now));
        return new Transition<>(pause(lost, random, actions), actions);
    }

    private Throwable explain(Throwable cause, ReconnectHistory history, Duration now) {
        if (cause instanceof MqttReasonException disconnected) {
            return ConnectHints.disconnected(disconnected, clientId);
        }
        return history.suspectsTakeover() ? ConnectHints.takeover(cause, history.suspiciousTime(now), clientId) : cause;
    }

    private ConnectionMemory pause(ConnectionMemory memory, RandomGenerator random, List<ConnectionAction> actions) {
        ConnectionMemory waiting =
                memory.atNext(ConnectionStep.WAITING).with(memory.history().delayed());
        actions.add(new Pause(waiting.number(), policy.nextDelay(memory.history(), random), memory.lastError()));
        return waiting;
    }

    /**
     * Connects anew as soon as AWS IoT Core accepts another CONNECT. An attempt that is under way may have read its files
     * before they changed, so it is given up; one that has not begun will read the new ones.
     */
    private Transition<ConnectionMemory, ConnectionAction> reconnect(ConnectionMemory memory, Duration now) {
        List<ConnectionAction> actions = new ArrayList<>();
        ConnectionMemory ended = memory;
        if (memory.step().isConnected()) {
            actions.add(new HoldTraffic(new IOException("The connection with " + name + " is made anew")));
            actions.add(new Disconnect(memory.number()));
        } else if (memory.step() == ConnectionStep.CONNECTING) {
            actions.add(new GiveUp(memory.number()));
            ended = memory.attemptEnded(now);
        } else if (memory.step() != ConnectionStep.WAITING) {
            return nothing(memory);
        }
        Transition<ConnectionMemory, ConnectionAction> next = connect(ended, now);
        actions.addAll(next.actions());
        return new Transition<>(next.memory(), actions);
    }

    private Transition<ConnectionMemory, ConnectionAction> timePassed(ConnectionMemory memory, Duration now) {
        boolean due = memory.step().isConnected() && now.minus(memory.askedAt()).compareTo(policy.maxDelay()) >= 0;
        return due ? then(memory.asked(now), new SubscribeRefused(memory.number())) : nothing(memory);
    }

    private Transition<ConnectionMemory, ConnectionAction> close(ConnectionMemory memory, Duration now) {
        List<ConnectionAction> actions = new ArrayList<>();
        ConnectionMemory ended = memory;
        answer(memory.waiters(), new IOException("The connection with " + name + " was closed"), actions);
        actions.add(new EndTraffic());
        if (memory.step() == ConnectionStep.CONNECTING) {
            actions.add(new GiveUp(memory.number()));
            ended = memory.attemptEnded(now);
        } else if (memory.step().isConnected()) {
            actions.add(new Disconnect(memory.number()));
        }
        actions.add(new Finish());
        return new Transition<>(ended.answered().at(ConnectionStep.CLOSED), actions);
    }

    private static void answer(List<Integer> waiters, Throwable failure, List<ConnectionAction> actions) {
        if (!waiters.isEmpty()) {
            actions.add(new Answer(waiters, failure));
        }
    }
}
