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

import io.cameliot.awsiot.failure.ConnectHints;
import io.cameliot.awsiot.link.AwaitConnection;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.transport.TlsConnectException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Blocks the start of a route until it is connected. See {@link AwaitConnection}. Each method waits for at most
 * connectionTimeout and five seconds.
 */
public final class RouteStart {

    /**
     * Milliseconds beyond the session's own limit, which is connectionTimeout: up to 3 s for the end of the connection
     * before, up to 1 s between two CONNECTs, and the hand-over between threads.
     */
    private static final long MARGIN = 5_000;

    private RouteStart() {}

    /**
     * Waits for the connection.
     *
     * @throws Exception the reason why there is none
     */
    public static void awaitConnected(DeviceLink link) throws Exception {
        await(link.connected(), link, "No connection with " + link.settings());
    }

    /**
     * Waits for a connection with the present certificates and credentials.
     *
     * @throws Exception the reason why there is none
     */
    public static void awaitReconnected(DeviceLink link) throws Exception {
        await(link.reconnect(), link, "No new connection with " + link.settings());
    }

    /**
     * Waits until the server has granted a subscription.
     *
     * @throws Exception the reason why it has not
     */
    public static void awaitGranted(CompletableFuture<Void> granted, String filter, DeviceLink link) throws Exception {
        try {
            await(granted, link, "No subscription to topic filter '" + filter + "' for " + link.settings());
        } catch (TlsConnectException e) {
            throw ConnectHints.notGranted(e, link.settings(), filter);
        }
    }

    private static void await(CompletableFuture<Void> future, DeviceLink link, String missing) throws Exception {
        long millis = link.settings().timing().connectionTimeout().toMillis() + MARGIN;
        try {
            future.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            String late = missing + " within " + millis + " ms";
            // The connection waits for its next attempt, for up to reconnectMaxDelay.
            Throwable obstacle = link.obstacle();
            throw obstacle == null
                    ? new IOException(late, e)
                    : new IOException(late + ": " + FailureText.of(obstacle), obstacle);
        }
    }
}
