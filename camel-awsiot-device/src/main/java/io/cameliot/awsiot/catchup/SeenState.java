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
 * Remembers which events a route got, so that it gets none twice and none that is older. Knows no network and no clock.
 * Safe for several threads.
 */
interface SeenState {

    /**
     * Writes the present state as an event.
     *
     * @param answer of the service
     * @return null if the state has nothing that an event tells of
     */
    JsonNode event(JsonNode answer);

    /**
     * Decides whether a route gets an event, and remembers it if so.
     *
     * @param event from the service, or made of the present state
     * @return false if the route got it before, or something newer
     */
    boolean isNews(JsonNode event);
}
