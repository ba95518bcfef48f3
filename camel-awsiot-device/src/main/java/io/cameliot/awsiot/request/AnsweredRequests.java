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
package io.cameliot.awsiot.request;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.common.camel.MqttThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The requests of one connection that wait for an answer. Each request has a timeout. A request fails at once when the
 * connection on which it was sent ends, or when its sender stops.
 *
 * <p>No method blocks. Outcomes arrive on the client's own threads, which callbacks must not block.
 *
 * @param <R> the type of the requests
 */
public abstract class AnsweredRequests<R extends PendingRequest> {

    private final DeviceConnection connection;
    private final MqttThreads threads;
    private final Set<R> open = new LinkedHashSet<>(); // guarded by this
    private boolean closed; // guarded by this

    protected AnsweredRequests(DeviceConnection connection, MqttThreads threads) {
        this.connection = connection;
        this.threads = threads;
    }

    protected final DeviceConnection connection() {
        return connection;
    }

    /**
     * Registers a request and starts its timeout.
     *
     * @param timeout the timeout of the whole request: connection, subscription, publish and answer
     * @param then runs when the request ends
     * @return false if the request has failed already
     */
    protected final boolean open(R request, Duration timeout, Runnable then) {
        Future<?> limit = threads.timer()
                .schedule(
                        () -> request.fail(timeout(
                                request.message().topic(),
                                timeout,
                                connection.status().obstacle())),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        boolean admitted;
        synchronized (this) {
            admitted = !closed && open.add(request);
        }
        // Only then, because the request may end at any time, and it must not be forgotten before it is known.
        request.whenDone(() -> {
            limit.cancel(false);
            forget(request);
            then.run();
        });
        if (!admitted) {
            request.fail(new IOException(
                    "The connection for topic '" + request.message().topic() + "' is closed"));
        }
        return admitted;
    }

    /**
     * Creates the exception of a request whose answer did not arrive in time.
     *
     * @param obstacle why it could not be sent at the end; null if it was sent, or nothing is known
     */
    public static TimeoutException timeout(String topic, Duration timeout, Throwable obstacle) {
        TimeoutException late =
                new TimeoutException("no answer to the request to topic '" + topic + "' came within requestTimeout ("
                        + timeout.toMillis() + " ms)"
                        + (obstacle == null ? "" : ": " + obstacle.getMessage()));
        late.initCause(obstacle);
        return late;
    }

    private synchronized void forget(R request) {
        open.remove(request);
    }

    /**
     * Sends a request, or fails it if its answer cannot be received.
     *
     * @param failure why the answer cannot be received; null if it can
     */
    protected final void publishUnless(Throwable failure, R request) {
        if (failure == null) {
            publish(request);
        } else {
            request.fail(failure);
        }
    }

    private void publish(R request) {
        synchronized (this) {
            request.setPublished();
        }
        if (request.isDone()) {
            return;
        }
        try {
            // A copy that goes out later could be carried out beside the retry of its sender.
            connection.publishUntil(request.end(), request.messageNow()).whenComplete((receipt, failure) -> {
                if (failure != null) {
                    request.fail(failure);
                }
            });
        } catch (Throwable e) {
            request.fail(e);
        }
    }

    /**
     * Fails the requests that were sent. The others are sent on the next connection.
     *
     * @param handling fails them, behind the answers that have arrived
     */
    protected final void connectionLost(Throwable cause, Executor handling) {
        List<R> lost = openOnes(PendingRequest::isPublished);
        handling.execute(() ->
                fail(lost, request -> new AnswerLostException(request.message().topic(), cause)));
    }

    /** Fails the requests of one sender. */
    final void stop(Object sender) {
        failAll(
                request -> request.isOf(sender),
                request -> new IOException("The producer stopped while a request waited for its answer"));
        unsubscribeUnused();
    }

    /** Fails all requests and unsubscribes. */
    final void close() {
        synchronized (this) {
            closed = true;
        }
        failAll(
                request -> true,
                request -> new IOException("The connection was closed while a request waited for its answer"));
        unsubscribe();
    }

    /** Ends the subscriptions whose answers no request waits for. */
    protected abstract void unsubscribeUnused();

    /** Ends all subscriptions to answers. Their UNSUBSCRIBE packets are sent before a DISCONNECT that follows. */
    protected abstract void unsubscribe();

    /** Removes a request from those that wait for their turn, because it is about to fail. The lock is held. */
    protected abstract void withdraw(R request);

    private void failAll(Predicate<PendingRequest> which, Function<PendingRequest, Exception> reason) {
        fail(openOnes(which), reason);
    }

    private synchronized List<R> openOnes(Predicate<PendingRequest> which) {
        return open.stream().filter(which).toList();
    }

    /**
     * Fails the requests outside the lock, because failing a request runs callbacks. They are withdrawn before, because
     * the end of one request can start the next.
     */
    private void fail(List<R> failed, Function<PendingRequest, Exception> reason) {
        synchronized (this) {
            failed.forEach(this::withdraw);
        }
        failed.forEach(request -> request.fail(reason.apply(request)));
    }
}
