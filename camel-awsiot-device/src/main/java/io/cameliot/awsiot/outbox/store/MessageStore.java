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

/** Stores the messages of an outbox. Not thread-safe. */
public interface MessageStore extends Closeable {

    /** Returns the messages that were in the store when it was opened, in order. Only the first call returns them. */
    List<StoredMessage> recovered();

    /** Returns whether the messages are still there when the store is opened again. */
    boolean isDurable();

    /**
     * Stores messages after all others. When this returns, they are as durable as the store makes them. When it fails,
     * none of them is stored, and earlier messages are unaffected.
     */
    List<StoredMessage> append(List<AcceptedMessage> messages) throws IOException;

    /** Deletes a message. A durable store writes the deletion with the next {@link #append} or {@link #flush}. */
    void remove(StoredMessage message);

    /** Returns whether {@link #flush} has something to write. */
    boolean isFlushDue();

    /** Makes the deletions durable. */
    void flush() throws IOException;
}
