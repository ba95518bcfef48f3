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
 * A message until its outcome is known. It waits in its {@link MessageSource}, or is in flight in a {@link SendWindow},
 * which reports the outcome here.
 */
abstract class Outgoing {

    private final PublishRequest request;
    private final CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
    private volatile boolean sent;
    private volatile long sentAt;
    private volatile boolean acknowledged;

    /**
     * @param sent whether the message may have been sent before, so that it is sent as a duplicate
     */
    Outgoing(PublishRequest request, boolean sent) {
        this.request = request;
        this.sent = sent;
    }

    /** Called when the server has acknowledged the message (QoS 1), or when it was written (QoS 0). */
    abstract void taken();

    /**
     * Called when the server has refused the message. The server does not store it, so a resend is no duplicate (MQTT 5
     * section 4.4).
     */
    abstract void refused(PublishRefusedException refusal);

    /** Called when the connection has ended and the server may or may not have the message. */
    abstract void givenBack();

    /**
     * Called when the message cannot be sent on any connection, with the lock of the window held.
     *
     * @return ends the message, and is run with no lock held; null if the message is to stay in flight until the
     *     connection ends because its PUBACK is missing
     */
    abstract Runnable unsendable(Throwable cause);

    final PublishRequest request() {
        return request;
    }

    final int qos() {
        return request.qos();
    }

    /** Returns the caller's future. The first to complete it decides the outcome. */
    final CompletableFuture<PublishReceipt> done() {
        return done;
    }

    /** Returns whether a connection may have sent the message, so that it is a duplicate from now on. */
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

    /** Marks the message as acknowledged by the server, before its caller is notified. */
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
