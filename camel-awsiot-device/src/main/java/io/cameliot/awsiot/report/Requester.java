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
package io.cameliot.awsiot.report;

import java.util.concurrent.CompletableFuture;

/** Sends a request to a service of AWS IoT, and hears the answer. */
@FunctionalInterface
public interface Requester {

    /**
     * Returns at once.
     *
     * @param topic of the request
     * @return completes on the client's own threads: hand off, never block there; fails if there was no answer
     */
    CompletableFuture<Answer> send(String topic, byte[] request);

    /**
     * What the service said.
     *
     * @param code why it rejects the request; null if it has accepted it
     * @param message in its own words; null if there are none
     * @param body of the answer
     */
    record Answer(String code, String message, byte[] body) {

        public boolean isAccepted() {
            return code == null;
        }
    }
}
