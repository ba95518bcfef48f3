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

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishReceipt;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.settings.ConnectionSettings;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A link to AWS IoT Core for one identity, independent of the protocol. */
public interface DeviceLink {

    ConnectionSettings settings();

    ConnectionCounters counters();

    /** Connects where the protocol has a connection to keep. Fails with the reason. */
    CompletableFuture<Void> connected();

    /** Connects in the background where the protocol has a connection to keep, until the link is closed. */
    void keepConnected();

    /**
     * Lets all further messages go over connections with the certificates and credentials as they now are.
     *
     * @return completes when there is such a connection, where the protocol keeps one; fails with the reason
     */
    CompletableFuture<Void> reconnect();

    /**
     * Publishes a message.
     *
     * @return completes when the server has accepted the message; fails with {@link PublishException}. It may complete
     *     on a thread of the HTTP or MQTT client
     */
    CompletableFuture<PublishReceipt> publish(PublishRequest request);

    /** Returns why there is no connection; null if there is one, if no attempt has failed, or if the protocol keeps none. */
    Throwable obstacle();

    /**
     * Returns when the latest CONNECT with this client identifier was sent, by this link or its {@link Predecessor}, as
     * {@link System#nanoTime()}; empty if none was, or if the protocol has none.
     */
    OptionalLong lastConnect();

    /**
     * Closes for good.
     *
     * @return completes within a few seconds, never exceptionally
     */
    CompletableFuture<Void> close();
}
