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

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Keeps the messages of an outbox. Not thread-safe. */
public interface MessageStore extends Closeable {

    /** What was kept when the store was opened, in order. */
    List<StoredMessage> recovered();

    /** Whether what is kept is there when the store is opened again. */
    boolean isDurable();

    /**
     * Keeps messages behind all others. When it returns they are as durable as the store makes them; when it fails none
     * of them is kept, and what was kept before still is.
     */
    List<StoredMessage> append(List<AcceptedMessage> messages) throws IOException;

    /** Forgets a message. A durable store does so for good with the next {@link #append} or {@link #flush}. */
    void remove(StoredMessage message);

    /** Whether {@link #flush} has something to do. */
    boolean isFlushDue();

    /** Forgets for good what was removed. */
    void flush() throws IOException;
}
