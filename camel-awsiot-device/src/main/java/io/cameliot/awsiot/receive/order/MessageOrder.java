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
 * The messages that wait for a route, and the order in which they may enter it. Bounded by whoever adds. Knows no threads:
 * the caller guards it.
 *
 * @param <M> a message
 */
public sealed interface MessageOrder<M> permits ArrivalOrder, TopicOrder {

    void add(String topic, M message);

    /** Whether {@link #take} has a message. */
    boolean hasNext();

    /**
     * The next message to enter a route; the caller calls {@link #done} when it has left it.
     *
     * @return null if none can enter now
     */
    M take();

    /** A message of this topic has left its route. */
    void done(String topic);

    /** Forgets messages that wait; those in a route are not affected. */
    void removeIf(Predicate<M> condition);

    /** How many messages wait. */
    int size();
}
