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
package io.cameliot.common.tls;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of the time that one attempt may take. */
final class Deadline {

    private final long endNanos;

    Deadline(Duration duration) {
        this.endNanos = System.nanoTime() + duration.toNanos();
    }

    /**
     * Milliseconds left, at least 1.
     *
     * @throws SocketTimeoutException if none is left
     */
    int remainingMillis() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("The time to connect is over");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }
}
