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
 * An event of a connection. Users, timers and sessions report it to the {@link ConnectionMachine}. Its number
 * identifies the attempt, or the pause before one. An event with an earlier number changes nothing, except that an
 * Established of an abandoned attempt is disconnected.
 */
public sealed interface ConnectionEvent {

    /** A caller waits for a connection and expects the outcome of the current or next attempt. */
    record Awaited(int waiter) implements ConnectionEvent {}

    /** A caller wants the connection kept up in the background. */
    record Wanted() implements ConnectionEvent {}

    /** The requested pause is over. */
    record PauseOver(int number) implements ConnectionEvent {}

    /** The server accepted the connection (CONNACK). */
    record Established(int number) implements ConnectionEvent {}

    /** The attempt ended without a connection. */
    record AttemptFailed(int number, Throwable cause) implements ConnectionEvent {}

    /** All SUBSCRIBE packets are answered, granted or refused. */
    record Subscribed(int number) implements ConnectionEvent {}

    /** The connection ended, or no longer responds. */
    record Lost(int number, Throwable cause) implements ConnectionEvent {}

    /** Certificates or credentials have changed: the connection is to be made anew with them, now. */
    record ReconnectAsked() implements ConnectionEvent {}

    /** Some time has passed. */
    record TimePassed() implements ConnectionEvent {}

    /** Nobody uses the connection any more. */
    record Closed() implements ConnectionEvent {}
}
