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
package io.cameliot.azure.dps.transport;

import java.util.concurrent.CompletableFuture;

/**
 * One connection of one device to the service, from dialling to closing. It reports its events as {@link
 * io.cameliot.azure.dps.registration.RegistrationEvent}s, on any thread. No method blocks.
 */
public interface DpsConnection {

    /** Subscribes to the response topics. */
    void subscribe();

    /** Publishes a request with QoS 1. A failure is reported as a lost connection. */
    void publish(String topic, byte[] body);

    /**
     * Closes the connection, or cancels the attempt to connect.
     *
     * @return completes when the connection is closed, after about a second at most, never exceptionally
     */
    CompletableFuture<Void> close();
}
