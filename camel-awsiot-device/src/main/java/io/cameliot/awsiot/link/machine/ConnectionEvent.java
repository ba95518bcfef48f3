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

/**
 * What happens to a connection. Its users, timers and sessions report it to the {@link ConnectionMachine}. The number says
 * of which attempt, or of which pause before one: late news of an earlier one changes nothing.
 */
public sealed interface ConnectionEvent {

    /** Someone waits for a connection, and is to hear the outcome of the attempt that is under way or comes next. */
    record Awaited(int waiter) implements ConnectionEvent {}

    /** Someone wants a connection whenever one can be had. */
    record Wanted() implements ConnectionEvent {}

    /** The pause that was asked for is over. */
    record PauseOver(int number) implements ConnectionEvent {}

    /** The server accepted the connection (CONNACK). */
    record Established(int number) implements ConnectionEvent {}

    /** The attempt ended without a connection. */
    record AttemptFailed(int number, Throwable cause) implements ConnectionEvent {}

    /** All SUBSCRIBE packets are answered, whatever the answers are. */
    record Subscribed(int number) implements ConnectionEvent {}

    /** The connection ended, or is not worth keeping. */
    record Lost(int number, Throwable cause) implements ConnectionEvent {}

    /** Some time has passed. */
    record TimePassed() implements ConnectionEvent {}

    /** Nobody uses the connection any more. */
    record Closed() implements ConnectionEvent {}
}
