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
package io.cameliot.awsiot.publish;

import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.retry.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** A message on its way out, until it is done. What may change is guarded by the lock of its {@link PublishQueue}. */
final class Outgoing {

    /** The time between two tries of a message that the server refuses for now. */
    private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(500);

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(20);

    private final PublishRequest request;
    private final CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
    private final boolean forwarded;
    private final long deadline;
    private boolean sent;
    private long sentAt;
    private volatile boolean acknowledged;
    private PublishRefusedException refusal;
    private Backoff backoff;

    private Outgoing(PublishRequest request, boolean forwarded, boolean sent, long deadline) {
        this.request = request;
        this.forwarded = forwarded;
        this.sent = sent;
        this.deadline = deadline;
    }

    /**
     * @param deadline when its time is over, by {@link System#nanoTime()}
     */
    static Outgoing submitted(PublishRequest request, long deadline) {
        return new Outgoing(request, false, false, deadline);
    }

    /** A message for one connection; its time is the forwarder's business. */
    static Outgoing forwarded(PublishRequest request, boolean sentBefore) {
        return new Outgoing(request, true, sentBefore, 0);
    }

    PublishRequest request() {
        return request;
    }

    int qos() {
        return request.qos();
    }

    /** What the caller was given; whoever completes it decides the outcome. */
    CompletableFuture<PublishReceipt> done() {
        return done;
    }

    boolean isForwarded() {
        return forwarded;
    }

    boolean isLate(long now) {
        return !forwarded && deadline - now <= 0;
    }

    /** Whether it was given to a session that may have sent it, so that it is a duplicate from now on. */
    boolean isSent() {
        return sent;
    }

    void sending(long now) {
        sent = true;
        sentAt = now;
    }

    long sentAt() {
        return sentAt;
    }

    /** The server has taken it, even if its caller does not know yet. */
    void acknowledge() {
        acknowledged = true;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    /** The server has done with it: what is sent again is no duplicate (MQTT 5 section 4.4). */
    void refuse(PublishRefusedException reason) {
        refusal = reason;
        sent = false;
    }

    /** Why the server has not taken it the last time; null if it did not say so. */
    PublishRefusedException refusal() {
        return refusal;
    }

    Duration nextRetryDelay() {
        if (backoff == null) {
            backoff = new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, ThreadLocalRandom.current());
        }
        return backoff.next();
    }

    PublishException failure(String reason, Throwable cause) {
        return new PublishException(request, reason, cause);
    }

    /** Gives the message back to whoever forwarded it. */
    void giveBack() {
        done.completeExceptionally(failure("the connection ended", null));
    }
}
