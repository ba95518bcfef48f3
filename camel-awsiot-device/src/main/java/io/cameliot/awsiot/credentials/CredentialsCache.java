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

import io.cameliot.common.text.FailureText;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Keeps credentials, and a failure for a time that depends on it. From five minutes before credentials expire, a call
 * begins a refresh and gets the present ones. In the last minute, and after {@link #expire}, callers wait for the
 * refresh. One refresh runs at a time. When it fails, credentials that have not expired stay in use. The five minutes and
 * the times of failures are those of the credentials handler of AWS IoT Greengrass, the last minute is that of the
 * credentials providers of the AWS SDK.
 */
final class CredentialsCache {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialsCache.class);

    private static final Duration REFRESH_BEFORE_END = Duration.ofMinutes(5);
    private static final Duration WAIT_BEFORE_END = Duration.ofMinutes(1);

    private static final Duration AFTER_4XX = Duration.ofSeconds(120);
    private static final Duration AFTER_5XX = Duration.ofSeconds(60);
    private static final Duration AFTER_OTHER_ANSWER = Duration.ofSeconds(300);

    /** The shortest time between two refreshes, also after a failed connection. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<CompletableFuture<AwsSessionCredentials>> source;
    private final Duration limit;
    private final Clock clock;

    // All guarded by this.
    private AwsSessionCredentials credentials;
    private Throwable failure;
    private Instant answeredAt = Instant.MAX;
    private Instant refreshAt = Instant.MIN;
    private Instant refreshingSince;
    private CompletableFuture<AwsSessionCredentials> refreshing;
    private boolean newOnesWanted;

    /**
     * @param name what the credentials are for, in the log
     * @param source asks for credentials, without waiting
     * @param limit a refresh that takes longer has lost its threads, and another one begins
     */
    CredentialsCache(
            String name, Supplier<CompletableFuture<AwsSessionCredentials>> source, Duration limit, Clock clock) {
        this.name = name;
        this.source = source;
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * Returns credentials, without waiting.
     *
     * @return completes with the credentials; fails with the reason of the latest refresh
     */
    CompletableFuture<AwsSessionCredentials> get() {
        CompletableFuture<AwsSessionCredentials> begun = new CompletableFuture<>();
        CompletableFuture<AwsSessionCredentials> lost;
        CompletableFuture<AwsSessionCredentials> given;
        synchronized (this) {
            Instant now = clock.instant();
            // A clock that was set back must not prolong a failure.
            if (now.isBefore(refreshAt) && !now.isBefore(answeredAt)) {
                return known(now);
            }
            boolean pending = refreshing != null && now.isBefore(refreshingSince.plus(limit));
            boolean ready = areValid(now.plus(WAIT_BEFORE_END)) && !newOnesWanted;
            given = ready ? CompletableFuture.completedFuture(credentials) : (pending ? refreshing : begun).copy();
            if (pending) {
                return given;
            }
            lost = refreshing;
            refreshing = begun;
            refreshingSince = now;
        }
        if (lost != null) {
            lost.completeExceptionally(new IOException("The request for credentials has got no answer"));
        }
        refresh(begun);
        return given;
    }

    private void refresh(CompletableFuture<AwsSessionCredentials> begun) {
        CompletableFuture<AwsSessionCredentials> asked;
        try {
            asked = source.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((fetched, reason) ->
                answered(begun, fetched, reason instanceof CompletionException wrapped ? wrapped.getCause() : reason));
    }

    private void answered(
            CompletableFuture<AwsSessionCredentials> begun, AwsSessionCredentials fetched, Throwable reason) {
        CompletableFuture<AwsSessionCredentials> outcome;
        synchronized (this) {
            if (refreshing == begun) {
                outcome = remember(fetched, reason);
            } else {
                outcome = reason == null
                        ? CompletableFuture.completedFuture(fetched)
                        : CompletableFuture.failedFuture(reason);
            }
        }
        if (reason != null && !outcome.isCompletedExceptionally()) {
            LOG.warn(
                    "The credentials for {} stay in use until they expire, without new ones: {}",
                    name,
                    FailureText.of(reason));
        }
        outcome.whenComplete((latest, none) -> {
            if (none == null) {
                begun.complete(latest);
            } else {
                begun.completeExceptionally(none);
            }
        });
    }

    /** Called with the lock. */
    private CompletableFuture<AwsSessionCredentials> remember(AwsSessionCredentials fetched, Throwable reason) {
        Instant now = clock.instant();
        refreshing = null;
        newOnesWanted = false;
        answeredAt = now;
        failure = reason;
        refreshAt = now.plus(reason == null ? PAUSE : timeOf(reason));
        if (reason == null) {
            credentials = fetched;
            Instant beforeEnd = end(fetched).minus(REFRESH_BEFORE_END);
            refreshAt = beforeEnd.isAfter(refreshAt) ? beforeEnd : refreshAt;
        }
        return known(now);
    }

    private CompletableFuture<AwsSessionCredentials> known(Instant now) {
        return failure == null || areValid(now)
                ? CompletableFuture.completedFuture(credentials)
                : CompletableFuture.failedFuture(failure);
    }

    private boolean areValid(Instant at) {
        return credentials != null && at.isBefore(end(credentials));
    }

    private static Duration timeOf(Throwable failure) {
        if (!(failure instanceof RoleAliasException answered) || answered.getStatusCode() == null) {
            return PAUSE;
        }
        return switch (answered.getStatusCode() / 100) {
            case 4 -> AFTER_4XX;
            case 5 -> AFTER_5XX;
            default -> AFTER_OTHER_ANSWER;
        };
    }

    private static Instant end(AwsSessionCredentials credentials) {
        return credentials.expirationTime().orElse(Instant.MAX);
    }

    /**
     * Lets the next call ask for new credentials and wait for them. The present ones stay in use if that fails. A refresh
     * that is under way is for its callers only.
     */
    synchronized void expire() {
        refreshAt = Instant.MIN;
        refreshing = null;
        newOnesWanted = true;
    }
}
