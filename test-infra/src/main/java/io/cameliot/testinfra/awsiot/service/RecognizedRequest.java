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
package io.cameliot.testinfra.awsiot.service;

import java.util.Optional;
import java.util.function.Function;

/** A device's request whose topic has been parsed. */
interface RecognizedRequest {
    /**
     * A limit on the requests of one connection that are in flight.
     *
     * @param subject the subject by which the requests are counted
     * @param most the maximum number of requests in flight with the same subject
     * @param exceeded rejects a request that exceeds the limit
     */
    record Limit(String subject, int most, Function<byte[], ServiceReply> exceeded) {}

    /** The limit on requests of this kind; empty if there is none. */
    default Optional<Limit> limit() {
        return Optional.empty();
    }

    /** Performs the request. */
    ServiceReply handle(byte[] payload);

    /** Rejects the request for a test. */
    ServiceReply reject(byte[] payload, String code, String message);
}
