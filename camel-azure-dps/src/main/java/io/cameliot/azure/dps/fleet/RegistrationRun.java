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
package io.cameliot.azure.dps.fleet;

import io.cameliot.azure.dps.registration.RegistrationAction;
import io.cameliot.azure.dps.registration.RegistrationAction.Backoff;
import io.cameliot.azure.dps.registration.RegistrationAction.Connect;
import io.cameliot.azure.dps.registration.RegistrationAction.Finish;
import io.cameliot.azure.dps.registration.RegistrationAction.Ignore;
import io.cameliot.azure.dps.registration.RegistrationAction.Pause;
import io.cameliot.azure.dps.registration.RegistrationAction.Poll;
import io.cameliot.azure.dps.registration.RegistrationAction.Register;
import io.cameliot.azure.dps.registration.RegistrationAction.Subscribe;
import io.cameliot.azure.dps.registration.RegistrationEvent;
import io.cameliot.azure.dps.registration.RegistrationEvent.Cancelled;
import io.cameliot.azure.dps.registration.RegistrationEvent.DeadlinePassed;
import io.cameliot.azure.dps.registration.RegistrationEvent.PauseOver;
import io.cameliot.azure.dps.registration.RegistrationEvent.Started;
import io.cameliot.azure.dps.registration.RegistrationEvent.TimedOut;
import io.cameliot.azure.dps.registration.RegistrationMachine;
import io.cameliot.azure.dps.registration.RegistrationMachine.Transition;
import io.cameliot.azure.dps.registration.RegistrationOutcome;
import io.cameliot.azure.dps.registration.RegistrationState;
import io.cameliot.azure.dps.transport.DpsConnection;
import io.cameliot.azure.dps.transport.DpsConnector;
import io.cameliot.azure.dps.wire.DpsTopics;
import io.cameliot.common.fleet.DeviceRun;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.fleet.SchedulerThread;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the actions of the {@link RegistrationMachine} for one device and reports the resulting events to it. All
 * methods run on the scheduler's thread, and none blocks it.
 */
final class RegistrationRun implements DeviceRun<RegistrationOutcome> {

    private static final Logger LOG = LoggerFactory.getLogger(RegistrationRun.class);

    private static final CompletableFuture<Void> CLOSED = CompletableFuture.completedFuture(null);

    private final RegistrationRequest request;
    private final RegistrationMachine machine;
    private final RegistrationLimits limits;
    private final DpsConnector connector;
    private final SchedulerThread thread;
    private final CompletableFuture<RegistrationOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private RegistrationState state = RegistrationState.INITIAL;
    private Duration started; // null until the queue admits it
    private DpsConnection connection;
    private int connections;
    private Future<?> timer = CLOSED;
    private Future<?> deadline = CLOSED;

    RegistrationRun(
            RegistrationRequest request, RegistrationLimits limits, DpsConnector connector, SchedulerThread thread) {
        this.request = request;
        this.limits = limits;
        this.connector = connector;
        this.thread = thread;
        this.machine = new RegistrationMachine(
                limits.newPolicy(), request.credentials().size());
    }

    @Override
    public String deviceId() {
        return request.registrationId();
    }

    @Override
    public RunOwner owner() {
        return request.owner();
    }

    @Override
    public CompletableFuture<RegistrationOutcome> outcome() {
        return outcome;
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed;
    }

    @Override
    public boolean isStarted() {
        return started != null;
    }

    @Override
    public void start() {
        started = thread.now();
        deadline =
                thread.schedule(() -> on(new DeadlinePassed()), limits.times().registration());
        on(new Started());
    }

    @Override
    public void cancel(String reason) {
        on(new Cancelled(reason, new CancellationException(reason)));
    }

    private void on(RegistrationEvent event) {
        Duration now = isStarted() ? thread.now().minus(started) : Duration.ZERO;
        Transition transition = machine.on(state, event, now);
        if (!(transition.action() instanceof Ignore)) {
            LOG.debug(
                    "{}: {} at {} leads to {}",
                    request.registrationId(),
                    event.getClass().getSimpleName(),
                    state.step(),
                    transition.state().step());
            state = transition.state();
            timer.cancel(false);
            perform(transition.action());
        }
    }

    private void perform(RegistrationAction action) {
        if (action instanceof Connect connect) {
            connect(connect.credential());
        } else if (action instanceof Subscribe) {
            connection.subscribe();
        } else if (action instanceof Register register) {
            await(new TimedOut(), limits.times().request());
            connection.publish(DpsTopics.register(register.requestId()), request.body());
        } else if (action instanceof Poll poll) {
            await(new TimedOut(), limits.times().request());
            connection.publish(DpsTopics.operationStatus(poll.requestId(), poll.operationId()), new byte[0]);
        } else if (action instanceof Pause pause) {
            await(new PauseOver(), pause.time());
        } else if (action instanceof Backoff backoff) {
            dropConnection();
            await(new PauseOver(), backoff.time());
        } else if (action instanceof Finish finish) {
            deadline.cancel(false);
            CompletableFuture<Void> dropped = dropConnection();
            outcome.complete(finish.outcome());
            dropped.thenRun(() -> closed.complete(null));
        }
    }

    private void await(RegistrationEvent event, Duration time) {
        RegistrationState awaiting = state;
        timer = thread.schedule(
                () -> {
                    // A timer that is cancelled too late still fires.
                    if (state == awaiting) {
                        on(event);
                    }
                },
                time);
    }

    private void connect(int credential) {
        // The old connection is closed first, because the service would close one of two connections with the same
        // client identifier.
        dropConnection().thenRun(() -> {
            int number = connections;
            thread.execute(() -> {
                if (number == connections && !outcome.isDone()) {
                    connection = connector.open(
                            request.registrationId(),
                            request.credentials().get(credential),
                            event -> thread.execute(() -> {
                                if (number == connections) {
                                    on(event);
                                }
                            }));
                }
            });
        });
    }

    /** Closes the connection and ignores its further events. */
    private CompletableFuture<Void> dropConnection() {
        connections++;
        DpsConnection dropped = connection;
        connection = null;
        return dropped == null ? CLOSED : dropped.close();
    }
}
