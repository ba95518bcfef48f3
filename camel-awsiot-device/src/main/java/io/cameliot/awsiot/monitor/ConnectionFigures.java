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
package io.cameliot.awsiot.monitor;

import io.cameliot.awsiot.receive.SubscriptionStatus;
import java.util.List;

/** The figures of one connection, which is a service of the Camel context. The names are those of the JMX attributes. */
public interface ConnectionFigures {

    String getEndpoint();

    int getPort();

    /** Returns {@code mqtt}, {@code wss} or {@code https}. */
    String getProtocol();

    String getClientId();

    /** Returns {@code 5} or {@code 3.1.1}; null for HTTPS. */
    String getMqttVersion();

    /** Returns the name of the state; null for HTTPS, which keeps no connection. */
    String getConnectionState();

    /** Returns when the connection entered its state, in ISO 8601; null for HTTPS. */
    String getConnectionStateSince();

    /** Returns the number of attempts since the connection was last up; null for HTTPS. */
    Integer getConnectAttempts();

    /** Returns why the last attempt or connection ended; null if none has. */
    String getLastError();

    long getReconnects();

    int getInFlight();

    int getWaiting();

    int getOutboxDepth();

    int getOutboxWaiting();

    /** Returns the subscriptions in the order of registration; none for HTTPS. */
    List<SubscriptionStatus> subscriptions();
}
