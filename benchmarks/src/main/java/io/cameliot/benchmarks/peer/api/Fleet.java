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

/** Many identities in one process. Each has a connection that stays open until the end. */
public interface Fleet extends AutoCloseable {

    /** Connects an identity and publishes one message at QoS 1; returns when that is acknowledged. */
    void connect(String identity) throws Exception;

    /** Publishes a message at QoS 1 from a connected identity, without waiting for the result. */
    void publish(String identity, byte[] payload, Completion completion);
}
