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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class CredentialsCacheTest {

    private static final Duration LIMIT = Duration.ofSeconds(31);

    private final SettableClock clock = new SettableClock();
    private final List<CompletableFuture<AwsSessionCredentials>> requests = new ArrayList<>();
    private final CredentialsCache cache = new CredentialsCache("role alias", this::request, LIMIT, clock);

    private CompletableFuture<AwsSessionCredentials> request() {
        CompletableFuture<AwsSessionCredentials> request = new CompletableFuture<>();
        requests.add(request);
        return request;
    }

    @Test
    void keepsCredentialsUntilFiveMinutesBeforeTheirEnd() {
        AwsSessionCredentials first = answer(Duration.ofHours(1));

        clock.advance(Duration.ofMinutes(55).minusMillis(1));
        assertThat(cache.get()).isCompletedWithValue(first);
        assertThat(requests).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(answer(Duration.ofHours(1))).isNotEqualTo(first);
        assertThat(requests).hasSize(2);
    }

    @Test
    void asksOnceForAllWhoAskMeanwhile() {
        List<CompletableFuture<AwsSessionCredentials>> callers =
                Stream.generate(cache::get).limit(100).toList();
        callers.get(0).cancel(false);
        AwsSessionCredentials credentials = credentials(Duration.ofHours(1));
        requests.get(0).complete(credentials);

        assertThat(requests).hasSize(1);
        assertThat(callers.subList(1, 100))
                .allSatisfy(caller -> assertThat(caller).isCompletedWithValue(credentials));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(refusal(400), Duration.ofSeconds(120)),
                Arguments.of(refusal(403), Duration.ofSeconds(120)),
                Arguments.of(refusal(404), Duration.ofSeconds(120)),
                Arguments.of(refusal(500), Duration.ofSeconds(60)),
                Arguments.of(refusal(503), Duration.ofSeconds(60)),
                Arguments.of(refusal(302), Duration.ofSeconds(300)),
                Arguments.of(refusal(200), Duration.ofSeconds(300)),
                Arguments.of(refusal(null), Duration.ofSeconds(1)),
                Arguments.of(new IOException("no route"), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void remembersAFailureForATimeThatDependsOnIt(Exception failure, Duration time) {
        cache.get();
        requests.get(0).completeExceptionally(failure);

        clock.advance(time.minusMillis(1));
        assertFails(failure);
        assertThat(requests).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(answer(Duration.ofHours(1))).isNotNull();
    }

    @Test
    void usesCredentialsThatHaveNotExpiredWhereThereAreNoNewOnes() {
        AwsSessionCredentials credentials = answer(Duration.ofHours(1));
        clock.advance(Duration.ofMinutes(57));

        CompletableFuture<AwsSessionCredentials> caller = cache.get();
        requests.get(1).completeExceptionally(refusal(403));
        assertThat(caller).isCompletedWithValue(credentials);
        clock.advance(Duration.ofSeconds(119));
        assertThat(cache.get()).isCompletedWithValue(credentials);
        assertThat(requests).hasSize(2);

        clock.advance(Duration.ofMinutes(2));
        cache.get();
        requests.get(2).completeExceptionally(refusal(404));
        assertFails(refusal(404));
    }

    @Test
    void letsNobodyWaitForNewCredentialsUntilTheLastMinuteOfThePresentOnes() {
        AwsSessionCredentials first = answer(Duration.ofHours(1));
        clock.advance(Duration.ofMinutes(57));
        assertThat(cache.get()).isCompletedWithValue(first);
        assertThat(cache.get()).isCompletedWithValue(first);
        assertThat(requests).hasSize(2);
        requests.get(1).completeExceptionally(new IOException("no answer"));

        clock.advance(Duration.ofMinutes(2).minusMillis(1));
        assertThat(cache.get()).isCompletedWithValue(first);
        clock.advance(Duration.ofMillis(1));
        CompletableFuture<AwsSessionCredentials> waiting = cache.get();
        assertThat(waiting).isNotDone();
        assertThat(requests).hasSize(3);

        AwsSessionCredentials second = credentials(Duration.ofHours(1));
        requests.get(2).complete(second);
        assertThat(waiting).isCompletedWithValue(second);
    }

    @Test
    void asksForCredentialsOfLessThanFiveMinutesOnceASecond() {
        AwsSessionCredentials first = answer(Duration.ofMinutes(4));

        clock.advance(Duration.ofMillis(999));
        assertThat(cache.get()).isCompletedWithValue(first);
        clock.advance(Duration.ofMillis(1));
        assertThat(answer(Duration.ofMinutes(4))).isNotEqualTo(first);
    }

    @Test
    void asksAnewWhereItsClockWasSetBack() {
        cache.get();
        requests.get(0).completeExceptionally(refusal(403));

        clock.advance(Duration.ofDays(-30));
        assertThat(answer(Duration.ofHours(1))).isNotNull();
    }

    @Test
    void beginsAnewWhereARequestWasLostWithItsThreads() {
        CompletableFuture<AwsSessionCredentials> lost = cache.get();
        clock.advance(LIMIT);
        AwsSessionCredentials credentials = answer(Duration.ofHours(1));

        assertThat(lost).isCompletedExceptionally();
        requests.get(0).completeExceptionally(refusal(500));
        assertThat(cache.get()).isCompletedWithValue(credentials);
    }

    @Test
    void asksForNewCredentialsOnceTheyAreMadeToExpireAndKeepsTheOldOnesForThatTime() {
        AwsSessionCredentials credentials = answer(Duration.ofHours(1));

        cache.expire();
        CompletableFuture<AwsSessionCredentials> caller = cache.get();
        assertThat(caller).isNotDone();
        requests.get(1).completeExceptionally(refusal(403));

        assertThat(caller).isCompletedWithValue(credentials);
    }

    @Test
    void letsACallerKeepTheAnswerToARequestThatBeganBeforeTheyWereMadeToExpire() {
        CompletableFuture<AwsSessionCredentials> before = cache.get();
        cache.expire();
        AwsSessionCredentials renewed = answer(Duration.ofHours(1));
        AwsSessionCredentials old = credentials(Duration.ofHours(2));
        requests.get(0).complete(old);

        assertThat(before).isCompletedWithValue(old);
        assertThat(cache.get()).isCompletedWithValue(renewed);
    }

    @Test
    void failsWhereTheSourceThrows() {
        CredentialsCache broken = new CredentialsCache(
                "role alias",
                () -> {
                    throw new IllegalStateException("stopped");
                },
                LIMIT,
                clock);

        assertThatThrownBy(() -> broken.get().join()).hasCauseInstanceOf(IllegalStateException.class);
    }

    private void assertFails(Exception failure) {
        assertThatThrownBy(() -> cache.get().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .hasMessage(failure.getMessage());
    }

    /** Asks, and answers the request. */
    private AwsSessionCredentials answer(Duration lifetime) {
        int before = requests.size();
        CompletableFuture<AwsSessionCredentials> caller = cache.get();
        assertThat(requests).hasSize(before + 1);
        AwsSessionCredentials credentials = credentials(lifetime);
        requests.get(before).complete(credentials);
        assertThat(caller).isCompleted();
        assertThat(cache.get()).isCompletedWithValue(credentials);
        return credentials;
    }

    private AwsSessionCredentials credentials(Duration lifetime) {
        return AwsSessionCredentials.builder()
                .accessKeyId("ASIA" + requests.size())
                .secretAccessKey("secret")
                .sessionToken("token")
                .expirationTime(clock.instant().plus(lifetime))
                .build();
    }

    private static RoleAliasException refusal(Integer status) {
        return new RoleAliasException("HTTP " + status, status, null);
    }
}
