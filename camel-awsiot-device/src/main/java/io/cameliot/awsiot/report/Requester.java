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

/** Sends requests to a service of AWS IoT and receives the answers. */
@FunctionalInterface
public interface Requester {

    /**
     * Sends a request. Does not block.
     *
     * @param topic topic of the request
     * @return a future that completes on a thread of the pool, which callbacks must not block; it fails, on any thread,
     *     if there was no answer
     */
    CompletableFuture<Answer> send(String topic, byte[] request);

    /**
     * The answer of the service.
     *
     * @param code why the service rejects the request; null if it has accepted it
     * @param message the service's message; null if there is none
     * @param body body of the answer
     */
    record Answer(String code, String message, byte[] body) {

        public boolean isAccepted() {
            return code == null;
        }
    }
}
