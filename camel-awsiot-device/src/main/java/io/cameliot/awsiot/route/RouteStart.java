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
package io.cameliot.awsiot.route;

import io.cameliot.awsiot.link.AwaitConnection;
import io.cameliot.awsiot.settings.ConnectionSettings;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Blocks the start of a route until it is connected. See {@link AwaitConnection}. */
public final class RouteStart {

    private RouteStart() {}

    /**
     * Waits for the connection for at most connectionTimeout and one second.
     *
     * @throws Exception the cause if the future fails, or an {@link IOException} on timeout
     */
    public static void await(CompletableFuture<Void> future, ConnectionSettings settings) throws Exception {
        // The session's own limit is connectionTimeout; the margin covers the hand-over between threads.
        long millis = settings.timing().connectionTimeout().toMillis() + 1_000;
        try {
            future.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new IOException("No connection with " + settings + " within " + millis + " ms", e);
        }
    }
}
