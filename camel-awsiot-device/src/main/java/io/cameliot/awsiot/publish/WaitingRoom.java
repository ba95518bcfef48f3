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
 * Limits the memory of the messages that a link has accepted and not finished. No caller waits for room: a message
 * fails if there is none. Thread-safe.
 */
public final class WaitingRoom {

    /** Large enough that only a route that keeps publishing while nothing is sent can fill it. */
    public static final int LARGEST_MEGABYTES = 64;

    private static final long LARGEST_BYTES = LARGEST_MEGABYTES * 1024L * 1024;

    /** The approximate size of a message besides its payload. */
    private static final int OVERHEAD_BYTES = 512;

    private final AtomicLong bytes = new AtomicLong();

    /**
     * Reserves room for a message. Each call must be followed by one of {@link #leave}, even if there is no room.
     *
     * @return the failure if there is no room; null if there is
     */
    public PublishException enter(PublishRequest request) {
        return tryEnter(request)
                ? null
                : new PublishException(
                        request,
                        "more than " + LARGEST_MEGABYTES
                                + " MB of messages wait to be sent. Let the route publish no"
                                + " faster than the connection can, or use option outbox",
                        null);
    }

    /**
     * Reserves room for a message, as {@link #enter} does.
     *
     * @return whether there is room
     */
    public boolean tryEnter(PublishRequest request) {
        return bytes.addAndGet(size(request)) <= LARGEST_BYTES;
    }

    public void leave(PublishRequest request) {
        bytes.addAndGet(-size(request));
    }

    private static long size(PublishRequest request) {
        return OVERHEAD_BYTES + request.payload().length;
    }
}
