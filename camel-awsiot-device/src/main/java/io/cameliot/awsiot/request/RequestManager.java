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
import io.cameliot.common.camel.MqttThreads;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps one {@link Requests} for all who send requests over one connection. */
public final class RequestManager {

    private final MqttThreads threads;
    private final Map<DeviceConnection, Shared> shared = new HashMap<>(); // guarded by this

    public RequestManager(MqttThreads threads) {
        this.threads = threads;
    }

    /**
     * The requests of this connection. Each call is to be followed by one {@link #release}, before the caller releases the
     * connection.
     */
    public synchronized Requests acquire(DeviceConnection connection, Object sender) {
        Shared of = shared.computeIfAbsent(connection, key -> new Shared(new Requests(key, threads)));
        of.senders.add(sender);
        return of.requests;
    }

    /** Fails what the sender waits for, and ends the subscription to answers with the last of the senders. */
    public void release(Requests requests, Object sender) {
        requests.stop(sender);
        if (isLast(requests, sender)) {
            requests.close();
        }
    }

    private synchronized boolean isLast(Requests requests, Object sender) {
        Shared of = shared.get(requests.connection());
        if (of == null || of.requests != requests || !of.senders.remove(sender) || !of.senders.isEmpty()) {
            return false;
        }
        shared.remove(requests.connection());
        return true;
    }

    /** Fails all requests, whoever waits for them. */
    public void closeAll() {
        Set<Requests> open = new HashSet<>();
        synchronized (this) {
            shared.values().forEach(of -> open.add(of.requests));
            shared.clear();
        }
        open.forEach(Requests::close);
    }

    private static final class Shared {

        private final Requests requests;
        private final Set<Object> senders = new HashSet<>();

        Shared(Requests requests) {
            this.requests = requests;
        }
    }
}
