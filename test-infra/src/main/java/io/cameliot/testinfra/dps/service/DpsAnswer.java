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

import java.util.OptionalInt;

/**
 * What the service answers to a request.
 *
 * @param status the status of the topic, in the manner of HTTP
 * @param retryAfter the {@code retry-after} of the topic, in seconds; nothing leaves it out
 * @param body the JSON body
 * @param reason why the service refused, in words for the test's author; empty when it did not. The device is not told
 */
public record DpsAnswer(int status, OptionalInt retryAfter, String body, String reason) {}
