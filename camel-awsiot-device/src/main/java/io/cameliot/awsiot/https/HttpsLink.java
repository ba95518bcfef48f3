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

import io.cameliot.awsiot.connection.ConnectionCounters;
import io.cameliot.awsiot.connection.ConnectionSettings;
import io.cameliot.awsiot.connection.DeviceLink;
import io.cameliot.awsiot.connection.PublishException;
import io.cameliot.awsiot.connection.PublishReceipt;
import io.cameliot.awsiot.connection.PublishRequest;
import io.cameliot.common.mqtt.Backoff;
import io.cameliot.common.mqtt.MqttThreads;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Publishes by HTTPS requests over kept connections. What can pass (throttling, the server's own errors, a broken
 * connection at QoS 1) is tried again until {@code publishTimeout}.
 */
public final class HttpsLink implements DeviceLink {

    /** The time between two tries of one message; the reconnect delays would be too slow for a single request. */
    private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(100);

    private static final String USER_AGENT = "camel-awsiot-device";

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(5);

    private final ConnectionSettings settings;
    private final MqttThreads threads;
    private final ConnectionCounters counters = new ConnectionCounters();
    private final PublishAuthorizer authorizer;
    private final String authority;
    private final Random random = new Random();
    private final HttpsConnections connections;
    private volatile RequestTarget lastTarget;

    public HttpsLink(ConnectionSettings settings, MqttThreads threads) {
        this.settings = settings;
        this.threads = threads;
        this.authority = settings.tlsTarget().authority();
        this.authorizer = PublishAuthorizers.of(settings);
        this.connections = new HttpsConnections(settings::tlsTarget, threads, settings.maxInflight());
    }

    @Override
    public ConnectionSettings settings() {
        return settings;
    }

    @Override
    public ConnectionCounters counters() {
        return counters;
    }

    /** HTTPS connects with the first message. */
    @Override
    public CompletableFuture<Void> connected() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void keepConnected() {
        // HTTPS connects with the first message.
    }

    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
        counters.published().increment();
        done.whenComplete(
                (receipt, failure) -> (failure == null ? counters.acknowledged() : counters.failed()).increment());
        Backoff backoff = new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, random);
        long deadline = System.nanoTime() + settings.publishTimeout().toNanos();
        try {
            // Looking credentials up may block.
            threads.continuations().execute(() -> attempt(request, done, backoff, deadline));
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new PublishException(request, "the connection is closed", e));
        }
        return done;
    }

    private void attempt(
            PublishRequest request, CompletableFuture<PublishReceipt> done, Backoff backoff, long deadline) {
        try {
            CompletableFuture<HttpAnswer> answer = connections.send(message(request));
            threads.limit(
                    answer,
                    Duration.ofNanos(Math.max(0, deadline - System.nanoTime())),
                    new SocketTimeoutException("No answer within publishTimeout"));
            answer.whenComplete((answered, failure) -> {
                try {
                    if (failure == null) {
                        done.complete(PublishAnswer.of(answered).receipt(request));
                    } else {
                        // The request may have been executed: sending it again is allowed at QoS 1 only.
                        retryOrFail(
                                request,
                                done,
                                backoff,
                                deadline,
                                new PublishException(request, "the HTTPS request failed", failure),
                                request.qos() == 1);
                    }
                } catch (HttpPublishException e) {
                    retryOrFail(request, done, backoff, deadline, e, e.isRetryable());
                } catch (RuntimeException | LinkageError e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RuntimeException | LinkageError e) {
            done.completeExceptionally(e);
        }
    }

    private void retryOrFail(
            PublishRequest request,
            CompletableFuture<PublishReceipt> done,
            Backoff backoff,
            long deadline,
            PublishException failure,
            boolean retryable) {
        Duration delay = backoff.next();
        if (!retryable || System.nanoTime() + delay.toNanos() - deadline > 0) {
            done.completeExceptionally(failure);
            return;
        }
        try {
            threads.timer()
                    .schedule(
                            () -> threads.io().execute(() -> attempt(request, done, backoff, deadline)),
                            delay.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(failure);
        }
    }

    private FullHttpRequest message(PublishRequest request) {
        RequestTarget target = target(request);
        FullHttpRequest message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, target.originForm(), Unpooled.wrappedBuffer(request.payload()));
        message.headers()
                .set(HttpHeaderNames.HOST, authority)
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.CONTENT_LENGTH, request.payload().length);
        authorizer
                .headers(request, target.path(), target.query(), PublishRequestEncoder.headers(request))
                .forEach((name, values) -> message.headers().set(name, values));
        return message;
    }

    /** Most messages go to the topic of the one before. */
    private RequestTarget target(PublishRequest request) {
        RequestTarget last = lastTarget;
        if (last == null || !last.isOf(request)) {
            last = RequestTarget.of(request);
            lastTarget = last;
        }
        return last;
    }

    @Override
    public CompletableFuture<Void> close() {
        connections.close();
        authorizer.close();
        return CompletableFuture.completedFuture(null);
    }
}
