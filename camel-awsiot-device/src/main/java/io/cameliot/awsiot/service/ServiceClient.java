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
package io.cameliot.awsiot.service;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.request.RequestManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends the requests of one consumer. They fail when it is closed. */
public final class ServiceClient implements AutoCloseable {

    private final RequestManager<ServiceRequests> manager;
    private final ServiceRequests requests;
    private final Duration timeout;

    /**
     * Creates a client. The caller must {@link #close} it before it releases the connection.
     *
     * @param timeout timeout of a request
     */
    public ServiceClient(RequestManager<ServiceRequests> manager, DeviceConnection connection, Duration timeout) {
        this.manager = manager;
        this.requests = manager.acquire(connection, this);
        this.timeout = timeout;
    }

    /**
     * Sends a request.
     *
     * @return a future as that of {@link ServiceRequests#send}
     * @throws IllegalArgumentException if the service would refuse the body
     */
    public CompletableFuture<ServiceAnswer> send(ServiceCall call, byte[] body) {
        return requests.send(this, call, ServiceBody.of(call, body), timeout);
    }

    @Override
    public void close() {
        manager.release(requests, this);
    }
}
