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

import java.util.concurrent.CompletableFuture;

/**
 * The publishing side of one MQTT connection: it ends with the connection, and so does all that was given to it. For
 * callers that keep their messages themselves, and send them again on the next one.
 */
public interface PublishSession {

    /**
     * Sends a message when the window of messages in flight allows. One that is sent and not acknowledged within
     * {@code publishTimeout} ends the connection.
     *
     * @param duplicate whether the message may have been sent before
     * @return completes when the server has acknowledged the message, fails with {@link PublishException} when the
     *     connection ended first, or the server refused the message ({@link PublishException#isRefusal()}); on a client's
     *     own thread
     */
    CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate);
}
