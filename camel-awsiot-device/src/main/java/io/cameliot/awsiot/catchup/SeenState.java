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
package io.cameliot.awsiot.catchup;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Remembers the events that a route got, so that it gets no event twice and no older one. Does not depend on the
 * network or a clock. Safe for several threads.
 */
interface SeenState {

    /**
     * Converts the current state to an event.
     *
     * @param answer the service's answer
     * @return null if the state contains nothing for an event
     */
    JsonNode event(JsonNode answer);

    /**
     * Decides whether a route gets an event, and remembers it if so.
     *
     * @param event an event from the service, or one made from the current state
     * @return false if the route got this event or a newer one before
     */
    boolean isNews(JsonNode event);
}
