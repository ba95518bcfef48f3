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

/** A connected client that publishes to one topic. Thread-safe. */
public interface Publisher extends AutoCloseable {

    /**
     * Publishes a message. A blocking client returns when it is done, others at once.
     *
     * @param completion called once, also for a failure
     */
    void publish(byte[] payload, Completion completion);

    /** Called when the caller has no more messages for now. */
    default void flush() {}

    /** Publishes and waits for the acknowledgement, in the cheapest way of this client. */
    default void publishAndWait(byte[] payload) throws Exception {
        BlockingCompletion done = new BlockingCompletion();
        publish(payload, done);
        flush();
        done.await();
    }
}
