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
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The order of arrival within each topic, with one message of a topic in a route at a time. Topics take turns, so that
 * many messages of one topic do not block the others. A topic is stored only while it has messages.
 */
public final class TopicOrder<M> implements MessageOrder<M> {

    private final Map<String, Topic<M>> topics = new HashMap<>();
    /** Topics with waiting messages and none in a route. */
    private final Deque<Topic<M>> ready = new ArrayDeque<>();

    private int size;

    @Override
    public void add(String name, M message) {
        Topic<M> topic = topics.computeIfAbsent(name, unknown -> new Topic<>());
        topic.waiting.addLast(message);
        size++;
        if (!topic.inRoute && topic.waiting.size() == 1) {
            ready.addLast(topic);
        }
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty();
    }

    @Override
    public M take() {
        Topic<M> topic = ready.pollFirst();
        if (topic == null) {
            return null;
        }
        topic.inRoute = true;
        size--;
        return topic.waiting.removeFirst();
    }

    @Override
    public void done(String name) {
        Topic<M> topic = topics.get(name);
        topic.inRoute = false;
        if (topic.waiting.isEmpty()) {
            topics.remove(name);
        } else {
            ready.addLast(topic);
        }
    }

    @Override
    public void removeIf(Predicate<M> condition) {
        size = 0;
        for (Iterator<Topic<M>> all = topics.values().iterator(); all.hasNext(); ) {
            Topic<M> topic = all.next();
            topic.waiting.removeIf(condition);
            size += topic.waiting.size();
            if (topic.waiting.isEmpty()) {
                ready.remove(topic);
                if (!topic.inRoute) {
                    all.remove();
                }
            }
        }
    }

    @Override
    public int size() {
        return size;
    }

    private static final class Topic<M> {

        private final Deque<M> waiting = new ArrayDeque<>(1);
        private boolean inRoute;
    }
}
