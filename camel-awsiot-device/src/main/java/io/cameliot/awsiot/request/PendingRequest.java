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

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.session.InboundMessage;
import java.util.concurrent.CompletableFuture;

/** A request that was sent or waits to be sent. */
public class PendingRequest {

    private final Object sender;
    private final PublishRequest message;
    private final CompletableFuture<InboundMessage> answer = new CompletableFuture<>();

    private boolean published; // guarded by the AnsweredRequests

    /**
     * Creates a request that was not sent yet.
     *
     * @param sender the sender, which waits for the answer until {@link RequestManager#release}
     */
    protected PendingRequest(Object sender, PublishRequest message) {
        this.sender = sender;
        this.message = message;
    }

    public final PublishRequest message() {
        return message;
    }

    final boolean isOf(Object someone) {
        return sender == someone;
    }

    final boolean isPublished() {
        return published;
    }

    final void setPublished() {
        published = true;
    }

    /** Returns the message as it is to be sent now. */
    PublishRequest messageNow() {
        return message;
    }

    /** Returns the future that completes with the answer or the failure, before any of its copies. */
    final CompletableFuture<?> end() {
        return answer;
    }

    /** Returns a copy, because only the {@link AnsweredRequests} may complete the original. */
    public final CompletableFuture<InboundMessage> answer() {
        return answer.copy();
    }

    public final boolean isDone() {
        return answer.isDone();
    }

    final void whenDone(Runnable then) {
        answer.whenComplete((message, failure) -> then.run());
    }

    /**
     * Completes the request with its answer.
     *
     * @return false if the request has an outcome already
     */
    public final boolean complete(InboundMessage answered) {
        return answer.complete(answered);
    }

    public final void fail(Throwable reason) {
        answer.completeExceptionally(reason);
    }
}
