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
package io.cameliot.awsiot.message;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.camel.PayloadBytes;
import org.apache.camel.Exchange;

/** Converts the body of an exchange to the payload of a message. */
public final class MessagePayload {

    private MessagePayload() {}

    /**
     * Returns the payload.
     *
     * @param what names the message in exceptions, such as "message"
     * @throws IllegalArgumentException if the body cannot be sent or is too large
     */
    public static byte[] of(Exchange exchange, String what) {
        byte[] payload = PayloadBytes.of(exchange, exchange.getMessage().getBody(), what + " body");
        if (payload.length > PublishRequest.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "The " + what + " body has " + payload.length + " bytes: " + PublishRequest.MAX_PAYLOAD);
        }
        return payload;
    }
}
