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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The latest refusals and messages of one emulator or of several. Emulators that are given the same log write one
 * account of what happened.
 */
public final class EventLog {
    private static final int CAPACITY = 1_000;
    private static final int PER_SECOND = 200;

    private final EventRing<Refused> refusals = new EventRing<>(CAPACITY, PER_SECOND);
    private final EventRing<Published> messages = new EventRing<>(CAPACITY, PER_SECOND);
    private final List<MessageWatch> watches = new CopyOnWriteArrayList<>();

    /**
     * Returns the refusals: the latest 1,000, and at most 200 of each second.
     *
     * @return the refusals
     */
    public EventRing<Refused> refusals() {
        return refusals;
    }

    /**
     * Returns the messages, from devices and to them: the latest 1,000, and at most 200 of each second.
     *
     * @return the messages
     */
    public EventRing<Published> messages() {
        return messages;
    }

    /**
     * Records a message, for all and for the watches of its topic.
     *
     * @param topic its topic
     * @param message creates the event if it is recorded, more than once if several record it
     */
    public void published(String topic, Supplier<Published> message) {
        messages.record(message);
        for (MessageWatch watch : watches) {
            watch.record(topic, message);
        }
    }

    /**
     * Begins to record the messages of some topics apart from the others.
     *
     * @param topics which; called for each message while the watch is open
     * @return the watch, which its caller closes
     */
    public MessageWatch watch(Predicate<String> topics) {
        MessageWatch watch = new MessageWatch(topics, new EventRing<>(CAPACITY, PER_SECOND), watches::remove);
        watches.add(watch);
        return watch;
    }
}
