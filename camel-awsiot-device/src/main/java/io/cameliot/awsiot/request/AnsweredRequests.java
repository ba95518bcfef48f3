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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Requests over one connection, whatever answers them. Each has a time limit. It fails at once when the connection ends on
 * which it was sent, or when its sender stops.
 *
 * <p>All methods return at once. Outcomes come on the client's own threads: hand off, never block there.
 *
 * @param <R> the requests
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
     * Registers a request, and sets its time limit.
     *
     * @param timeout bound of all of it: connection, subscription, publish and answer
     * @param then called at its end
     * @return false if it has failed already
     */
    protected final boolean open(R request, Duration timeout, Runnable then) {
        Future<?> limit = threads.timer()
                .schedule(
                        () -> request.fail(timeout(request.message().topic(), timeout)),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        request.whenDone(() -> {
            limit.cancel(false);
            forget(request);
            then.run();
        });
        synchronized (this) {
            if (!closed) {
                open.add(request);
                return true;
            }
        }
        request.fail(
                new IOException("The connection for topic '" + request.message().topic() + "' is closed"));
        return false;
    }

    /** Says that no answer came in time. */
    public static TimeoutException timeout(String topic, Duration timeout) {
        return new TimeoutException("no answer to the request to topic '" + topic + "' came within requestTimeout ("
                + timeout.toMillis() + " ms)");
    }

    private synchronized void forget(R request) {
        open.remove(request);
    }

    /**
     * Sends a request.
     *
     * @param failure why its answer cannot be heard, so that it fails instead; null if it can
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
            connection.publish(request.message()).whenComplete((receipt, failure) -> {
                if (failure != null) {
                    request.fail(failure);
                }
            });
        } catch (Throwable e) {
            request.fail(e);
        }
    }

    /** Fails the requests that were sent. The others go out on the next connection. */
    protected final void connectionLost(Throwable cause) {
        failAll(
                PendingRequest::isPublished,
                request -> new AnswerLostException(request.message().topic(), cause));
    }

    /** Fails what one of the senders waits for. */
    final void stop(Object sender) {
        failAll(
                request -> request.isOf(sender),
                request -> new IOException("The producer stopped while a request waited for its answer"));
        unsubscribeUnused();
    }

    /** Fails everything and unsubscribes. */
    final void close() {
        synchronized (this) {
            closed = true;
        }
        failAll(
                request -> true,
                request -> new IOException("The connection was closed while a request waited for its answer"));
        unsubscribe();
    }

    /** Ends the subscriptions to answers that nobody waits for, if there are such. */
    protected abstract void unsubscribeUnused();

    /** Ends the subscriptions to answers: their UNSUBSCRIBE goes out before a DISCONNECT that follows. */
    protected abstract void unsubscribe();

    /** Fails requests outside the lock, because callbacks run with it. */
    private void failAll(Predicate<PendingRequest> which, Function<PendingRequest, Exception> reason) {
        List<R> failed;
        synchronized (this) {
            failed = open.stream().filter(which).toList();
        }
        failed.forEach(request -> request.fail(reason.apply(request)));
    }
}
