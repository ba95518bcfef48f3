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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.link.machine.ConnectionState;
import java.time.Instant;

/**
 * A snapshot of a connection.
 *
 * @param state its state
 * @param since when it entered this state
 * @param attempt number of attempts since the last connection
 * @param lastError why the last attempt or connection ended; null if none did
 */
public record ConnectionStatus(ConnectionState state, Instant since, int attempt, Throwable lastError) {

    /** Returns why there is no connection; null if there is one, or if no attempt has failed. */
    public Throwable obstacle() {
        return state == ConnectionState.CONNECTED ? null : lastError;
    }
}
