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
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.retry.Backoff;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

/** A message that is being published, until its deadline. */
final class PendingPublish extends PendingCall<PublishReceipt> {

    private final PublishRequest request;
    private final Function<PublishRequest, RequestTarget> targets;
    private final long deadline;

    /**
     * Creates a message that was not sent yet.
     *
     * @param targets returns the target of a message
     * @param backoff the delays between two requests
     * @param timeout time until the deadline
     */
    PendingPublish(
            PublishRequest request,
            Function<PublishRequest, RequestTarget> targets,
            Backoff backoff,
            Duration timeout) {
        super(backoff);
        this.request = request;
        this.targets = targets;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    @Override
    Content content() {
        RequestTarget target = targets.apply(request);
        return new Content(
                new HttpCall(HttpMethod.POST, target.path(), target.query(), request.payload()),
                target.originForm(),
                PublishRequestEncoder.headers(request));
    }

    @Override
    Duration answered(HttpAnswer answer) {
        try {
            done().complete(PublishAnswer.of(answer).receipt(request));
            return null;
        } catch (HttpPublishException e) {
            // AWS may have executed a request whose answer has a success status, even if the answer is not AWS's.
            return retryOrFail(e, e.isRetryable() && (request.qos() == 1 || e.getStatusCode() >= 300));
        }
    }

    /** A change of thread for each answer costs a quarter of the rate (benchmark https-8). */
    @Override
    boolean isShort(HttpAnswer answer) {
        return answer.body().length <= ServiceJson.SHORT_BYTES;
    }

    /** AWS may have executed the request, so that only QoS 1 allows to send it again. */
    @Override
    Duration connectionFailed(IOException failure) {
        return retryOrFail(failure("the HTTPS request failed", failure), request.qos() == 1);
    }

    private Duration retryOrFail(PublishException failure, boolean retryable) {
        Duration delay = next(failure);
        if (retryable && !isExpired(delay)) {
            return delay;
        }
        done().completeExceptionally(failure);
        return null;
    }

    @Override
    PublishException failure(String reason, Throwable cause) {
        return new PublishException(request, reason, cause);
    }

    /** Fails the message if its deadline has passed. */
    void expire(Duration timeout) {
        if (isExpired(Duration.ZERO)) {
            fail(failure("no answer within publishTimeout (" + timeout.toMillis() + " ms)", lastFailure()));
        }
    }

    private boolean isExpired(Duration after) {
        return System.nanoTime() + after.toNanos() - deadline >= 0;
    }
}
