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

/** A message on its way, over one or more requests, with a time limit behind it. */
final class PendingPublish {

    private final PublishRequest request;
    private final Backoff backoff;
    private final long deadline;
    private final CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
    private volatile PublishException lastFailure;
    private Thread attempting; // guarded by this

    /**
     * @param backoff between two requests
     * @param deadline by {@link System#nanoTime()}
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

    /** Why the last request failed; null if none did. */
    PublishException lastFailure() {
        return lastFailure;
    }

    /**
     * The present thread, which is no caller's, makes an attempt that {@link #fail} may interrupt.
     *
     * @return false if it has come too late
     */
    synchronized boolean begin() {
        if (done.isDone()) {
            return false;
        }
        attempting = Thread.currentThread();
        return true;
    }

    /** The attempt has sent its request, which is of no use to anyone once the message is done. */
    void sent(CompletableFuture<HttpAnswer> answer) {
        done.whenComplete((receipt, failure) -> answer.cancel(false));
    }

    synchronized void end() {
        attempting = null;
        // An interrupt was meant for this attempt.
        Thread.interrupted();
    }

    /** Fails the message, and ends the attempt that is under way. */
    void fail(PublishException failure) {
        done.completeExceptionally(failure);
        synchronized (this) {
            if (attempting != null) {
                attempting.interrupt();
            }
        }
    }
}
