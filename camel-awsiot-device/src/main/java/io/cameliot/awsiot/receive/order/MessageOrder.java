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
package io.cameliot.awsiot.receive.order;

import java.util.function.Predicate;

/**
 * The messages that wait for a route, and the order in which they may enter it. The caller limits their number. Not
 * thread-safe: the caller guards it.
 *
 * @param <M> a message
 */
public sealed interface MessageOrder<M> permits ArrivalOrder, TopicOrder {

    void add(String topic, M message);

    /** Returns whether {@link #take} has a message. */
    boolean hasNext();

    /**
     * Removes and returns the next message to enter a route. The caller calls {@link #done} when the message has left
     * it.
     *
     * @return null if none can enter now
     */
    M take();

    /** Records that a message of this topic has left its route. */
    void done(String topic);

    /** Removes waiting messages. Messages in a route are not affected. */
    void removeIf(Predicate<M> condition);

    /** Returns the number of waiting messages. */
    int size();
}
