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

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of the messages that a link has taken and not done with. No caller waits for room; what comes when it is full
 * fails. Thread-safe.
 */
public final class WaitingRoom {

    /** So much that only a route that goes on publishing while nothing goes out can fill it. */
    private static final long LARGEST_BYTES = 64L * 1024 * 1024;

    /** What a message takes besides its payload, about. */
    private static final int OVERHEAD_BYTES = 512;

    private final AtomicLong bytes = new AtomicLong();

    /**
     * Every call has to be followed by one of {@link #leave}.
     *
     * @return why there is no room for the message; null if there is
     */
    public PublishException enter(PublishRequest request) {
        return bytes.addAndGet(size(request)) <= LARGEST_BYTES
                ? null
                : new PublishException(
                        request,
                        "more than " + (LARGEST_BYTES >> 20)
                                + " MB of messages wait to be sent. Let the route publish no"
                                + " faster than the connection can, or use option outbox",
                        null);
    }

    public void leave(PublishRequest request) {
        bytes.addAndGet(-size(request));
    }

    private static long size(PublishRequest request) {
        return OVERHEAD_BYTES + request.payload().length;
    }
}
