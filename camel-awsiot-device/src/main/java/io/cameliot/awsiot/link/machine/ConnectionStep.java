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

/** Where a connection stands: what it waits for. */
public enum ConnectionStep {
    /** For someone who wants a connection. */
    IDLE(ConnectionState.IDLE),
    /** For the time of the next CONNECT, because the latest was sent just now. */
    PACING(ConnectionState.CONNECTING),
    /** For the outcome of the attempt that is under way. */
    CONNECTING(ConnectionState.CONNECTING),
    /** For the answers to its SUBSCRIBE packets, before which nothing is published. */
    SUBSCRIBING(ConnectionState.CONNECTED),
    /** For its end. */
    READY(ConnectionState.CONNECTED),
    /** For the time of the next attempt. */
    WAITING(ConnectionState.WAITING),
    /** For nothing more. */
    CLOSED(ConnectionState.CLOSED);

    private final ConnectionState state;

    ConnectionStep(ConnectionState state) {
        this.state = state;
    }

    /** The step as JMX and health checks show it. */
    public ConnectionState state() {
        return state;
    }

    public boolean isConnected() {
        return state == ConnectionState.CONNECTED;
    }
}
