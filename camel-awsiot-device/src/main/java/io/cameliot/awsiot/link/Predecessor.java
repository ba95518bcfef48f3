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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.link.machine.ReconnectHistory;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The link that had the client identifier before. AWS IoT Core takes both for one client, so the next link keeps to the
 * limits of a client.
 *
 * @param closed completes when it is closed, never exceptionally. A CONNECT before that would be a takeover, and the
 *     server would publish the last will
 * @param lastConnect when the latest CONNECT was sent, as {@link System#nanoTime()}; empty if none was
 */
public record Predecessor(CompletableFuture<Void> closed, OptionalLong lastConnect) {

    /** No link had the client identifier before. */
    public static final Predecessor NONE =
            new Predecessor(CompletableFuture.completedFuture(null), OptionalLong.empty());

    /** Returns whether it holds up no CONNECT any more. */
    boolean isOver() {
        return closed.isDone()
                && (lastConnect.isEmpty()
                        || System.nanoTime() - lastConnect.getAsLong() >= ReconnectHistory.CONNECT_SPACING.toNanos());
    }
}
