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
package io.cameliot.benchmarks.peer.api;

/** Receives the result of one message, on any thread of the client. */
@FunctionalInterface
public interface Completion {

    /**
     * The message is done: written (QoS 0), acknowledged (QoS 1) or answered (HTTPS).
     *
     * @param failure null on success
     */
    void done(Throwable failure);
}
