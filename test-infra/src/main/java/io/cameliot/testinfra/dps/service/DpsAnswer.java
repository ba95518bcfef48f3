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
package io.cameliot.testinfra.dps.service;

import io.cameliot.testinfra.event.AzureRule;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The service's answer to a request.
 *
 * @param status the status in the topic, an HTTP status code
 * @param retryAfter seconds of {@code retry-after} in the topic; empty omits it
 * @param body the JSON body
 * @param reason the reason for a refusal, for the test's author and not for the device; empty if the request was
 *     accepted
 * @param rule the rule that the device has broken; empty if the request was accepted
 */
public record DpsAnswer(int status, OptionalInt retryAfter, String body, String reason, Optional<AzureRule> rule) {

    /**
     * Creates an answer that refuses nothing.
     *
     * @param status the status in the topic
     * @param retryAfter seconds of {@code retry-after} in the topic; empty omits it
     * @param body the JSON body
     * @return the answer
     */
    static DpsAnswer of(int status, OptionalInt retryAfter, String body) {
        return new DpsAnswer(status, retryAfter, body, "", Optional.empty());
    }
}
