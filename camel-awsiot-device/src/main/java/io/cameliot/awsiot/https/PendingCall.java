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
package io.cameliot.awsiot.https;

import io.cameliot.awsiot.https.client.HttpAnswer;
import io.cameliot.awsiot.https.client.HttpsRequest;
import io.cameliot.common.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A call to AWS IoT Core by one or more HTTPS requests.
 *
 * @param <T> the outcome
 */
abstract class PendingCall<T> {

    private final Backoff backoff;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private volatile HttpsRequest latest;
    private volatile Throwable lastFailure;
    private Thread attempting; // guarded by this

    /**
     * Creates a call without a request.
     *
     * @param backoff the delays between two requests
     */
    PendingCall(Backoff backoff) {
        this.backoff = backoff;
    }

    /**
     * The content of a request.
     *
     * @param originForm path and query in the form of the request line (RFC 9112, section 3.2.1)
     * @param headers the headers that belong to the call
     */
    record Content(HttpCall http, String originForm, Map<String, List<String>> headers) {}

    /** Returns the content of the next request. */
    abstract Content content();

    /**
     * Handles an answer, which may not be AWS's.
     *
     * @return the delay before the next request; null if the call has an outcome
     */
    abstract Duration answered(HttpAnswer answer);

    /** Returns whether an answer takes so little work that the event loop handles it, without a change of thread. */
    abstract boolean isShort(HttpAnswer answer);

    /**
     * Handles the end of a connection, or the failure of an attempt to connect.
     *
     * @return the delay before the next request; null if the call has an outcome
     */
    abstract Duration connectionFailed(IOException failure);

    /**
     * Creates the exception of the failed call.
     *
     * @param cause the cause; null if there is none
     */
    abstract IOException failure(String reason, Throwable cause);

    final CompletableFuture<T> done() {
        return done;
    }

    /** Records why a request failed, and returns the delay before the next one. */
    final Duration next(Throwable failure) {
        lastFailure = failure;
        return backoff.next();
    }

    /** Returns why the last request failed; null if none failed. */
    final Throwable lastFailure() {
        return lastFailure;
    }

    /**
     * Begins an attempt on the current thread, which {@link #fail} may interrupt. The thread must not be a caller's.
     *
     * @return false if the call has an outcome already
     */
    final synchronized boolean begin() {
        if (done.isDone()) {
            return false;
        }
        attempting = Thread.currentThread();
        return true;
    }

    /** Ties the request of the attempt to the call: the request is canceled when the call is done. */
    final void sending(HttpsRequest request) {
        latest = request;
        done.whenComplete((outcome, failure) -> request.answer().cancel(false));
    }

    /** Returns whether the server may have received the latest request. */
    final boolean isSent() {
        HttpsRequest request = latest;
        return request != null && request.isSent();
    }

    final synchronized void end() {
        attempting = null;
        // Clears an interrupt of {@link #fail}, which was for this attempt only.
        Thread.interrupted();
    }

    /** Fails the call and interrupts the current attempt. */
    final void fail(Throwable failure) {
        done.completeExceptionally(failure);
        synchronized (this) {
            if (attempting != null) {
                attempting.interrupt();
            }
        }
    }
}
