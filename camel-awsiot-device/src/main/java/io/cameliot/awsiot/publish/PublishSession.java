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
 * The publishing side of one MQTT connection. It ends with the connection, and its open messages fail. It is for
 * callers that store their messages themselves and resend them on the next connection.
 */
public interface PublishSession {

    /**
     * Sends a message when the window of messages in flight allows. A message without a PUBACK after {@code
     * connectionTimeout} ends the connection, unless PUBACKs of earlier messages still arrive.
     *
     * @param duplicate whether the message may have been sent before
     * @return completes when the server has acknowledged the message; fails with {@link PublishException} if the
     *     connection ends first or the server refuses the message ({@link PublishException#isRefusal()}). It may
     *     complete on a thread of the MQTT client
     */
    CompletableFuture<PublishReceipt> publish(PublishRequest request, boolean duplicate);

    /**
     * Takes back the messages that were not sent yet, because the window has no room for them. Cancels their futures.
     * Thread-safe.
     */
    void takeBack();
}
