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
import java.util.function.Consumer;

/** Receives the messages that a consumer has subscribed to. */
public interface Intake {

    /**
     * Accepts a message. Called on threads of the MQTT client; must return at once.
     *
     * @return false if it was dropped
     */
    boolean offer(InboundDelivery delivery);

    /** Called when the server has granted the subscription, for the first time or after a reconnect. */
    default void subscribed() {}

    /** Returns why AWS IoT refuses what this needs beside the subscription; null if it does not. */
    default Throwable refusal() {
        return null;
    }

    /** Passes no more messages to the route until {@link #resume}. Messages already in the route continue. */
    void pause();

    void resume();

    /**
     * Accepts no more messages, and lets the route finish those that wait.
     *
     * @return completes when all messages are done
     */
    CompletableFuture<Void> close();

    /**
     * Accepts no more messages, and discards those that wait and that the server still has, without a call of {@link
     * InboundDelivery#done} or {@link InboundDelivery#withdrawn}. {@link #close} lets the route finish the others.
     */
    void leave();

    /**
     * Accepts no more messages and discards those that wait. Messages already in the route continue.
     *
     * @param discarded called for each discarded message that is not done
     * @return number of discarded messages
     */
    int clear(Consumer<InboundDelivery> discarded);

    /** Releases all messages that are not done. This is the last call. */
    default void end() {}
}
