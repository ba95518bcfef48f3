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

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.common.mqtt.PublishRefusedException;
import java.util.concurrent.CompletableFuture;

/**
 * A message on its way out, until it is done: it waits in its {@link MessageSource}, or is in flight in a
 * {@link SendWindow}, which says here what becomes of it.
 */
abstract class Outgoing {

    private final PublishRequest request;
    private final CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
    private volatile boolean sent;
    private volatile long sentAt;
    private volatile boolean acknowledged;

    /**
     * @param sent whether it may have been sent before, so that it goes out as a duplicate
     */
    Outgoing(PublishRequest request, boolean sent) {
        this.request = request;
        this.sent = sent;
    }

    /** The server has taken it (QoS 1), or it was written (QoS 0). */
    abstract void taken();

    /** The server has refused it, and does not know it: sent again it is no duplicate (MQTT 5 section 4.4). */
    abstract void refused(PublishRefusedException refusal);

    /** Its connection has ended, and nobody will know whether the server has it. */
    abstract void givenBack();

    /**
     * It cannot be sent, on no connection. Called with the lock of the window held.
     *
     * @return what ends it, with no lock held; null if it is to stay in flight until its connection ends for want of a PUBACK
     */
    abstract Runnable unsendable(Throwable cause);

    final PublishRequest request() {
        return request;
    }

    final int qos() {
        return request.qos();
    }

    /** What the caller was given; whoever completes it decides the outcome. */
    final CompletableFuture<PublishReceipt> done() {
        return done;
    }

    /** Whether it was given to a connection that may have sent it, so that it is a duplicate from now on. */
    final boolean isSent() {
        return sent;
    }

    final void sending(long now) {
        sent = true;
        sentAt = now;
    }

    final void setNeverSent() {
        sent = false;
    }

    final long sentAt() {
        return sentAt;
    }

    /** The server has taken it, even if its caller does not know yet. */
    final void acknowledge() {
        acknowledged = true;
    }

    final boolean isAcknowledged() {
        return acknowledged;
    }

    final PublishException failure(String reason, Throwable cause) {
        return new PublishException(request, reason, cause);
    }

    final PublishException failure(PublishRefusedException refusal) {
        String advice = AwsReasons.publish(refusal.getReasonCode(), request.topic(), request.retained());
        return failure(advice.isEmpty() ? "not taken" : "not taken, " + advice, refusal);
    }
}
