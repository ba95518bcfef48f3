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

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.common.mqtt.session.InboundMessage;
import org.apache.camel.Message;

/** Converts received messages to messages of an exchange. */
public final class ArrivedMessage {

    private ArrivedMessage() {}

    /**
     * Sets body and headers.
     *
     * @param redelivered whether a route got the message before
     */
    public static void fill(Message message, InboundMessage arrived, boolean redelivered) {
        message.setBody(arrived.payload());
        message.setHeader(AwsIotDeviceConstants.TOPIC, arrived.topic());
        message.setHeader(AwsIotDeviceConstants.QOS, arrived.qos());
        message.setHeader(AwsIotDeviceConstants.RETAINED, arrived.retained());
        message.setHeader(AwsIotDeviceConstants.DUPLICATE, arrived.duplicate() || redelivered);
        message.setHeader(AwsIotDeviceConstants.MESSAGE_ID, arrived.packetId());
        message.setHeader(AwsIotDeviceConstants.CLIENT_ID, arrived.session().clientId());
        MessagePropertyHeaders.write(arrived.properties(), message);
    }

    /** Replaces the request with its answer. Keeps the other headers of the route. */
    public static void answer(Message message, InboundMessage answer) {
        MessagePropertyHeaders.NAMES.forEach(message::removeHeader);
        fill(message, answer, false);
        // The component created the correlation data; it has no meaning for the route.
        message.removeHeader(AwsIotDeviceConstants.CORRELATION_DATA);
    }
}
