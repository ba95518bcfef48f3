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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** The order of arrival. The caller takes the next message when it is done with the previous one. */
public final class ArrivalOrder<M> implements MessageOrder<M> {

    private final Deque<M> waiting = new ArrayDeque<>();

    @Override
    public void add(String topic, M message) {
        waiting.addLast(message);
    }

    @Override
    public boolean hasNext() {
        return !waiting.isEmpty();
    }

    @Override
    public M take() {
        return waiting.pollFirst();
    }

    @Override
    public void done(String topic) {
        // The next message may enter independent of its topic.
    }

    @Override
    public void removeIf(Predicate<M> condition) {
        waiting.removeIf(condition);
    }

    @Override
    public int size() {
        return waiting.size();
    }
}
