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
package io.cameliot.awsiot.request;

import io.cameliot.awsiot.link.DeviceConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps one {@link AnsweredRequests} per connection and shares it among all senders.
 *
 * @param <R> the type of the requests
 */
public final class RequestManager<R extends AnsweredRequests<?>> {

    private final Function<DeviceConnection, R> factory;
    private final Map<DeviceConnection, Shared<R>> shared = new HashMap<>(); // guarded by this

    public RequestManager(Function<DeviceConnection, R> factory) {
        this.factory = factory;
    }

    /**
     * Returns the requests of a connection. The caller must call {@link #release} once for each call, before it
     * releases the connection.
     */
    public synchronized R acquire(DeviceConnection connection, Object sender) {
        Shared<R> of = shared.computeIfAbsent(connection, key -> new Shared<>(factory.apply(key)));
        of.senders.add(sender);
        return of.requests;
    }

    /** Fails the requests of a sender. The last sender's release also ends the subscriptions to answers. */
    public void release(R requests, Object sender) {
        requests.stop(sender);
        if (isLast(requests, sender)) {
            requests.close();
        }
    }

    private synchronized boolean isLast(R requests, Object sender) {
        Shared<R> of = shared.get(requests.connection());
        if (of == null || of.requests != requests || !of.senders.remove(sender) || !of.senders.isEmpty()) {
            return false;
        }
        shared.remove(requests.connection());
        return true;
    }

    /** Fails all requests of all senders. */
    public void closeAll() {
        Set<R> open = new HashSet<>();
        synchronized (this) {
            shared.values().forEach(of -> open.add(of.requests));
            shared.clear();
        }
        open.forEach(AnsweredRequests::close);
    }

    private static final class Shared<R> {

        private final R requests;
        private final Set<Object> senders = new HashSet<>();

        Shared(R requests) {
            this.requests = requests;
        }
    }
}
