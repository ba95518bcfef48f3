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

/** A source of messages for a {@link SendWindow}. */
interface MessageSource {

    /**
     * Removes and returns the next message. Called with the lock of the window held, so it must return at once.
     *
     * @param room whether a QoS 1 message may be sent; a QoS 0 message always may
     * @return null if no message may be sent
     */
    Outgoing poll(boolean room);

    /** Called when there is a new connection, after waiting messages were sent on it as far as the window allows. */
    default void opened() {}

    /** Called when the connection has ended, after its messages in flight were given back. */
    default void ended() {}
}
