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
package io.cameliot.awsiot.provisioning.fleet;

import io.cameliot.awsiot.provisioning.flow.ProvisioningAction;
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
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Answered;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Cancelled;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Committed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Connected;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.DeadlinePassed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.PauseOver;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Recorded;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Started;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Stored;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.Subscribed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.TimedOut;
import io.cameliot.awsiot.provisioning.flow.ProvisioningMachine;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome;
import io.cameliot.awsiot.provisioning.flow.ProvisioningPolicy;
import io.cameliot.awsiot.provisioning.flow.ProvisioningState;
import io.cameliot.awsiot.provisioning.flow.ProvisioningStep;
import io.cameliot.awsiot.provisioning.flow.Transition;
import io.cameliot.common.fleet.DeviceRun;
import io.cameliot.common.fleet.RunConnection;
import io.cameliot.common.fleet.RunOwner;
import io.cameliot.common.fleet.SchedulerThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the actions of the {@link ProvisioningMachine} for one device and reports the resulting events to it. All
 * methods run on the scheduler's thread, and none blocks it; files are the business of {@link ProvisioningFiles}.
 */
final class ProvisioningRun implements DeviceRun<ProvisioningOutcome> {

    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningRun.class);

    /** AWS IoT Core refuses more than one CONNECT a second of a client id. */
    private static final Duration CONNECT_SPACING = Duration.ofSeconds(1);

    private static final CompletableFuture<Void> CLOSED = CompletableFuture.completedFuture(null);

    private final ProvisioningRequest request;
    private final ProvisioningPolicy policy;
    private final ProvisioningMachine machine;
    private final ProvisioningFiles files;
    private final ProvisioningConnector connector;
    private final Duration requestTimeout;
    private final SchedulerThread thread;
    private final CompletableFuture<ProvisioningOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private ProvisioningState state = ProvisioningState.INITIAL;
    private Duration started; // null until the queue admits it
    private Duration proved; // null until AWS lets the device in
    private RunConnection connection;
    private int connections;
    private Future<?> timer = CLOSED;
    private Future<?> deadline = CLOSED;

    ProvisioningRun(
            ProvisioningRequest request,
            ProvisioningPolicy policy,
            ProvisioningFiles files,
            ProvisioningConnector connector,
            Duration requestTimeout,
            SchedulerThread thread) {
        this.request = request;
        this.policy = policy;
        this.machine = new ProvisioningMachine(policy);
        this.files = files;
        this.connector = connector;
        this.requestTimeout = requestTimeout;
        this.thread = thread;
    }

    @Override
    public String deviceId() {
        return request.deviceId();
    }

    @Override
    public RunOwner owner() {
        return request.owner();
    }

    @Override
    public CompletableFuture<ProvisioningOutcome> outcome() {
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
        deadline = thread.schedule(() -> on(new DeadlinePassed()), policy.timeout());
        on(new Started());
    }

    @Override
    public void cancel(String reason) {
        on(new Cancelled(reason, new CancellationException(reason)));
    }

    /** Without it, AWS would refuse the device that connects with the result at once. */
    @Override
    public Duration handOverDelay() {
        Duration left =
                proved == null ? Duration.ZERO : proved.plus(CONNECT_SPACING).minus(thread.now());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void on(ProvisioningEvent event) {
        Duration now = isStarted() ? thread.now().minus(started) : Duration.ZERO;
        if (event instanceof Connected && state.step() == ProvisioningStep.PROVE) {
            proved = thread.now();
        }
        Transition transition = machine.on(state, event, now);
        LOG.debug(
                "{}: {} at {} leads to {}",
                request,
                event.getClass().getSimpleName(),
                state.step(),
                transition.state().step());
        state = transition.state();
        if (!(transition.action() instanceof Ignore)) {
            timer.cancel(false);
            perform(transition.action());
        }
    }

    private void perform(ProvisioningAction action) {
        if (action instanceof Open) {
            inBackground(files.open(policy.reprovision()));
        } else if (action instanceof ConnectClaim) {
            connect(listener -> connector.openClaim(request.serialNumber(), listener));
        } else if (action instanceof ConnectDevice device) {
            connect(listener -> connector.openDevice(
                    files.directory(), device.thingName().or(request::probableName), device.resume(), listener));
        } else if (action instanceof Subscribe) {
            connection.subscribe(policy.filters());
        } else if (action instanceof Create) {
            await(new TimedOut(), requestTimeout);
            create();
        } else if (action instanceof Store store) {
            inBackground(files.store(store.created()).thenApply(done -> new Stored()));
        } else if (action instanceof Register register) {
            await(new TimedOut(), requestTimeout);
            connection.publish(
                    policy.register().topic(),
                    ClaimRequests.registration(register.ownershipToken(), request.parameters()));
        } else if (action instanceof Save save) {
            inBackground(files.record(save.thing()).thenApply(done -> new Recorded()));
        } else if (action instanceof Commit commit) {
            dropConnection();
            inBackground(files.commit().thenApply(Committed::new));
        } else if (action instanceof Backoff backoff) {
            dropConnection();
            await(new PauseOver(), backoff.time());
        } else if (action instanceof Finish finish) {
            deadline.cancel(false);
            CompletableFuture<Void> dropped = dropConnection();
            outcome.complete(finish.outcome());
            dropped.thenCompose(nothing -> files.close()).thenRun(() -> closed.complete(null));
        }
    }

    private void inBackground(CompletableFuture<? extends ProvisioningEvent> work) {
        work.handle((event, failure) -> failure == null ? event : ProvisioningFiles.failed(failure))
                .thenAccept(event -> thread.execute(() -> on(event)));
    }

    /** Makes the key if the device makes it, and sends the request. */
    private void create() {
        int number = connections;
        files.keys()
                .whenComplete((keys, failure) -> thread.execute(() -> {
                    if (failure != null) {
                        on(ProvisioningFiles.failed(failure));
                    } else if (number == connections) {
                        connection.publish(policy.create().topic(), ClaimRequests.creation(keys));
                    }
                }));
    }

    private void await(ProvisioningEvent event, Duration time) {
        ProvisioningState awaiting = state;
        timer = thread.schedule(
                () -> {
                    // A timer that is cancelled too late still fires.
                    if (state == awaiting) {
                        on(event);
                    }
                },
                time);
    }

    private void connect(Function<RunConnection.Listener, RunConnection> opened) {
        // The old connection is closed first: AWS closes one of two connections with the same client id.
        dropConnection().thenRun(() -> {
            int number = connections;
            thread.execute(() -> {
                if (number == connections && !outcome.isDone()) {
                    connection = opened.apply(new Reporter(number));
                }
            });
        });
    }

    /** Closes the connection and ignores its further events. */
    private CompletableFuture<Void> dropConnection() {
        connections++;
        RunConnection dropped = connection;
        connection = null;
        return dropped == null ? CLOSED : dropped.close();
    }

    /** Reports the events of one connection. */
    private final class Reporter implements RunConnection.Listener {

        private final int number;

        Reporter(int number) {
            this.number = number;
        }

        private void report(ProvisioningEvent event) {
            thread.execute(() -> {
                if (number == connections) {
                    on(event);
                }
            });
        }

        @Override
        public void connected() {
            report(new Connected());
        }

        @Override
        public void connectFailed(Throwable failure) {
            report(ConnectFailures.explain(failure));
        }

        @Override
        public void subscribed(List<Integer> granted) {
            report(new Subscribed(granted));
        }

        @Override
        public void arrived(String topic, byte[] payload) {
            report(new Answered(topic, payload));
        }

        @Override
        public void lost(Throwable cause) {
            report(ConnectFailures.lost(cause));
        }
    }
}
