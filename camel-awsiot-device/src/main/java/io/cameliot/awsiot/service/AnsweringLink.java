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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A link on which answers arrive without a subscription. */
public interface AnsweringLink {

    /**
     * Sends a request.
     *
     * @param payload payload of the request
     * @param timeout timeout of the whole request
     * @return a future that fails as that of {@link ServiceRequests#send} does
     * @throws IllegalArgumentException if this link cannot send the request, or the service would refuse it
     */
    CompletableFuture<ServiceAnswer> request(ServiceCall call, byte[] payload, Duration timeout);
}
