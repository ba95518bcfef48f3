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
package io.cameliot.awsiot.link.machine;

import java.time.Duration;
import java.util.List;

/** An action for a connection to perform. Actions are performed one after the other, in the order of their decision. */
public sealed interface ConnectionAction {

    /** Begins an attempt. Exactly one Established or AttemptFailed follows. */
    record Connect(int number) implements ConnectionAction {}

    /** Cancels an attempt and closes its session, if any. */
    record GiveUp(int number) implements ConnectionAction {}

    /**
     * Waits. PauseOver follows.
     *
     * @param cause why there is no connection; null if the pause only keeps CONNECTs apart
     */
    record Pause(int number, Duration time, Throwable cause) implements ConnectionAction {}

    /**
     * Subscribes to all topic filters on a new connection. Subscribed or Lost follows.
     *
     * @param again whether there was a connection before
     */
    record Subscribe(int number, boolean again) implements ConnectionAction {}

    /** Publishes on the connection from now on. */
    record Publish(int number) implements ConnectionAction {}

    /** Subscribes again to the topic filters that the server has refused, because its policy may have changed. */
    record SubscribeRefused(int number) implements ConnectionAction {}

    /**
     * Closes a connection without a DISCONNECT and takes back its unacknowledged messages.
     *
     * @param cause why it was lost
     */
    record Drop(int number, Throwable cause) implements ConnectionAction {}

    /**
     * Takes back the unacknowledged messages of a connection that is still open. Nothing more is sent on it.
     *
     * @param cause why it ends
     */
    record HoldTraffic(Throwable cause) implements ConnectionAction {}

    /** Closes a connection with a DISCONNECT. */
    record Disconnect(int number) implements ConnectionAction {}

    /**
     * Completes the futures of the waiters.
     *
     * @param failure null if there is a connection
     */
    record Answer(List<Integer> waiters, Throwable failure) implements ConnectionAction {}

    /** Fails all messages that are not yet published and all waiting subscriptions. */
    record EndTraffic() implements ConnectionAction {}

    /** Releases what the connection still holds. This is the last action. */
    record Finish() implements ConnectionAction {}
}
