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

/** The step of a connection: what it waits for. */
public enum ConnectionStep {
    /** Waits for a user. */
    IDLE(ConnectionState.IDLE),
    /** Waits until the next CONNECT may be sent, because the latest one was sent just now. */
    PACING(ConnectionState.CONNECTING),
    /** Waits for the outcome of the current attempt. */
    CONNECTING(ConnectionState.CONNECTING),
    /** Waits for the answers to its SUBSCRIBE packets. Nothing is published before them. */
    SUBSCRIBING(ConnectionState.CONNECTED),
    /** Publishes and receives until the connection ends. */
    READY(ConnectionState.CONNECTED),
    /** Waits until the next attempt is due. */
    WAITING(ConnectionState.WAITING),
    /** Closed for good. */
    CLOSED(ConnectionState.CLOSED);

    private final ConnectionState state;

    ConnectionStep(ConnectionState state) {
        this.state = state;
    }

    /** Returns the state that JMX and health checks show for this step. */
    public ConnectionState state() {
        return state;
    }

    public boolean isConnected() {
        return state == ConnectionState.CONNECTED;
    }
}
