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
package io.cameliot.awsiot.credentials;

import io.cameliot.awsiot.https.client.HttpAnswer;
import io.cameliot.awsiot.https.client.HttpsConnections;
import io.cameliot.awsiot.https.client.HttpsRequest;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsTarget;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * One request for credentials, within a time limit. After a failed connection it is sent once more, on a new connection:
 * the failure is often that of a network that is just coming up. Certificates are read for each connection.
 */
final class CredentialsFetch {

    private static final int LARGEST_JITTER_MILLIS = 200;

    private final RoleAliasRequest role;
    private final Supplier<TlsTarget> target;
    private final Duration limit;
    private final MqttThreads threads;
    private final Clock clock;
    private final CompletableFuture<AwsSessionCredentials> result = new CompletableFuture<>();

    /**
     * @param target reads the certificates, which may block
     * @param clock tells whether credentials have expired already
     */
    CredentialsFetch(
            RoleAliasRequest role, Supplier<TlsTarget> target, Duration limit, MqttThreads threads, Clock clock) {
        this.role = role;
        this.target = target;
        this.limit = limit;
        this.threads = threads;
        this.clock = clock;
    }

    /** Sends the request, without waiting. */
    CompletableFuture<AwsSessionCredentials> start() {
        try {
            Future<?> timeout = threads.timer().schedule(this::timeOut, limit.toMillis(), TimeUnit.MILLISECONDS);
            result.whenComplete((credentials, failure) -> timeout.cancel(false));
            attempt(true);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private void timeOut() {
        fail("no answer within connectionTimeout (" + limit.toMillis() + " ms)", null);
    }

    private void attempt(boolean first) {
        if (result.isDone()) {
            return;
        }
        HttpsConnections connections = new HttpsConnections(target, threads, 1, limit);
        HttpsRequest request = new HttpsRequest(role.request());
        connections.send(request);
        result.whenComplete((credentials, failure) -> connections.close());
        request.answer()
                .whenComplete(
                        (answer, failure) -> threads.continueWith(() -> ended(connections, first, answer, failure)));
    }

    private void ended(HttpsConnections connections, boolean first, HttpAnswer answer, Throwable failure) {
        try {
            if (failure == null) {
                accept(RoleAliasAnswer.read(answer, role));
            } else if (failure instanceof IOException && first && !result.isDone()) {
                connections.close();
                again();
            } else if (failure instanceof IOException) {
                fail(FailureText.of(failure) + advice(failure), failure);
            } else {
                result.completeExceptionally(failure);
            }
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void again() {
        threads.timer()
                .schedule(
                        () -> attempt(false),
                        ThreadLocalRandom.current().nextInt(LARGEST_JITTER_MILLIS),
                        TimeUnit.MILLISECONDS);
    }

    private void accept(AwsSessionCredentials credentials) {
        boolean expired = credentials
                .expirationTime()
                .filter(end -> !end.isAfter(clock.instant()))
                .isPresent();
        if (expired) {
            fail(
                    "they expired at " + credentials.expirationTime().orElseThrow()
                            + " already: set this machine's clock",
                    null);
        } else {
            result.complete(credentials);
        }
    }

    /** With TLS 1.3 a server refuses a certificate after the handshake, often by closing the connection. */
    private static String advice(Throwable failure) {
        return failure instanceof TlsConnectException
                ? ""
                : ". The endpoint closes a connection whose certificate it does not accept: check that the one of options"
                        + " certificateFile and privateKeyFile is registered and active, and not expired";
    }

    private void fail(String reason, Throwable cause) {
        result.completeExceptionally(new RoleAliasException("No credentials for " + role + ": " + reason, null, cause));
    }
}
