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
package io.cameliot.awsiot.publish;

/** Where a {@link SendWindow} takes what it sends next. */
interface MessageSource {

    /**
     * Takes out the next message. Called with the lock of the window held, so it returns at once.
     *
     * @param room whether a message of QoS 1 may go out; one of QoS 0 always may
     * @return null if there is none that may
     */
    Outgoing poll(boolean room);

    /** There is a new connection, and what waits has been sent on it as far as there was room. */
    default void opened() {}

    /** The connection has ended, and what was in flight on it has been given back. */
    default void ended() {}
}
