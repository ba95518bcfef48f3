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

/** What is to be done for a connection. Actions are performed one after the other, in the order of their decision. */
public sealed interface ConnectionAction {

    /** Begins an attempt, which leads to one Established or AttemptFailed. */
    record Connect(int number) implements ConnectionAction {}

    /** Ends what is left of an attempt. */
    record GiveUp(int number) implements ConnectionAction {}

    /**
     * Waits, which leads to PauseOver.
     *
     * @param cause why there is no connection; null if the pause only keeps CONNECTs apart
     */
    record Pause(int number, Duration time, Throwable cause) implements ConnectionAction {}

    /**
     * Subscribes to all topic filters on a new connection, which leads to Subscribed, or to Lost.
     *
     * @param again whether there was a connection before
     */
    record Subscribe(int number, boolean again) implements ConnectionAction {}

    /** Publishes on the connection from now on. */
    record Publish(int number) implements ConnectionAction {}

    /** Asks once more for the topic filters that the server has refused: its policy may have been mended. */
    record SubscribeRefused(int number) implements ConnectionAction {}

    /**
     * Closes a connection without a DISCONNECT, and takes back what was not acknowledged on it.
     *
     * @param cause why it is lost
     */
    record Drop(int number, Throwable cause) implements ConnectionAction {}

    /** Closes a connection with a DISCONNECT. */
    record Disconnect(int number) implements ConnectionAction {}

    /**
     * Tells who waits for a connection.
     *
     * @param failure null if there is a connection
     */
    record Answer(List<Integer> waiters, Throwable failure) implements ConnectionAction {}

    /** Fails all that is still to be published, and all that waits for a subscription. */
    record EndTraffic() implements ConnectionAction {}

    /** Ends all that is left; the last action. */
    record Finish() implements ConnectionAction {}
}
