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

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.retry.Backoff;
import java.util.concurrent.CompletableFuture;

/** A message that is being published, by one or more requests until its deadline. */
final class PendingPublish {

    private final PublishRequest request;
    private final Backoff backoff;
    private final long deadline;
    private final CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
    private volatile PublishException lastFailure;
    private Thread attempting; // guarded by this

    /**
     * Creates a message that was not sent yet.
     *
     * @param backoff the delays between two requests
     * @param deadline the deadline by {@link System#nanoTime()}
     */
    PendingPublish(PublishRequest request, Backoff backoff, long deadline) {
        this.request = request;
        this.backoff = backoff;
        this.deadline = deadline;
    }

    PublishRequest request() {
        return request;
    }

    Backoff backoff() {
        return backoff;
    }

    CompletableFuture<PublishReceipt> done() {
        return done;
    }

    boolean isExpired(long afterNanos) {
        return System.nanoTime() + afterNanos - deadline >= 0;
    }

    void failedFor(PublishException failure) {
        lastFailure = failure;
    }

    /** Returns why the last request failed; null if none failed. */
    PublishException lastFailure() {
        return lastFailure;
    }

    /**
     * Begins an attempt on the current thread, which {@link #fail} may interrupt. The thread must not be a caller's.
     *
     * @return false if the message has an outcome already
     */
    synchronized boolean begin() {
        if (done.isDone()) {
            return false;
        }
        attempting = Thread.currentThread();
        return true;
    }

    /** Ties the request of the attempt to the message: the request is canceled when the message is done. */
    void sent(CompletableFuture<HttpAnswer> answer) {
        done.whenComplete((receipt, failure) -> answer.cancel(false));
    }

    synchronized void end() {
        attempting = null;
        // Clears an interrupt of {@link #fail}, which was for this attempt only.
        Thread.interrupted();
    }

    /** Fails the message and interrupts the current attempt. */
    void fail(PublishException failure) {
        done.completeExceptionally(failure);
        synchronized (this) {
            if (attempting != null) {
                attempting.interrupt();
            }
        }
    }
}
