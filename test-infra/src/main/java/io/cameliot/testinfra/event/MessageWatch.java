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
package io.cameliot.testinfra.event;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The latest messages of some topics. It samples these alone, so that a message of a quiet topic is not lost among those of
 * busy ones.
 */
public final class MessageWatch implements AutoCloseable {
    private final Predicate<String> topics;
    private final EventRing<Published> messages;
    private final Consumer<MessageWatch> onClose;

    MessageWatch(Predicate<String> topics, EventRing<Published> messages, Consumer<MessageWatch> onClose) {
        this.topics = topics;
        this.messages = messages;
        this.onClose = onClose;
    }

    void record(String topic, Supplier<Published> message) {
        if (topics.test(topic)) {
            messages.record(message);
        }
    }

    /**
     * Returns the messages since the watch began: the latest 1,000, and at most 200 of each second.
     *
     * @return the messages of these topics
     */
    public EventRing<Published> messages() {
        return messages;
    }

    /** Ends the watch. */
    @Override
    public void close() {
        onClose.accept(this);
    }
}
