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
package io.cameliot.awsiot.connection;

import java.util.Map;

/**
 * The MQTT 5 properties that the HTTPS publish operation takes; every part may be null.
 *
 * @param contentType MIME type of the payload
 * @param responseTopic topic for an answer
 * @param messageExpirySeconds seconds after which the server drops the message
 * @param userProperties name and value pairs
 * @param payloadFormatIndicator {@code UNSPECIFIED_BYTES} or {@code UTF8_DATA}
 * @param correlationData what an answer is to repeat
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html">AWS IoT data plane API,
 *     Publish</a>
 */
public record MessageProperties(
        String contentType,
        String responseTopic,
        Long messageExpirySeconds,
        Map<String, String> userProperties,
        String payloadFormatIndicator,
        byte[] correlationData) {

    public static final MessageProperties NONE = new MessageProperties(null, null, null, null, null, null);
}
