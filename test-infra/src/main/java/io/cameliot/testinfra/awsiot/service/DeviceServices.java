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
package io.cameliot.testinfra.awsiot.service;

import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.command.CommandExecution;
import io.cameliot.testinfra.awsiot.command.CommandExecutions;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.job.JobQueues;
import io.cameliot.testinfra.awsiot.job.QueueNews;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.provisioning.FleetProvisioning;
import io.cameliot.testinfra.awsiot.service.RecognizedRequest.Limit;
import io.cameliot.testinfra.awsiot.shadow.ShadowDocument;
import io.cameliot.testinfra.awsiot.shadow.ShadowId;
import io.cameliot.testinfra.awsiot.shadow.ShadowRejectedException;
import io.cameliot.testinfra.awsiot.shadow.ShadowRequestDocument;
import io.cameliot.testinfra.awsiot.shadow.Shadows;
import io.cameliot.testinfra.event.EventLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The services behind the gateway: shadows, jobs, commands, Device Defender's metrics and provisioning. Changes, with their answers
 * and notifications, happen one after the other.
 *
 * <p>It is an assumption that changes over HTTPS and in the console are also published to MQTT clients by
 * {@code update/accepted} and {@code delete/accepted}; AWS does not document it.
 */
public final class DeviceServices implements AutoCloseable {
    private static final String RESERVED = "$aws/";
    private static final Runnable NOTHING = () -> {};

    private final EmulatorClock clock;
    private final Shadows shadows;
    private final JobQueues jobs;
    private final CommandExecutions commands;
    private final ShadowService shadowService;
    private final JobService jobService;
    private final CommandService commandService;
    private final DefenderService defenderService;
    private final ProvisioningService provisioningService;
    private final ServiceOutlet outlet;

    /**
     * Creates the services without things, jobs and commands.
     *
     * @param broker sends a message to its subscribers
     * @param timer delays messages
     * @param faults the faults to inject
     * @param clock the time of the services
     * @param provisioning provisions devices
     * @param events records the messages of the services and what they reject
     */
    public DeviceServices(
            Consumer<BrokerMessage> broker,
            ScheduledExecutorService timer,
            Faults faults,
            EmulatorClock clock,
            FleetProvisioning provisioning,
            EventLog events) {
        this.clock = clock;
        this.shadows = new Shadows(clock);
        this.jobs = new JobQueues(clock);
        this.commands = new CommandExecutions(clock);
        this.shadowService = new ShadowService(shadows);
        this.jobService = new JobService(jobs);
        this.commandService = new CommandService(commands);
        this.defenderService = new DefenderService(clock);
        this.outlet = new ServiceOutlet(broker, timer, faults, events);
        this.provisioningService = new ProvisioningService(provisioning, outlet, timer);
    }

    /** Whether a topic can be a request's; a quick check. */
    public static boolean isReserved(String topic) {
        return topic.startsWith(RESERVED);
    }

    /**
     * Accepts a message of a device if it is a request, which is in flight from now on.
     *
     * @return the call to make; empty if the message is not a request
     */
    public Optional<ArrivedRequest> begin(RequestingDevice requester, String topic, byte[] payload) {
        return shadowService
                .recognize(topic)
                .or(() -> defenderService.recognize(topic))
                .map(request -> new ArrivedRequest(false, begin(requester, topic, request, payload)))
                .or(() -> jobService
                        .recognize(topic)
                        .or(() -> commandService.recognize(topic))
                        .map(request -> new ArrivedRequest(true, begin(requester, topic, request, payload))))
                .or(() -> provisioningService.begin(requester, topic, payload));
    }

    private Runnable begin(RequestingDevice requester, String topic, RecognizedRequest request, byte[] payload) {
        RequestCounts inFlight = requester.inFlight();
        Optional<Limit> limit = request.limit();
        Optional<Limit> exceeded = limit.filter(found -> !inFlight.enter(found.subject(), found.most()));
        Runnable leave =
                exceeded.isPresent() ? NOTHING : () -> limit.ifPresent(counted -> inFlight.leave(counted.subject()));
        Function<byte[], ServiceReply> handling = exceeded.map(Limit::exceeded).orElse(request::handle);
        return () -> answer(requester, topic, () -> reply(requester, topic, request, handling, payload), leave);
    }

