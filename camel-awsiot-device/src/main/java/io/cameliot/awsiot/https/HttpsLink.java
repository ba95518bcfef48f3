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
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Publishes by HTTPS requests over kept connections. What can pass (throttling, the server's own errors, a broken
 * connection at QoS 1) is tried again until {@code publishTimeout}.
 */
public final class HttpsLink implements DeviceLink {

    /** The time between two tries of one message; the reconnect delays would be too slow for a single request. */
    private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(100);

    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(5);

    private final ConnectionSettings settings;
    private final MqttThreads threads;
    private final ConnectionCounters counters = new ConnectionCounters();
    private final PublishAuthorizer authorizer;
    private final String authority;
    private final Random random = new Random();
    private final CloseableHttpClient client;
    private final Map<CompletableFuture<PublishReceipt>, PublishRequest> open = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private volatile RequestTarget lastTarget;

    public HttpsLink(ConnectionSettings settings, MqttThreads threads) {
        this.settings = settings;
        this.threads = threads;
        this.authority = settings.tlsTarget().authority();
        this.authorizer = PublishAuthorizers.of(settings);
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
                new TlsSocketConnectionOperator(settings::tlsTarget),
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.NEG_ONE_MILLISECOND,
                null);
        connections.setMaxTotal(settings.maxInflight());
        connections.setDefaultMaxPerRoute(settings.maxInflight());
        Timeout limit = Timeout.of(settings.publishTimeout());
        this.client = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(limit)
                        .setResponseTimeout(limit)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("camel-awsiot-device")
                .build();
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

    /** Makes the first try on the caller's thread, and any further ones on a pool. */
    @Override
    public CompletableFuture<PublishReceipt> publish(PublishRequest request) {
        CompletableFuture<PublishReceipt> done = new CompletableFuture<>();
        counters.published().increment();
        open.put(done, request);
        Backoff backoff = new Backoff(MIN_RETRY_DELAY, MAX_RETRY_DELAY, random);
        attempt(
                request,
                done,
                backoff,
                System.nanoTime() + settings.publishTimeout().toNanos());
        if (closed) {
            failOpen();
        }
        return done.whenComplete((receipt, failure) -> {
            open.remove(done);
            (failure == null ? counters.acknowledged() : counters.failed()).increment();
        });
    }

    private void attempt(
            PublishRequest request, CompletableFuture<PublishReceipt> done, Backoff backoff, long deadline) {
        try {
            done.complete(send(request));
        } catch (HttpPublishException e) {
            retryOrFail(request, done, backoff, deadline, e, e.isRetryable());
        } catch (IOException e) {
            // The request may have been executed: sending it again is allowed at QoS 1 only.
            retryOrFail(
                    request,
                    done,
                    backoff,
                    deadline,
                    new PublishException(request, "the HTTPS request failed", e),
                    request.qos() == 1);
        } catch (RuntimeException e) {
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
        if (!retryable || closed || System.nanoTime() + delay.toNanos() - deadline > 0) {
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

    private PublishReceipt send(PublishRequest request) throws IOException {
        RequestTarget target = target(request);
        HttpPost post = new HttpPost(target.uri());
        authorizer
                .headers(request, target.path(), target.query(), PublishRequestEncoder.headers(request))
                .forEach((name, values) -> values.forEach(value -> post.addHeader(name, value)));
        post.setEntity(new ByteArrayEntity(request.payload(), null));
        return client.execute(post, response -> PublishAnswer.read(response)).receipt(request);
    }

    /** Most messages go to the topic of the one before. */
    private RequestTarget target(PublishRequest request) {
        RequestTarget last = lastTarget;
        if (last == null || !last.isOf(request)) {
            last = RequestTarget.of(request, authority);
            lastTarget = last;
        }
        return last;
    }

    /** Ends what is on its way: Camel has waited for it, as long as its shutdown timeout allows. */
    @Override
    public CompletableFuture<Void> close() {
        closed = true;
        client.close(CloseMode.IMMEDIATE);
        failOpen();
        authorizer.close();
        return CompletableFuture.completedFuture(null);
    }

    /** Also what waits for its next try, which the timer of a stopped component makes no more. */
    private void failOpen() {
        open.forEach((done, request) ->
                done.completeExceptionally(new PublishException(request, "the connection was closed", null)));
    }
}
