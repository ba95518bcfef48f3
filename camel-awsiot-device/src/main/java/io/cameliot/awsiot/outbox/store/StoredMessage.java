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

import java.io.IOException;

/** A message in an outbox. */
public interface StoredMessage {

    /** Returns the position of the message in the order of acceptance. */
    long number();

    /**
     * Reads the message from the store.
     *
     * @throws OutboxException if the store does not hold the message as it was accepted, or this version cannot decode
     *     it: another try would fail as well
     * @throws IOException if the disk fails
     */
    AcceptedMessage read() throws IOException;
}
