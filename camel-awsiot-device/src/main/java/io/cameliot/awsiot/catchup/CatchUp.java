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
package io.cameliot.awsiot.catchup;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.receive.Intake;
import io.cameliot.awsiot.report.Unreported;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.awsiot.service.ServiceAnswer;
import io.cameliot.awsiot.service.ServiceCall;
import io.cameliot.awsiot.service.ServiceClient;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The intake of a consumer that asks for the current state after each SUBACK and passes missed state to the route as an
 * event. It also asks in a session that the server kept, because the server drops messages of full or expired sessions.
 * A failed request is repeated until the connection ends.
 *
 * <p>No method blocks.
 */
public final class CatchUp implements Intake {

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private static final Duration MIN_RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_RETRY_DELAY = Duration.ofMinutes(2);
    private static final String NOT_FOUND = "404";

    private final String topic;
    private final ServiceCall call;
    private final SeenState seen;
    private final ServiceClient client;
    private final ScheduledExecutorService timer;
    private final Intake queue;
    private final InboundQueue.Route route;
    private final Consumer<Exception> failures;
    private int session; // guarded by this: number of the SUBACK
    private boolean closed; // guarded by this

    /**
     * Creates an intake.
     *
     * @param topic topic of the consumer, which {@link CatchUpTopic#of} accepts
     * @param client asks for the current state; closed with this intake
     * @param timer schedules retries
     * @param queues creates the queue between the connection and a route
     * @param failures receives the reason of a failed request for the current state, once per connection; must not
     *     block
     */
    public CatchUp(
            String topic,
            ServiceClient client,
            ScheduledExecutorService timer,
            Function<InboundQueue.Route, Intake> queues,
            InboundQueue.Route route,
            Consumer<Exception> failures) {
        CatchUpTopic kind = CatchUpTopic.of(topic);
        this.topic = topic;
        this.call = kind.request(topic);
        this.seen = kind.newMemory();
        this.client = client;
        this.timer = timer;
        this.queue = queues.apply(this::process);
        this.route = route;
        this.failures = failures;
    }

    /**
     * Passes an event to the route, unless the route got it before. The current state, a derived message, becomes an
     * event here and not when it arrives, because it outdates the events before it, which the route must get first.
     */
    private CompletableFuture<Boolean> process(InboundDelivery delivery, boolean held) {
        InboundMessage message = delivery.message();
        JsonNode json = ServiceJson.readOrNull(message.payload());
        if (message.isDerived()) {
            JsonNode event = json == null ? null : seen.event(json);
            return event != null && seen.isNews(event)
                    ? route.process(InboundDelivery.of(message.derived(topic, ServiceJson.write(event))), held)
                    : InboundQueue.DONE;
        }
        if (json == null || seen.isNews(json)) {
            return route.process(delivery, held);
        }
        LOG.debug("The route got {} before, or something newer: it was dropped", message);
        return InboundQueue.DONE;
    }

    @Override
    public boolean offer(InboundDelivery delivery) {
        return queue.offer(delivery);
    }

    /** Asks for the current state, because no event is missed from now on. */
    @Override
    public void subscribed() {
        queue.subscribed();
        int present;
        synchronized (this) {
            present = ++session;
        }
        ask(present, new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, new Random()), false);
    }

    @Override
    public void pause() {
        queue.pause();
    }

    @Override
    public void resume() {
        queue.resume();
    }

    @Override
    public CompletableFuture<Void> close() {
        synchronized (this) {
            closed = true;
        }
        client.close();
        return queue.close();
    }

    @Override
    public void leave() {
        queue.leave();
    }

    @Override
    public int clear(Consumer<InboundDelivery> discarded) {
        return queue.clear(discarded);
    }

    @Override
    public void end() {
        queue.end();
    }

    private synchronized boolean isPresent(int number) {
        return !closed && number == session;
    }

    /**
     * Asks for the current state.
     *
     * @param told whether the failure was reported
     */
    private void ask(int number, Backoff backoff, boolean told) {
        if (!isPresent(number)) {
            return;
        }
        try {
            client.send(call, new byte[0])
                    .thenAccept(answer -> answered(number, answer))
                    .whenComplete((nothing, failure) -> {
                        if (failure != null) {
                            failed(number, backoff, told, failure);
                        }
                    });
        } catch (RuntimeException e) {
            LOG.debug("The consumer of {} outlived its connection", topic, e);
        }
    }

    private void answered(int number, ServiceAnswer answer) {
        if (!answer.accepted()) {
            if (NOT_FOUND.equals(answer.reason().code())) {
                LOG.debug("There is no shadow for topic {}, and so nothing was missed", topic);
                return;
            }
            throw new CompletionException(new DeviceRequestRejectedException(answer));
        }
        if (isPresent(number)) {
            queue.offer(InboundDelivery.of(answer.message().derived(topic, answer.body())));
        }
    }

    private void failed(int number, Backoff backoff, boolean told, Throwable failure) {
        Throwable cause = Unreported.cause(failure);
        if (cause instanceof AnswerLostException || !isPresent(number)) {
            return;
        }
        boolean passing = cause instanceof TimeoutException
                || cause instanceof DeviceRequestRejectedException rejection && rejection.isRetryable();
        boolean tell = !told && !passing && cause instanceof Exception;
        Duration delay = backoff.next();
        LOG.debug("The state for topic {} is asked for again in {} ms", topic, delay.toMillis(), cause);
        if (tell) {
            failures.accept((Exception) cause);
        }
        try {
            timer.schedule(() -> ask(number, backoff, told || tell), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The consumer of {} outlived its threads", topic, e);
        }
    }
}
