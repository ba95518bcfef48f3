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
package io.cameliot.awsiot;

import io.cameliot.common.camel.DynamicSendByHeader;
import io.cameliot.common.camel.EndpointPath;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.annotations.SendDynamic;

/**
 * Lets {@code toD("awsiot-device:${header.topic}?…")} publish to all topics through one endpoint. The topic becomes a
 * header; the rest of the URI is the endpoint's.
 */
@SendDynamic("awsiot-device")
public class AwsIotDeviceSendDynamicAware extends DynamicSendByHeader {

    /** Replaces the topic in the URI of the shared endpoint. */
    private static final String ANY_TOPIC = "dynamic";

    @Override
    protected Optional<Parts> split(String uri) {
        int query = uri.indexOf('?');
        String endpointUri = uri.substring(0, topicStart(uri)) + ANY_TOPIC + (query < 0 ? "" : uri.substring(query));
        return Optional.of(new Parts(endpointUri, EndpointPath.of(uri)));
    }

    /**
     * Returns the index of the topic. As in any URI, two slashes after the scheme do not count; a topic that begins
     * with a slash has three.
     */
    private static int topicStart(String uri) {
        int colon = uri.indexOf(':') + 1;
        return uri.startsWith("//", colon) ? colon + 2 : colon;
    }

    /**
     * Keeps a topic that the message already names, which also overrides the URI of {@code to}. The producer removes
     * the header.
     */
    @Override
    protected void setHeader(Message message, String value) {
        if (message.getHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC) == null) {
            message.setHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC, value);
        }
    }

    /** Removes the topic where the producer has not: a producer that starts at its first message may fail to start. */
    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> sent.getMessage().removeHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC);
    }
}