    private ServiceReply reply(
            RequestingDevice requester,
            String topic,
            RecognizedRequest request,
            Function<byte[], ServiceReply> handling,
            byte[] payload) {
        return outlet.rejection(requester, topic)
                .map(fault -> request.reject(payload, fault.code(), fault.message()))
                .orElseGet(() -> handling.apply(payload));
    }

    private synchronized void answer(
            RequestingDevice requester, String topic, Supplier<ServiceReply> replies, Runnable leave) {
        ServiceReply reply = replies.get();
        boolean eventsFirst = outlet.sendsEventsFirst(requester, topic);
        if (eventsFirst) {
            reply.events().forEach(event -> outlet.send(requester, event));
        }
        if (outlet.drops(requester, topic)) {
            leave.run();
        } else {
            outlet.send(requester, reply.answer(), leave);
        }
        if (!eventsFirst) {
            reply.events().forEach(event -> outlet.send(requester, event));
        }
    }

    /** Creates or deletes a thing. Initially there is a thing for every name. */
    public synchronized void thing(String name, boolean exists) {
        shadows.thing(name, exists);
    }

    /**
     * Reads a shadow without MQTT.
     *
     * @return the answer as JSON
     */
    public synchronized byte[] getShadow(ShadowId id) throws ShadowRejectedException {
        return StrictJson.write(shadows.get(id, ShadowRequestDocument.EMPTY));
    }

    /**
     * Changes a shadow without MQTT, and publishes the change.
     *
     * @return the answer as JSON
     */
    public synchronized byte[] updateShadow(ShadowId id, byte[] document) throws ShadowRejectedException {
        return told(shadowService.update(id, ShadowRequestDocument.read(document)));
    }

    /**
     * Deletes a shadow without MQTT, and publishes the deletion.
     *
     * @return the answer as JSON
     */
    public synchronized byte[] deleteShadow(ShadowId id) throws ShadowRejectedException {
        return told(shadowService.delete(id, ShadowRequestDocument.EMPTY));
    }

    private byte[] told(ServiceReply reply) {
        outlet.publish(reply.answer());
        reply.events().forEach(outlet::publish);
        return reply.answer().payload();
    }

    /** The current state of a shadow. */
    public Optional<ShadowDocument> findShadow(ShadowId id) {
        return shadows.find(id);
    }

    /** Returns the names of a thing's named shadows in alphabetical order. */
    public List<String> shadowNames(String thing) throws ShadowRejectedException {
        return shadows.names(thing);
    }

    /** Returns the names of the things that have a shadow, a job or a command, in alphabetical order. */
    public synchronized List<String> thingNames() {
        TreeSet<String> names = new TreeSet<>(shadows.things());
        names.addAll(jobs.things());
        commands.all().stream()
                .map(CommandExecution::target)
                .filter(target -> target.kind() == CommandTarget.Kind.THINGS)
                .map(CommandTarget::id)
                .forEach(names::add);
        return List.copyOf(names);
    }

    /** Changes the queues and sends the notifications. */
    public synchronized void changeJobs(Function<JobQueues, List<QueueNews>> change) {
        tell(change.apply(jobs));
    }

    /** The queues for reading, after all overdue executions have timed out. */
    public synchronized JobQueues jobs() {
        tell(jobs.timePassed());
        return jobs;
    }

    private void tell(List<QueueNews> news) {
        JobService.messages(news).forEach(outlet::publish);
    }

    /** Sends a command. */
    public synchronized CommandExecution send(
            CommandTarget target, byte[] payload, String contentType, Duration timeout) {
        CommandExecution execution = commands.create(target, timeout);
        outlet.publish(CommandService.command(execution, payload, contentType));
        return execution;
    }

    /** The current state of a command. */
    public CommandExecution command(String executionId) {
        return commands.get(executionId);
    }

    /** Returns all commands, oldest first. */
    public List<CommandExecution> commands() {
        return commands.all();
    }

    /** Advances the clock. Overdue executions time out. */
    public synchronized void advanceClock(Duration time) {
        clock.advance(time);
        tell(jobs.timePassed());
    }

    /** Returns the time of the services. */
    public Instant now() {
        return clock.instant();
    }

    /** Ends the threads of the services. */
    @Override
    public void close() {
        provisioningService.close();
    }
}
