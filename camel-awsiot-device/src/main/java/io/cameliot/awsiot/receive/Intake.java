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
package io.cameliot.awsiot.receive;

import java.util.concurrent.CompletableFuture;

/** What becomes of the messages that a consumer has subscribed to. */
public interface Intake {

    /**
     * Takes a message. Called on the client's own threads; returns at once.
     *
     * @return false if it was dropped
     */
    boolean offer(InboundDelivery delivery);

    /** The server has granted the subscription, for the first time or on the next connection. */
    default void subscribed() {}

    /** Gives the route nothing more until {@link #resume}; what is on its way goes on. */
    void pause();

    void resume();

    /**
     * Takes no more messages, and lets the route finish what waits.
     *
     * @return completes when all is done
     */
    CompletableFuture<Void> close();

    /**
     * Takes no more messages and forgets those that wait, but for what is on its way.
     *
     * @return how many it forgot
     */
    int clear();

    /** Lets go of all that is not done; the last call. */
    default void end() {}
}
