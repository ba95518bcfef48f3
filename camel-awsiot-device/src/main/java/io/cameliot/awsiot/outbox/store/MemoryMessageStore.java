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
package io.cameliot.awsiot.outbox.store;

import java.util.ArrayList;
import java.util.List;

/** Stores nothing itself: the caller holds the messages that {@link #append} returns. */
public final class MemoryMessageStore implements MessageStore {

    private long lastNumber;

    private record Held(long number, AcceptedMessage read) implements StoredMessage {}

    @Override
    public List<StoredMessage> recovered() {
        return List.of();
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public List<StoredMessage> append(List<AcceptedMessage> messages) {
        List<StoredMessage> held = new ArrayList<>(messages.size());
        messages.forEach(message -> held.add(new Held(++lastNumber, message)));
        return held;
    }

    @Override
    public void remove(StoredMessage message) {
        // The caller no longer holds it.
    }

    @Override
    public boolean isFlushDue() {
        return false;
    }

    @Override
    public void flush() {
        // There is nothing to write.
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
