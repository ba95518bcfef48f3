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
package io.cameliot.awsiot.link.machine;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The memory of a connection between two events.
 *
 * @param step what it waits for
 * @param number number of the latest attempt, or of the pause before the next one; it only grows
 * @param keepsTrying whether it tries again after a failed attempt
 * @param waiters callers that have not been told the outcome of the attempt yet
 * @param askedAt when the topic filters were last sent to the server; null before the first connection
 * @param lastError why the last attempt or connection ended; null if none did
 * @param history the past that decides when to connect again
 */
public record ConnectionMemory(
        ConnectionStep step,
        int number,
        boolean keepsTrying,
        List<Integer> waiters,
        Duration askedAt,
        Throwable lastError,
        ReconnectHistory history) {

    /** The memory of a connection before its first use. */
    public static final ConnectionMemory INITIAL =
            new ConnectionMemory(ConnectionStep.IDLE, 0, false, List.of(), null, null, ReconnectHistory.NONE);

    /**
     * Returns the memory of a connection before its first use whose client identifier was in use before.
     *
     * @param attemptedAt when its latest CONNECT was sent: negative, as this connection did not exist yet
     */
    public static ConnectionMemory connectedBefore(Duration attemptedAt) {
        return INITIAL.with(ReconnectHistory.NONE.attemptedLast(attemptedAt));
    }

    ConnectionMemory at(ConnectionStep next) {
        return new ConnectionMemory(next, number, keepsTrying, waiters, askedAt, lastError, history);
    }

    /** Returns the memory at a step that begins a new attempt or pause. */
    ConnectionMemory atNext(ConnectionStep next) {
        return new ConnectionMemory(next, number + 1, keepsTrying, waiters, askedAt, lastError, history);
    }

    ConnectionMemory trying() {
        return new ConnectionMemory(step, number, true, waiters, askedAt, lastError, history);
    }

    ConnectionMemory awaitedBy(int waiter) {
        return new ConnectionMemory(
                step,
                number,
                keepsTrying,
                Stream.concat(waiters.stream(), Stream.of(waiter)).toList(),
                askedAt,
                lastError,
                history);
    }

    ConnectionMemory answered() {
        return new ConnectionMemory(step, number, keepsTrying, List.of(), askedAt, lastError, history);
    }

    ConnectionMemory asked(Duration now) {
        return new ConnectionMemory(step, number, keepsTrying, waiters, now, lastError, history);
    }

    ConnectionMemory failed(Throwable cause) {
        return new ConnectionMemory(step, number, keepsTrying, waiters, askedAt, cause, history);
    }

    /** Returns the memory after the end of an attempt, however it ended: it may have sent its CONNECT just now. */
    ConnectionMemory attemptEnded(Duration now) {
        return with(history.attemptedLast(now));
    }

    ConnectionMemory with(ReconnectHistory next) {
        return new ConnectionMemory(step, number, keepsTrying, waiters, askedAt, lastError, next);
    }
}
