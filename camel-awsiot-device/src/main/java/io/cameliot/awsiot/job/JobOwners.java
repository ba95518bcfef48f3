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
package io.cameliot.awsiot.job;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routes that run jobs, by thing. AWS IoT returns the job in progress to every consumer that asks, so two consumers
 * of one thing would run it twice.
 */
public final class JobOwners {

    private final Map<Owned, Owner> owners = new ConcurrentHashMap<>();

    private record Owned(String endpoint, String thing) {}

    private record Owner(Object consumer, String routeId) {}

    /**
     * Registers the consumer that runs the jobs of a thing, until its release.
     *
     * @param endpoint host name of the device gateway
     * @param routeId id of the consumer's route, for messages
     * @throws IllegalStateException if another consumer is registered
     */
    public void claim(String endpoint, JobTopic topic, Object consumer, String routeId) {
        Owner owner = owners.putIfAbsent(key(endpoint, topic), new Owner(consumer, routeId));
        if (owner != null) {
            throw new IllegalStateException("The jobs of thing '" + topic.thing() + "' are run by route '"
                    + owner.routeId()
                    + "' already: route '" + routeId + "' would run the same ones");
        }
    }

    /** Removes a consumer. Does nothing if another consumer is registered. */
    public void release(String endpoint, JobTopic topic, Object consumer) {
        owners.computeIfPresent(key(endpoint, topic), (key, owner) -> owner.consumer() == consumer ? null : owner);
    }

    private static Owned key(String endpoint, JobTopic topic) {
        return new Owned(endpoint.toLowerCase(Locale.ROOT), topic.thing());
    }
}
